from odoo import api, fields, models
from odoo.exceptions import UserError


class HelpdeskTimeChange(models.Model):
    """What people decided about the billing of time: kept for good (W4).

    Rows are created as superuser by what they tell of; nobody has more than the right
    to read them. They outlive the entry.
    """

    _name = "helpdesk.time.change"
    _description = "Change of Time to Bill"
    _order = "id desc"

    entry_id = fields.Many2one(
        "account.analytic.line",
        "Time Entry",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        index="btree_not_null",
        ondelete="set null",
        readonly=True,
    )
    team_id = fields.Many2one(
        "helpdesk.ticket.team", ondelete="set null", readonly=True
    )
    company_id = fields.Many2one("res.company", readonly=True, index=True)
    description = fields.Char(readonly=True, help="The time entry as it was.")
    changed = fields.Selection(
        [
            ("hours", "Hours to Bill"),
            ("no_charge", "No Charge"),
            ("review", "Review"),
            ("hold", "Hold Back Until"),
            ("question", "Customer's Question"),
        ],
        readonly=True,
        required=True,
    )
    old_value = fields.Char(readonly=True)
    new_value = fields.Char(readonly=True)
    reason = fields.Char(readonly=True)
    create_uid = fields.Many2one("res.users", "By", readonly=True)
    create_date = fields.Datetime("On", readonly=True)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self._get_refusal())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self._get_refusal())

    def _get_refusal(self):
        return self.env._(
            "What was decided about time to bill stays in its history: decide anew"
            " instead of changing it."
        )
