import json
from itertools import dropwhile

from odoo import http
from odoo.http import request
from odoo.tools import format_duration

from odoo.addons.portal.controllers.portal import CustomerPortal


class CustomerPortalMoreHours(CustomerPortal):
    """Customers order more prepaid hours, where their supplier allows it (R1)."""

    def _prepare_portal_layout_values(self):
        values = super()._prepare_portal_layout_values()
        return {**values, "can_order_hours": bool(self._get_hours_to_order())}

    def _get_hours_to_order(self):
        """The visitor's blocks of hours that can be ordered again."""
        customer = request.env.user.partner_id.commercial_partner_id
        # sudo: only blocks of the visitor's own commercial entity, whichever company
        # has sold them; the page shows names, hours and days of them
        lines = request.env["sale.order.line"].sudo()
        companies = lines.env["res.company"].search([("hours_portal_order", "=", True)])
        return lines.union(
            *(lines._get_renewable(customer, company) for company in companies)
        )

    def _get_forecast(self, company):
        """Until when the visitor's hours last, and the weeks of the chart.

        :param company: the one that sold them; of several, hours have no common end
        """
        if len(company) > 1:
            return {"forecast": False, "bars": []}
        # sudo: hours of the visitor's own commercial entity
        customer = request.env.user.partner_id.sudo().with_company(company)
        (graph,) = json.loads(customer.prepaid_hours_graph)
        # weeks before the first hours say nothing
        weeks = list(dropwhile(lambda bar: not bar["value"], graph["values"]))
        most = max((bar["value"] for bar in weeks), default=0)
        return {
            "forecast": customer.prepaid_hours_forecast,
            "bars": [
                {
                    **bar,
                    "hours": format_duration(bar["value"]),
                    "percent": round(100 * max(bar["value"], 0) / most),
                }
                for bar in weeks
            ]
            if most > 0
            else [],
        }

    @http.route(
        "/my/prepaid-hours/order",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def portal_hours_to_order(self, **kwargs):
        blocks = self._get_hours_to_order()
        if not blocks:
            return request.not_found()
        return request.render(
            "helpdesk_track_bill_alert.portal_hours_to_order",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "hours_to_order",
                "blocks": blocks,
                "names": {block: block._get_hours_name() for block in blocks},
                "renewals": blocks._get_open_renewals(),
                **self._get_forecast(blocks.company_id),
            },
        )

    @http.route(
        "/my/prepaid-hours/order/<int:line_id>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def portal_order_hours(self, line_id, **kwargs):
        """Ask for the same hours again: one quotation, however often it is sent."""
        block = self._get_hours_to_order().filtered(lambda line: line.id == line_id)
        if not block:
            return request.not_found()
        block._order_more_hours(request.env.user.partner_id)
        return request.redirect("/my/prepaid-hours/order", code=303)
