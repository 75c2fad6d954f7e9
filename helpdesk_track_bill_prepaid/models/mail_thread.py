from odoo import api, models


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def message_process(self, *args, **kwargs):
        """What a mail brings is saved, covered or not (D4)."""
        by_mail = self.with_context(track_bill_by_mail=True)
        return super(MailThread, by_mail).message_process(*args, **kwargs)
