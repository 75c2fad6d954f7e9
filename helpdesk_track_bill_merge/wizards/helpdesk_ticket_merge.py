from odoo import models


class HelpdeskTicketMerge(models.TransientModel):
    _inherit = "helpdesk.ticket.merge"

    def merge_tickets(self):
        """Take the time of the merged tickets along to the surviving one."""
        tickets = self.ticket_ids  # merging archives them, which hides them here
        action = super().merge_tickets()
        merged = tickets - self.dst_ticket_id
        if self.create_new_ticket and not self.dst_ticket_id.partner_id:
            # of two contacts of one company: a ticket without a customer has no item;
            # an existing one has time, which would take that item (K3b)
            customers = tickets.commercial_partner_id
            self.dst_ticket_id.partner_id = customers if len(customers) == 1 else False
        # sudo: all of the tickets' time; merging has just checked that the user may
        # write the tickets
        time = merged.sudo().timesheet_ids._as_merged()
        time._move_to_ticket(self.dst_ticket_id.sudo(), keep_item=True)
        return action
