from odoo.http import request, route

from odoo.addons.helpdesk_mgmt.controllers.myaccount import CustomerPortalHelpdesk

from ..tools import translate_base


class CustomerPortalTrackBill(CustomerPortalHelpdesk):
    @route()
    def portal_my_tickets(self, *args, sortby=None, **kwargs):
        """A bookmark may sort by time that is not shown any more (A4)."""
        if sortby not in self._ticket_get_searchbar_sortings():
            sortby = None
        response = super().portal_my_tickets(*args, sortby=sortby, **kwargs)
        filters = getattr(response, "qcontext", {}).get("searchbar_filters", {})
        self._translate_labels({"all": filters["all"]} if filters else {})
        return response

    def _ticket_get_searchbar_groupby(self):
        return self._translate_labels(super()._ticket_get_searchbar_groupby())

    def _ticket_get_searchbar_inputs(self):
        """Offer to look for time where a team shows the visitor some (A4)."""
        inputs = self._translate_labels(super()._ticket_get_searchbar_inputs())
        if request.env["helpdesk.ticket"]._is_any_time_shown_in_portal():
            inputs |= {
                "time": {
                    "input": "time",
                    "label": request.env._("Hours Spent, at Least"),
                    "order": 10,
                },
                "hours_left": {
                    "input": "hours_left",
                    "label": request.env._("Hours Left, at Most"),
                    "order": 11,
                },
            }
        return inputs

    def _ticket_get_search_domain(self, search_in, search):
        tickets = request.env["helpdesk.ticket"]
        if search_in == "time":
            return tickets._domain_portal_hours("portal_hours", ">=", search)
        if search_in == "hours_left":
            return tickets._domain_portal_hours("portal_hours_left", "<=", search)
        return super()._ticket_get_search_domain(search_in, search)

    def _translate_labels(self, choices):
        for choice in choices.values():
            choice["label"] = translate_base(request.env, choice["label"])
        return choices

    def _ticket_get_page_view_values(self, ticket, access_token, **kwargs):
        """Add the time that the visitor may see (A4)."""
        values = super()._ticket_get_page_view_values(ticket, access_token, **kwargs)
        # the ticket comes as superuser: what it shows depends on who looks
        return {**values, **ticket.with_user(request.env.user)._get_portal_time()}

    def _ticket_get_searchbar_sortings(self):
        """Offer to sort by time where a team shows the visitor some (A4)."""
        sortings = self._translate_labels(super()._ticket_get_searchbar_sortings())
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
