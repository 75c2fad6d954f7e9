from odoo import api, fields, models


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    can_renew_hours = fields.Boolean(
        compute="_compute_can_renew_hours",
        export_string_translation=False,
        groups="sales_team.group_sale_salesman",
    )
    hours_renewal_name = fields.Char(
        "Renewal Quotation",
        compute="_compute_can_renew_hours",
        groups="sales_team.group_sale_salesman",
    )

    @api.depends("prepaid_hours_missing")
    def _compute_can_renew_hours(self):
        """Where the customer has no hours left: is there something to renew, and is it
        being renewed (R1).
        """
        for ticket in self:
            blocks = ticket._get_renewable()
            renewals = blocks._get_open_renewals().values()
            ticket.can_renew_hours = bool(blocks)
            ticket.hours_renewal_name = ", ".join(
                {line.order_id.name for line in renewals}
            )

    def _get_renewable(self):
        """The customer's blocks to renew, where no hours are left.

        None where hours are bought that cannot be used yet.
        """
        self.ensure_one()
        lines = self.env["sale.order.line"]
        if not self.prepaid_hours_missing:
            return lines
        blocks = lines._get_renewable(self.commercial_partner_id, self.company_id)
        if {"unpaid", "upcoming"}.isdisjoint(blocks.mapped("hours_state")):
            return blocks
        return lines

    def action_renew_hours(self):
        """Make or open the renewal of the hours of the ticket's customer (R1)."""
        self.ensure_one()
        return self._get_renewable().action_renew_hours()
