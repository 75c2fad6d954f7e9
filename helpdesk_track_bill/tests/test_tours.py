from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import TrackBillCommon


class TourCase(HttpCase, TrackBillCommon):
    """Names that the tours look for."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer.write({"name": "Tour Clinic", "email": "tour@example.com"})
        cls.team.name = "Tour Team"
        # or Odoo asks for the layout of documents before it sends the first one
        cls.company.external_report_layout_id = cls.env.ref(
            "web.external_layout_standard"
        )
        cls.prepaid_product.name = "Tour Prepaid Hours"


@tagged("post_install", "-at_install")
class TestGuideTours(TourCase):
    """The user guide's steps, walked in the browser by the roles that do them."""

    def test_team(self):
        self.start_tour("/odoo", "track_bill_team", login="admin")
        team = self.env["helpdesk.ticket.team"].search([("name", "=", "Night Shift")])
        project = team.default_project_id
        self.assertRecordValues(
            project,
            [
                {
                    "name": "Night Shift Time",
                    "allow_timesheets": True,
                    "allow_billable": True,
                    "company_id": team.company_id.id,
                }
            ],
        )

    def test_products(self):
        manager = self._create_user(
            "sales_manager",
            "sales_team.group_sale_manager,product.group_product_manager",
        )
        self.start_tour("/odoo", "track_bill_post_paid_product", login=manager.login)
        self.assertEqual(self.post_paid_product.list_price, 55)
        self.start_tour("/odoo", "track_bill_prepaid_product", login=manager.login)
        product = self.env["product.template"].search(
            [("name", "=", "Tour Support Block")]
        )
        self.assertRecordValues(
            product,
            [
                {
                    "type": "service",
                    "service_policy": "ordered_prepaid",
                    "uom_id": self.hour.id,
                    "list_price": 80,
                    "helpdesk_time_warning": False,
                }
            ],
        )

    def test_prepaid(self):
        self._sell(self._create_service("Tour Older Hours", "ordered_prepaid"), 4)
        self.start_tour(
            "/odoo", "track_bill_prepaid_order", login=self.salesperson.login
        )
        item = self._find_item(self.prepaid_product)
        invoice = item.order_id.invoice_ids
        self.assertEqual(invoice.amount_untaxed, 1000)
        self.start_tour(
            f"/odoo/account.move/{invoice.id}",
            "track_bill_prepaid_invoice",
            login=self._create_accountant().login,
        )
        self.assertEqual(invoice.state, "posted")
        self.start_tour("/odoo", "track_bill_prepaid_ticket", login=self.agent.login)
        ticket = self.env["helpdesk.ticket"].search([("team_id", "=", self.team.id)])
        self.assertEqual(ticket.sale_line_id, item)
        self.assertEqual(ticket.timesheet_ids.employee_id, self.employee)
        self.assertEqual(item.qty_delivered, 11.5)
        self.assertEqual(item.remaining_hours, -1.5)

    def test_post_paid(self):
        self.start_tour(
            "/odoo", "track_bill_post_paid_order", login=self.salesperson.login
        )
        item = self._find_item(self.post_paid_product)
        self.assertFalse(item.order_id.invoice_ids)
        self._create_ticket(name="Old matter")
        self.start_tour("/odoo", "track_bill_post_paid_ticket", login=self.agent.login)
        ticket = self.env["helpdesk.ticket"].search([("name", "=", "Labels")])
        self.assertEqual(ticket.sale_line_id, item)
        self.assertEqual(item.qty_delivered, 3)
        first = ticket.timesheet_ids.filtered(lambda entry: entry.unit_amount == 1.25)
        first.date = "2026-01-15"
        self.start_tour(
            f"/odoo/helpdesk.ticket/{ticket.id}",
            "track_bill_post_paid_invoice",
            login="admin",
        )
        self.assertEqual(item.order_id.invoice_ids.timesheet_ids, first)
        self.assertEqual(item.order_id.invoice_ids.state, "posted")

    def test_reassign(self):
        self._sell_hours(10)
        ticket = self._create_ticket()
        entry = self._log(ticket, 2)
        item = self._sell(self.post_paid_product, 1)
        self.start_tour(
            f"/odoo/helpdesk.ticket/{ticket.id}",
            "track_bill_reassign",
            login=self.agent.login,
        )
        self.assertEqual(entry.so_line, item)

    def test_portal(self):
        self.start_tour("/odoo", "track_bill_portal_team", login="admin")
        self.assertTrue(self.team.show_timesheet_portal)
        self._sell_hours(10)
        self._log(self._create_ticket(), 2.5)
        customer = self._create_user(
            "portal", "base.group_portal", partner_id=self.contact.id
        )
        self.start_tour("/my", "track_bill_portal", login=customer.login)

    def test_days(self):
        self.start_tour("/odoo", "track_bill_days", login="admin")
        self.assertEqual(self.company.timesheet_encode_uom_id, self.day)
        self.assertTrue(self._create_ticket().encode_uom_in_days)

    def _create_accountant(self):
        return self._create_user("accountant", "account.group_account_invoice")

    def _find_item(self, product):
        return self.env["sale.order.line"].search(
            [
                ("product_id", "=", product.id),
                ("order_partner_id", "=", self.customer.id),
            ]
        )


