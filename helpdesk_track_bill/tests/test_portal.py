from odoo import http
from odoo.tests import HttpCase, tagged

from .common import TrackBillCommon


@tagged("post_install", "-at_install")
class TestPortal(HttpCase, TrackBillCommon):
    def test_K2_ticket_submitted_in_the_portal(self):
        item = self._sell_hours()
        self.company.helpdesk_mgmt_portal_select_team = True
        user = self._create_user(
            "portal", "base.group_portal", partner_id=self.contact.id
        )
        self.authenticate(user.login, user.login)
        response = self.url_open(
            "/submitted/ticket",
            data={
                "csrf_token": http.Request.csrf_token(self),
                "subject": "From the portal",
                "description": "It hums.",
                "team": self.team.id,
            },
        )
        self.assertEqual(response.status_code, 200)
        ticket = self.env["helpdesk.ticket"].search([("name", "=", "From the portal")])
        self.assertRecordValues(
            ticket,
            [
                {
                    "partner_id": self.contact.id,
                    "project_id": self.team.default_project_id.id,
                    "sale_line_id": item.id,
                }
            ],
        )
