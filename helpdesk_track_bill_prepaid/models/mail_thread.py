from odoo import api, models

from .account_analytic_line import BY_MAIL, BY_MAIL_KEY


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_process(self, *args, **kwargs):
        """What a mail brings is saved, covered or not (D4)."""
        by_mail = self.with_context(**{BY_MAIL_KEY: BY_MAIL})
        return super(MailThread, by_mail).message_process(*args, **kwargs)
