from odoo import api, fields, models
from odoo.exceptions import ValidationError

MOST_HOURS = 24


class HelpdeskBillingTerms(models.AbstractModel):
    _name = "helpdesk.billing.terms"
    _description = "Billing Terms"

    billing_step = fields.Float(
        help="Hours that are billed whole: 0:15 bills quarters of an hour."
        " 0:00: time is billed as it was worked.",
    )
    billing_rounding = fields.Selection(
        [("up", "Up"), ("nearest", "Nearest"), ("down", "Down")],
        default="up",
        help="Which multiple of the step is billed.",
    )
    billing_minimum = fields.Float(
        help="Hours that a time entry is billed at least.",
    )

    @api.constrains("billing_step", "billing_minimum")
    def _check_billing_terms(self):
        """Terms that nobody can mean would spoil every bill (W2)."""
        for record in self:
            for hours in (record.billing_step, record.billing_minimum):
                # no number is not within either
                if not 0 <= hours <= MOST_HOURS:
                    raise ValidationError(
                        self.env._(
                            "Billing Step and Minimum of %(name)s are hours of one"
                            " time entry: enter 0 to 24 hours.",
                            name=record.display_name,
                        )
                    )
