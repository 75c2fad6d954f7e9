from odoo import api, fields, models
from odoo.fields import Domain

# what decides a ticket's item
ITEM_FIELDS = {"company_id", "partner_id", "sale_line_id", "team_id", "user_id"}


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    sla_sale_line_id = fields.Many2one(
        "sale.order.line",
        "SLA Item",
        compute="_compute_sla_sale_line_id",
        compute_sudo=True,
        help="The Sales Order Item whose SLA policy gives the ticket its deadline.",
        groups="base.group_user",
    )

    @api.depends(
        "sale_line_id",
        "ticket_sla_ids.deadline",
        "ticket_sla_ids.state",
        "sla_deadline",
    )
    def _compute_sla_sale_line_id(self):
        """The item of the policy that ends first (SL4)."""
        for ticket in self:
            deciding = ticket.ticket_sla_ids.filtered(
                lambda row, ticket=ticket: (
                    row.state == "in_progress" and row.deadline == ticket.sla_deadline
                )
            )
            ticket.sla_sale_line_id = deciding.sale_line_id[:1]

    def write(self, vals):
        """Policies follow the ticket's item, however it changes (SL2)."""
        if ITEM_FIELDS.isdisjoint(vals):
            return super().write(vals)
        before = {ticket: (ticket.sale_line_id, ticket.company_id) for ticket in self}
        res = super().write(vals)
        for ticket, known in before.items():
            if ticket.team_id.use_sla and known != (
                ticket.sale_line_id,
                ticket.company_id,
            ):
                # sudo: follows from a write that was checked
                ticket.sudo().refresh_sla()
        return res

    def refresh_sla(self):
        """Who may write the ticket may renew its policies, also drop what ended."""
        self.check_access("write")
        # sudo: agents may not delete what they may add
        return super(HelpdeskTicket, self.sudo()).refresh_sla()

    def _get_sla(self):
        """Policies by item, also for agents, who may not read items (A1)."""
        # sudo: only compared, the policies' own filters too
        slas = super(HelpdeskTicket, self.sudo())._get_sla()
        return slas.sudo(self.env.su)

    def _get_sla_ticket_domain(self):
        """Policies of the ticket's item and company (SL1, SL3)."""
        policies = self.env["helpdesk.sla"]
        return (
            Domain(super()._get_sla_ticket_domain())
            & policies._domain_for_item(self.sale_line_id)
            & Domain("company_id", "in", [False, self.company_id.id])
        )
