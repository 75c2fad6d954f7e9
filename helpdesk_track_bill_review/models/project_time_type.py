from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ProjectTimeType(models.Model):
    """Kinds of work; OCA's 18.0 ``hr_timesheet_time_type`` had this name and table."""

    _name = "project.time.type"
    _description = "Kind of Work"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char()
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    factor = fields.Float(
        default=1.0,
        digits=(16, 4),
        help="Hours to bill for an hour worked: 1.5 bills 1:30.",
    )
    billing_minimum = fields.Float(
        "Minimum",
        help="Hours that a time entry of this kind is billed at least.",
    )
    charge = fields.Selection(
        [
            ("charge", "Charged"),
            ("show", "Not charged, shown at 0"),
            ("hide", "Not charged, not shown"),
        ],
        default="charge",
        required=True,
        help="What customers see of it on invoices and in the portal.",
    )

    @api.constrains("factor", "billing_minimum")
    def _check_terms(self):
        """Rule W2: factors and minimums are numbers, and not below nothing."""
        for kind in self:
            if not 0 <= kind.factor <= 100 or not 0 <= kind.billing_minimum <= 24:
                raise ValidationError(
                    self.env._(
                        "The kind of work %(kind)s bills neither less than nothing nor"
                        " without end: enter a factor of 0 to 100 and a minimum of 0 to"
                        " 24 hours.",
                        kind=kind.name,
                    )
                )

    def write(self, vals):
        """What was saved is decided by the terms that it was saved under (W2)."""
        self.env["account.analytic.line"]._decide_saved()
        return super().write(vals)
