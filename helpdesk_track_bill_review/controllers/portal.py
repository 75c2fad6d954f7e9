from odoo import http
from odoo.exceptions import AccessError, MissingError
from odoo.http import request

from odoo.addons.helpdesk_track_bill.controllers.portal import CustomerPortalTrackBill


class CustomerPortalReview(CustomerPortalTrackBill):
    def _ticket_get_page_view_values(self, ticket, access_token, **kwargs):
        """Say what became of a question about time (BP6)."""
        values = super()._ticket_get_page_view_values(ticket, access_token, **kwargs)
        return {**values, "time_question": kwargs.get("time_question")}

    @http.route(
        "/my/ticket/<int:ticket_id>/time/<int:entry_id>/question",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_question_time(self, ticket_id, entry_id, question="", **kwargs):
        """A customer has a question about time on their ticket (BP6)."""
        try:
            ticket = self._document_check_access("helpdesk.ticket", ticket_id)
        except (AccessError, MissingError):
            return request.redirect("/my")
        # the ticket comes as superuser: what may be questioned depends on who asks
        asked = ticket.with_user(request.env.user)._question_time(entry_id, question)
        said = "asked" if asked else "refused"
        return request.redirect(f"/my/ticket/{ticket_id}?time_question={said}#time")