@tagged("post_install", "-at_install")
class TestScreenTours(TourCase):
    """What goes beyond the guide's steps, screen by screen."""

    def test_dashboard(self):
        self._sell_hours(1)
        self._log(self._create_ticket(name="Printer stuck"), 3)
        self._log(self._create_ticket(partner_id=self.other_customer.id), 1)
        self.start_tour("/odoo", "track_bill_dashboard", login=self.agent.login)

    def test_filters(self):
        self._sell_hours(1)
        self._log(self._create_ticket(name="Printer stuck"), 3)
        closed = self._create_ticket(name="Labels", partner_id=self.other_customer.id)
        closed.stage_id = self.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done")
        billed = self._sell(self.post_paid_product, 1)
        ticket = self._create_ticket(name="Scanner", sale_line_id=billed.id)
        employee = self._create_employee(self.salesperson)
        self._log(ticket, 1.5, employee_id=employee.id)
        self.start_tour("/odoo", "track_bill_filters", login=self.agent.login)

    def test_no_prepaid_hours_left(self):
        seller = self._create_user(
            "seller",
            "helpdesk_mgmt.group_helpdesk_user_team,sales_team.group_sale_salesman",
        )
        self.team.user_ids |= seller
        item = self._sell_hours(1)
        item.order_id.user_id = seller
        ticket = self._create_ticket()
        self._log(ticket, 1)
        self.start_tour(
            f"/odoo/helpdesk.ticket/{ticket.id}",
            "track_bill_no_hours_left",
            login=seller.login,
        )
        quotation = ticket.sale_order_ids - item.order_id
        self.assertEqual(quotation.state, "draft")

    def test_keyboard(self):
        self.agent.tz = "Etc/UTC"
        self._sell_hours(10)
        ticket = self._create_ticket()
        self.start_tour(
            f"/odoo/helpdesk.ticket/{ticket.id}",
            "track_bill_keyboard",
            login=self.agent.login,
        )
        self.assertRecordValues(
            ticket.timesheet_ids.sorted("id"),
            [
                {
                    "employee_id": self.employee.id,
                    "date": fields.Date.context_today(self.agent.with_user(self.agent)),
                    "name": name,
                    "unit_amount": 1.5,
                }
                for name in ("First half", "Second half")
            ],
        )

    def test_time_of_colleagues(self):
        ticket = self._create_ticket()
        colleague = self._create_employee(self.salesperson)
        self._log(ticket, 1.5, employee_id=colleague.id)
        self.start_tour(
            f"/odoo/helpdesk.ticket/{ticket.id}",
            "track_bill_time_of_colleagues",
            login=self.agent.login,
        )

    def test_short_ticket(self):
        item = self._sell_hours(10)
        self.start_tour("/odoo", "track_bill_short_ticket", login=self.agent.login)
        ticket = self.env["helpdesk.ticket"].search([("name", "=", "Title alone")])
        self.assertEqual(ticket.sale_line_id, item)

    def test_no_employee(self):
        self.employee.active = False
        ticket = self._create_ticket()
        self.start_tour(
            f"/odoo/helpdesk.ticket/{ticket.id}",
            "track_bill_no_employee",
            login=self.agent.login,
        )
        self.assertFalse(ticket.timesheet_ids)

    def test_report(self):
        ticket = self._create_ticket()
        self._log(ticket, 2.25, date="2026-01-15")
        self.start_tour("/odoo", "track_bill_report", login="admin")

    def test_planned_hours(self):
        self.team.use_planned_hours = True
        ticket = self._create_ticket()
        self._log(ticket, 3)
        self.start_tour(
            f"/odoo/helpdesk.ticket/{ticket.id}",
            "track_bill_planned_hours",
            login=self.agent.login,
        )
        self.assertEqual((ticket.planned_hours, ticket.remaining_hours), (2, -1))

    def test_empty_timesheets(self):
        ticket = self._create_ticket()
        self.start_tour(
            f"/odoo/helpdesk.ticket/{ticket.id}",
            "track_bill_empty_timesheets",
            login=self.agent.login,
        )

    def test_order_and_invoice_by_ticket(self):
        item = self._sell(self.post_paid_product, 1)
        ticket = self._create_ticket(name="Printer stuck", sale_line_id=item.id)
        self._log(ticket, 2.25)
        self.start_tour(
            f"/odoo/sale.order/{item.order_id.id}",
            "track_bill_order_and_invoice_by_ticket",
            login="admin",
        )
        self.assertIn(ticket.number, item.order_id.invoice_ids.invoice_line_ids.name)

    def test_timesheets_app(self):
        self._log(self._create_ticket(name="Printer stuck"), 2.25)
        self.start_tour("/odoo", "track_bill_timesheets_app", login=self.agent.login)

    def test_settings(self):
        self.start_tour("/odoo", "track_bill_settings", login="admin")
        self.assertTrue(
            self.env["helpdesk.ticket.team"].create({"name": "Next"}).allow_billable
        )


