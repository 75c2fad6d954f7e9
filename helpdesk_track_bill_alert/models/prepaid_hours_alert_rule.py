from odoo import api, fields, models
from odoo.exceptions import ValidationError

KINDS = [
    ("hours", "Hours left"),
    ("percent", "Percent left"),
    ("ends", "Last day is near"),
    ("overrun", "More used than bought"),
    ("unpaid", "Used but not paid"),
]
# what a company starts with (AL1)
FIRST_RULES = (
    {"kind": "percent", "limit_percent": 20},
    {"kind": "ends", "limit_days": 14},
    {"kind": "overrun"},
    {"kind": "unpaid", "notify_customer": False},
)
# what decides whom a rule speaks of
LOOKED_AT = {
    "active",
    "company_id",
    "kind",
    "limit_days",
    "limit_hours",
    "limit_percent",
    "scope",
}


class PrepaidHoursAlertRule(models.Model):
    """When somebody is told of prepaid hours, and who (AL1)."""

    _name = "prepaid.hours.alert.rule"
    _description = "Rule for Alerts of Prepaid Hours"
    _order = "company_id, kind, id"

    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env.company,
    )
    kind = fields.Selection(KINDS, "When", required=True, default="percent")
    limit_hours = fields.Float("Less Than (Hours)", default=2.0)
    limit_percent = fields.Float("Less Than (%)", default=20.0)
    limit_days = fields.Integer("Days Before", default=14)
    scope = fields.Selection(
        [("customer", "All hours of the customer"), ("block", "Each block of hours")],
        "For",
        required=True,
        default="customer",
        help="With all hours of the customer, a nearly empty block beside a full one"
        " stays quiet.",
    )
    notify_salesperson = fields.Boolean(
        "Salesperson",
        default=True,
        help="The salesperson of the order gets an activity.",
    )
    notify_customer = fields.Boolean(
        "Customer",
        default=True,
        help="The customer's contacts that are marked Prepaid Hours get an e-mail.",
    )
    renew = fields.Boolean(
        "Prepare Quotation",
        help="A quotation for the same hours is made, neither sent nor confirmed.",
    )

    @api.depends("kind", "limit_hours", "limit_percent", "limit_days")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for rule in self:
            names = {
                "hours": self.env._(
                    "Less than %(hours)g hours left", hours=rule.limit_hours
                ),
                "percent": self.env._(
                    "Less than %(percent)g %% left", percent=rule.limit_percent
                ),
                "ends": self.env._(
                    "Last day within %(days)s days", days=rule.limit_days
                ),
                "overrun": self.env._("More used than bought"),
                "unpaid": self.env._("Used but not paid"),
            }
            rule.display_name = names.get(rule.kind, "")

    @api.model_create_multi
    def create(self, vals_list):
        """A new rule looks at all customers: some may be under its limit already."""
        rules = super().create(vals_list)
        rules._look_at_all()
        return rules

    def write(self, vals):
        """So does one with another limit, or that is used again."""
        res = super().write(vals)
        if not LOOKED_AT.isdisjoint(vals):
            self._look_at_all()
        return res

    def _look_at_all(self):
        # sudo: the mark is the scheduled action's; what was told stays told (AL3)
        self.company_id.sudo().hours_alert_since = False

    @api.constrains("limit_hours", "limit_percent", "limit_days")
    def _check_limits(self):
        for rule in self:
            if not (
                0 <= rule.limit_hours < 1e6
                and 0 <= rule.limit_percent <= 100
                and 0 <= rule.limit_days < 10000
            ):
                raise ValidationError(
                    self.env._(
                        "The limit of the rule %(rule)s is out of range: enter hours or"
                        " days from 0 on, or 0 to 100 percent.",
                        rule=rule.display_name,
                    )
                )

    def _get_limit(self):
        """The limit in the unit of the rule's kind: hours, percent or days."""
        self.ensure_one()
        return {
            "hours": self.limit_hours,
            "percent": self.limit_percent,
            "ends": self.limit_days,
        }.get(self.kind, 0)
