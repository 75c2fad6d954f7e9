from odoo import models


class HelpdeskTicketMerge(models.TransientModel):
    _inherit = "helpdesk.ticket.merge"

    def merge_tickets(self):
        """Take the time of the merged tickets along to the surviving one."""
        tickets = self.ticket_ids  # merging archives them, which hides them here
        action = super().merge_tickets()
        merged = tickets - self.dst_ticket_id
        # sudo: a merged ticket takes all its time along, whoever logged it; merging
        # has just checked that the user may write the tickets
        merged.sudo().timesheet_ids._merge_into_ticket(self.dst_ticket_id)
        return action
