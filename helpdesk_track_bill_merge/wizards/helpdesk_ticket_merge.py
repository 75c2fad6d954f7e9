from odoo import models


class HelpdeskTicketMerge(models.TransientModel):
    _inherit = "helpdesk.ticket.merge"

    def merge_tickets(self):
        """Take the time of the merged tickets along to the surviving one."""
        tickets = self.ticket_ids  # merging archives them, which hides them here
        action = super().merge_tickets()
        merged = tickets - self.dst_ticket_id
        if not self.dst_ticket_id.partner_id:
            # of two contacts of one company: a ticket without a customer has no item
            customers = tickets.commercial_partner_id
            self.dst_ticket_id.partner_id = customers if len(customers) == 1 else False
        # sudo: a merged ticket takes all its time along, whoever logged it; merging
        # has just checked that the user may write the tickets
        time = merged.sudo().timesheet_ids.with_context(merging_tickets=True)
        time._move_to_ticket(self.dst_ticket_id.sudo(), keep_item=True)
        return action
