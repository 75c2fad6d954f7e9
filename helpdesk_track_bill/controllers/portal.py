from odoo.http import request

from odoo.addons.helpdesk_mgmt.controllers.myaccount import CustomerPortalHelpdesk


class CustomerPortalTrackBill(CustomerPortalHelpdesk):
    def _ticket_get_page_view_values(self, ticket, access_token, **kwargs):
        """Add the time that the visitor may see (A4)."""
        values = super()._ticket_get_page_view_values(ticket, access_token, **kwargs)
        # the ticket comes as superuser: what it shows depends on who looks
        return {**values, **ticket.with_user(request.env.user)._get_portal_time()}
