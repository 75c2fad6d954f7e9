from odoo import fields, models
from odoo.exceptions import UserError

from ..models.account_analytic_line import REASON_KEY


class HelpdeskTimeDecision(models.TransientModel):
    _name = "helpdesk.time.decision"
    _description = "Decide about Time to Bill"

    entry_ids = fields.Many2many(
        "account.analytic.line", string="Time Entries", required=True
    )
    decision = fields.Selection(
        [
            ("reject", "Reject"),
            ("hours", "Set hours to bill"),
            ("no_charge", "Do not charge"),
            ("hold", "Hold back"),
        ],
        required=True,
        default="reject",
    )
    hours = fields.Float("Hours to Bill", help="Hours to bill of each entry.")
    no_charge_reason_id = fields.Many2one("helpdesk.no.charge.reason", "No Charge")
    invoice_from = fields.Date("Hold Back Until")
    reason = fields.Char()

    def action_apply(self):
        """Write the decision on the entries (W4, W5, BP1, BP4).

        :raises UserError: where a reason is missing
        """
        self.ensure_one()
        if self.decision in ("reject", "hours"):
            self.entry_ids._check_reason(self.reason)
        if self.decision == "no_charge" and not self.no_charge_reason_id:
            raise UserError(
                self.env._(
                    "Time is not charged for a reason: choose one under No Charge."
                )
            )
        values = {
            "reject": {"review_state": "rejected"},
            "hours": {},
            "no_charge": {"no_charge_reason_id": self.no_charge_reason_id.id},
            "hold": {"invoice_from": self.invoice_from},
        }[self.decision]
        entries = self.entry_ids
        if self.decision == "reject":
            entries = entries.filtered("review_state")
        if self.decision == "hold":
            # for the history only: hours set by hand keep their reason
            entries = entries.with_context(**{REASON_KEY: self.reason})
        else:
            values["review_reason"] = self.reason
        if self.decision == "hours":
            for alike in entries.grouped("product_uom_id").values():
                hours = alike[:1]._convert_from_hours(self.hours)
                alike.write({**values, "unit_amount_rounded": hours})
        else:
            entries.write(values)
        return {"type": "ir.actions.act_window_close"}
