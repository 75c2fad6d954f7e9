from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    allow_self_approval = fields.Boolean(
        "Approve Own Time",
        help="Reviewers may approve the time that they logged themselves.",
    )

    def _get_today(self):
        """The company's day, wherever the user and the server are.

        The user's, where the company has no time zone.
        """
        self.ensure_one()
        # sudo: agents may not read the company's contact
        timezone = self.sudo().partner_id.tz or self.env.user.tz
        return fields.Date.context_today(self.with_context(tz=timezone))
