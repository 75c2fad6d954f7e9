from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    allow_self_approval = fields.Boolean(
        "Approve Own Time",
        help="Reviewers may approve the time that they logged themselves.",
    )

    def _get_today(self):
        """The day in the time zone of the company's working schedule.

        Wherever the user and the server are; the user's, where there is none.
        """
        self.ensure_one()
        # sudo: agents may not read the schedule of every company
        timezone = self.sudo().resource_calendar_id.tz or self.env.user.tz
        return fields.Date.context_today(self.with_context(tz=timezone))