@tagged("post_install", "-at_install")
class TestReportTours(TourCase):
    """Where the time went."""

    def test_time_reports(self):
        last_month = fields.Date.today().replace(day=1) - timedelta(days=1)
        item = self._sell(self.post_paid_product, 1)
        ticket = self._create_ticket(name="Printer stuck", sale_line_id=item.id)
        self._log(ticket, 3, date=last_month)
        free = self._create_ticket(partner_id=self.other_customer.id)
        self._log(free, 1, date=last_month)
        manager = self._create_user(
            "manager",
            "helpdesk_mgmt.group_helpdesk_manager,hr_timesheet.group_timesheet_manager",
        )
        self.start_tour("/odoo", "track_bill_time_reports", login=manager.login)


@tagged("post_install", "-at_install")
class TestQuickLogTours(TourCase):
    """Time without the tab Timesheets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.item = cls._sell_hours(10)
        cls.ticket = cls._create_ticket(name="Printer stuck")
        # a column that is unfolded takes cards beside the others
        cls.env.ref("helpdesk_mgmt.helpdesk_ticket_stage_done").fold = False

    def _open_ticket(self, tour):
        self.start_tour(
            f"/odoo/helpdesk.ticket/{self.ticket.id}", tour, login=self.agent.login
        )

    def test_quick_log_from_the_list(self):
        self.start_tour("/odoo", "track_bill_quick_log_list", login=self.agent.login)
        self.assertRecordValues(
            self.ticket.timesheet_ids,
            [
                {
                    "name": "Cleaned the rollers",
                    "unit_amount": 0.75,
                    "employee_id": self.employee.id,
                    "so_line": self.item.id,
                }
            ],
        )

    def test_quick_log_from_a_card(self):
        product = self._create_service("Tour Older Hours", "ordered_prepaid")
        other = self._sell(product, 4)
        self.start_tour("/odoo", "track_bill_quick_log_card", login=self.agent.login)
        self.assertRecordValues(
            self.ticket.timesheet_ids, [{"unit_amount": 1.5, "so_line": other.id}]
        )

    def test_quick_log_by_keyboard(self):
        self._open_ticket("track_bill_quick_log_form")
        self.assertEqual(self.ticket.timesheet_ids.name, "Called back")

    def test_quick_log_after_a_reply(self):
        self.team.ask_time_after_reply = True
        self._open_ticket("track_bill_time_after_reply")
        self.assertEqual(self.ticket.timesheet_ids.name, "Replied")

    def test_closing_asks_on_the_form(self):
        self.team.ask_time_on_closing = True
        self._open_ticket("track_bill_closing_form")
        self.assertTrue(self.ticket.closed)
        self.assertEqual(self.ticket.total_hours, 0.5)

    def test_closing_asks_on_a_card(self):
        self.team.ask_time_on_closing = True
        self.start_tour("/odoo", "track_bill_closing_card", login=self.agent.login)
        self.assertTrue(self.ticket.closed)
        self.assertTrue(self.ticket.no_time_needed)
        self.assertFalse(self.ticket.timesheet_ids)


@tagged("post_install", "-at_install")
class TestPhoneTours(TourCase):
    """An agent's day on a phone."""

    browser_size = "375x667"
    touch_enabled = True

    def test_log_time(self):
        item = self._sell_hours(10)
        ticket = self._create_ticket()
        self.start_tour(
            f"/odoo/helpdesk.ticket/{ticket.id}",
            "track_bill_phone",
            login=self.agent.login,
        )
        self.assertEqual(ticket.timesheet_ids.so_line, item)
        self.assertEqual(ticket.remaining_hours_so, 8.5)

    def test_quick_log_takes_three_taps(self):
        self._sell_hours(10)
        ticket = self._create_ticket(name="Printer stuck")
        self.start_tour(
            "/odoo/helpdesk-tickets",
            "track_bill_quick_log_phone",
            login=self.agent.login,
        )
        self.assertEqual(ticket.total_hours, 0.416667)
