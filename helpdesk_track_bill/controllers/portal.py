from odoo.http import request

from odoo.addons.helpdesk_mgmt.controllers.myaccount import CustomerPortalHelpdesk


class CustomerPortalTrackBill(CustomerPortalHelpdesk):
    def _ticket_get_page_view_values(self, ticket, access_token, **kwargs):
        """Add the time that the visitor may see (A4)."""
        values = super()._ticket_get_page_view_values(ticket, access_token, **kwargs)
        # the ticket comes as superuser: what it shows depends on who looks
        return {**values, **ticket.with_user(request.env.user)._get_portal_time()}

    def _ticket_get_searchbar_sortings(self):
        """Offer to sort by time where a team shows the visitor some (A4)."""
        sortings = super()._ticket_get_searchbar_sortings()
        if request.env["helpdesk.ticket"]._is_any_time_shown_in_portal():
            sortings |= {
                "time": {
                    "label": request.env._("Hours Spent"),
                    "order": "portal_hours desc",
                    "sequence": 10,
                },
                "hours_left": {
                    "label": request.env._("Hours Left"),
                    "order": "portal_hours_left",
                    "sequence": 11,
                },
            }
        return sortings
