from odoo import fields, models


class HelpdeskNoChargeReason(models.Model):
    _name = "helpdesk.no.charge.reason"
    _description = "Reason for No Charge"
    _order = "sequence, name, id"

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    charge = fields.Selection(
        [("show", "Shown at 0"), ("hide", "Not shown")],
        "Customers See",
        default="show",
        required=True,
        help="What customers see of the time on invoices and in the portal.",
    )
