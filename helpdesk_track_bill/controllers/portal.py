from odoo.http import request

from odoo.addons.helpdesk_mgmt.controllers.myaccount import CustomerPortalHelpdesk


class CustomerPortalTrackBill(CustomerPortalHelpdesk):
    def _ticket_get_page_view_values(self, ticket, access_token, **kwargs):
        """Add the time that the visitor may see (A4)."""
        values = super()._ticket_get_page_view_values(ticket, access_token, **kwargs)
        entries = request.env["account.analytic.line"]
        # the ticket comes as superuser: what it shows depends on who looks
        shown = ticket.with_user(request.env.user)
        return {
            **values,
            "show_time": shown._is_time_shown_in_portal(),
            "timesheets": shown._get_portal_timesheets(),
            "is_uom_day": entries._is_timesheet_encode_uom_day(),
        }
