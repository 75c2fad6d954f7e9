from urllib.parse import quote as url_quote

from lxml import html
from odoo import fields, http
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools.safe_eval import safe_eval

from ..tools import translate_base
from .common import TrackBillCommon

TIME_FIELDS = (
    "hours_of_colleagues",
    "hours_on_other_items",
    "last_timesheet_activity",
    "other_items_notice",
    "planned_hours",
    "prepaid_hours_notice",
    "progress",
    "remaining_hours",
    "remaining_hours_so",
    "sale_line_id",
    "sale_order_id",
    "timesheet_ids",
    "total_hours",
)
RIGHT_TO_LEFT = "\u202e"
HOSTILE = f"<script>alert('time')</script>{RIGHT_TO_LEFT}{{{{7*7}}}}"


@tagged("post_install", "-at_install")
class TestPortal(HttpCase, TrackBillCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.show_timesheet_portal = True
        cls.portal_user = cls._create_user(
            "portal", "base.group_portal", partner_id=cls.contact.id
        )
        cls.item = cls._sell_hours(10)
        cls.ticket = cls._create_ticket(name="Paper jam")
        cls.entry = cls._log(cls.ticket, 2.5, name="Cleaned the rollers")
        cls.foreign_ticket = cls._create_ticket(
            name="Oven cold", partner_id=cls.other_customer.id
        )
        cls._log(cls.foreign_ticket, 7, name="Checked the fuse")

    def _open(self, path, login=None):
        self.authenticate(login, login)
        return self.url_open(path)

    def _open_ticket(self, ticket=None, login=None):
        ticket = ticket or self.ticket
        return self._open(f"/my/ticket/{ticket.id}", login or self.portal_user.login)

    def _get_texts(self, response, path):
        nodes = html.fromstring(response.content).xpath(path)
        return [" ".join(node.text_content().split()) for node in nodes]

    def test_K2_ticket_submitted_in_the_portal(self):
        self.company.helpdesk_mgmt_portal_select_team = True
        self.authenticate(self.portal_user.login, self.portal_user.login)
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
                    "sale_line_id": self.item.id,
                }
            ],
        )

    # --- templates ----------------------------------------------------
    def test_A4_page_shows_the_time_of_the_ticket(self):
        self._log(self.ticket, 1)
        response = self._open_ticket()
        rows = self._get_texts(response, "//table[@name='ticket_time']/tbody/tr")
        self.assertEqual(len(rows), 2)
        self.assertIn("Cleaned the rollers", rows[0])
        self.assertIn("02:30", rows[0])
        total = self._get_texts(
            response, "//table[@name='ticket_time']/tfoot//td[normalize-space()]"
        )
        self.assertEqual(total, ["03:30"])
        self.assertEqual(
            self._get_texts(response, "//dl[@name='ticket_prepaid_hours']/dd")[1:],
            ["10:00", "03:30", "06:30"],
        )
        self.assertNotIn("100.00", response.text)

    def test_A4_page_counts_in_days_where_the_company_does(self):
        self.company.timesheet_encode_uom_id = self.day
        self.entry.unit_amount = 4
        response = self._open_ticket()
        total = self._get_texts(
            response, "//table[@name='ticket_time']/tfoot//td[normalize-space()]"
        )
        self.assertEqual(total, ["0.5"])

    def test_A4_page_adds_up_in_the_unit_of_each_entry(self):
        self.entry.write({"unit_amount": 4})
        self._log(self.ticket, 1, product_uom_id=self.day.id)
        response = self._open_ticket()
        total = self._get_texts(
            response, "//table[@name='ticket_time']/tfoot//td[normalize-space()]"
        )
        self.assertEqual(total, ["12:00"])

    def test_A4_page_counts_in_days_of_the_tickets_company(self):
        company = self._create_company()
        company.timesheet_encode_uom_id = self.day
        self.assertFalse(self.ticket._get_portal_time()["in_days"])
        self.ticket.company_id.timesheet_encode_uom_id = self.day
        ticket = self.ticket.with_company(company)
        company.timesheet_encode_uom_id = self.hour
        self.assertTrue(ticket._get_portal_time()["in_days"])

    def test_A4_a_mother_company_sees_no_time_of_its_subsidiary(self):
        """On no page: neither on the ticket nor among the time."""
        mother = self.env["res.partner"].create({"name": "Group", "is_company": True})
        self.customer.parent_id = mother
        user = self._create_user("mother", "base.group_portal")
        user.partner_id.parent_id = mother
        self.assertEqual(self.ticket.commercial_partner_id, self.customer)
        entries = self.env["account.analytic.line"].with_user(user)
        found = entries.sudo().search(
            entries._timesheet_get_portal_domain() & Domain("id", "=", self.entry.id)
        )
        self.assertFalse(found)
        self.assertFalse(self.ticket.with_user(user)._is_time_shown_in_portal())

    def test_A4_page_without_time_says_so(self):
        self.entry.unlink()
        response = self._open_ticket()
        self.assertIn("No time was logged yet.", response.text)

    def test_A4_page_hides_time_where_the_team_does(self):
        self.team.show_timesheet_portal = False
        response = self._open_ticket()
        self.assertIn("Paper jam", response.text)
        self.assertNotIn("Cleaned the rollers", response.text)
        self.assertNotIn("02:30", response.text)

    def test_T4_no_time_is_shown_while_none_is_logged(self):
        self.team.allow_timesheet = False
        for path in (f"/my/ticket/{self.ticket.id}", "/my/tickets"):
            response = self._open(path, self.portal_user.login)
            self.assertIn("Paper jam", response.text)
            self.assertNotIn("Cleaned the rollers", response.text)
            self.assertNotIn("02:30", response.text)
        self.team.allow_timesheet = True
        self.assertIn("02:30", self._open_ticket().text)

    def test_A4_list_shows_hours_where_the_team_does(self):
        response = self._open("/my/tickets", self.portal_user.login)
        self.assertIn("02:30", response.text)
        self.team.show_timesheet_portal = False
        response = self._open("/my/tickets", self.portal_user.login)
        self.assertIn("Paper jam", response.text)
        self.assertNotIn("02:30", response.text)

    def test_A4_list_has_the_hours_beside_the_title(self):
        response = self._open("/my/tickets", self.portal_user.login)
        heads = self._get_texts(response, "//table//th")
        self.assertEqual(heads[heads.index("Title") + 1], "Hours Spent")
        row = self._get_texts(response, "//table//tr[td[contains(., 'Paper jam')]]/td")
        self.assertEqual(len(row), len(heads))
        self.assertEqual(row[heads.index("Hours Spent")], "02:30")

    def test_A4_entries_of_core_s_page_name_their_ticket(self):
        response = self._open("/my/timesheets", self.portal_user.login)
        names = self._get_texts(response, "//div[@name='ticket']")
        self.assertEqual(names, [self.ticket.display_name])
        self._log(self.ticket, 9.5)
        page = self._open_ticket()
        self.assertIn("02:00 over", self._get_texts(page, "//dl/dd"))

    def test_list_is_translated_where_the_base_s_code_is_not(self):
        self.env["res.lang"]._activate_lang("ro_RO")
        request = self.env(context={"lang": "ro_RO"})
        for text, romanian in (
            ("Newest", "Cele mai noi"),
            ("Open Tickets", "Bilete deschise"),
            ("Search in All", "Căutare în toate"),
        ):
            self.assertEqual(translate_base(request, text), romanian)
        self.assertEqual(translate_base(request, "Anything else"), "Anything else")
        names = [figure["name"] for figure in self.team.sudo().retrieve_dashboard()]
        self.assertEqual(names, ["Open Tickets without team", "Open Tickets"])

    def test_T4_no_prepaid_hours_are_shown_while_none_are_billed(self):
        path = "//dl[@name='ticket_prepaid_hours']"
        self.assertTrue(self._get_texts(self._open_ticket(), path))
        self.assertIn("Paper jam", self._find("hours_left", "8"))
        self.team.allow_billable = False
        self.assertFalse(self._get_texts(self._open_ticket(), path))
        self.assertNotIn("Paper jam", self._find("hours_left", "8"))

    def test_A4_pages_of_core_show_time_on_tickets_likewise(self):
        self.team.default_project_id.privacy_visibility = "portal"
        self.assertIn(
            "Cleaned the rollers",
            self._open("/my/timesheets", self.portal_user.login).text,
        )
        self.team.show_timesheet_portal = False
        response = self._open("/my/timesheets", self.portal_user.login)
        self.assertEqual(response.status_code, 200)
        self.assertNotIn("Cleaned the rollers", response.text)

    def test_A4_followers_of_another_customer_see_no_time(self):
        follower = self._create_user(
            "follower", "base.group_portal", partner_id=self.other_customer.id
        )
        self.ticket.message_subscribe(self.other_customer.ids)
        response = self._open_ticket(login=follower.login)
        self.assertIn("Paper jam", response.text)
        self.assertNotIn("Cleaned the rollers", response.text)

    # --- controllers --------------------------------------------------
    def test_A4_former_contacts_see_nothing(self):
        self.contact.parent_id = self.other_customer
        self.ticket.partner_id = self.customer
        self.ticket.message_unsubscribe(self.contact.ids)
        response = self._open_ticket()
        self.assertNotIn("Paper jam", response.text)
        self.assertNotIn("Cleaned the rollers", response.text)
        entries = self.env["account.analytic.line"].with_user(self.portal_user)
        domain = entries._timesheet_get_portal_domain()
        self.assertNotIn(self.entry, entries.sudo().search(domain))

    def test_A4_guessed_tickets_stay_closed(self):
        for number in (self.foreign_ticket.id, 2**31 - 1, 0):
            response = self._open(f"/my/ticket/{number}", self.portal_user.login)
            self.assertLess(response.status_code, 500)
            self.assertNotIn("Oven cold", response.text)
            self.assertNotIn("Checked the fuse", response.text)

    def test_A4_links_show_the_ticket_but_not_its_time(self):
        token = self.ticket._portal_ensure_token()
        response = self._open(f"/my/ticket/{self.ticket.id}/{token}")
        self.assertIn("Paper jam", response.text)
        self.assertNotIn("Cleaned the rollers", response.text)

    def test_A4_tampered_links_stay_closed(self):
        token = self.ticket._portal_ensure_token()
        for wrong in (token[:-1], f"{token}0", "0" * 5000, "%00", "..%2F", "None"):
            response = self._open(f"/my/ticket/{self.ticket.id}/{wrong}")
            self.assertLess(response.status_code, 500, wrong)
            self.assertNotIn("Paper jam", response.text)
            self.assertNotIn("Cleaned the rollers", response.text)

    def test_A4_closing_by_link_changes_nothing_but_the_stage(self):
        """The base's route is open to any user; it reaches neither time nor money."""
        stage = self.env["helpdesk.ticket.stage"].create(
            {"name": "Closed", "close_from_portal": True}
        )
        before = self.foreign_ticket.timesheet_ids.read(["so_line", "unit_amount"])
        self._open(
            f"/ticket/close?ticket_id={self.foreign_ticket.id}&stage_id={stage.id}"
            f"&sale_line_id={self.item.id}&total_hours=0&allow_timesheet=1",
            self.portal_user.login,
        )
        self.assertEqual(self.foreign_ticket.stage_id, stage)
        self.assertFalse(self.foreign_ticket.sale_line_id)
        self.assertEqual(self.foreign_ticket.total_hours, 7)
        self.assertEqual(
            self.foreign_ticket.timesheet_ids.read(["so_line", "unit_amount"]), before
        )

    def test_A4_hostile_texts_reach_the_page_as_text(self):
        self.entry.name = HOSTILE
        self.item.name = HOSTILE
        self.employee.name = HOSTILE
        response = self._open_ticket()
        self.assertEqual(response.status_code, 200)
        self.assertNotIn("<script>alert('time')", response.text)
        rows = self._get_texts(response, "//table[@name='ticket_time']/tbody/tr")
        self.assertEqual(rows[0].count("<script>alert('time')</script>"), 2)
        self.assertIn("{{7*7}}", rows[0])

    def test_A4_over_long_texts_do_not_break_the_page(self):
        self.entry.name = "x" * 100_000
        self.item.name = "y" * 100_000
        response = self._open_ticket()
        self.assertEqual(response.status_code, 200)
        self.assertIn("x" * 100_000, response.text)

    def test_A4_direction_marks_do_not_leave_their_cell(self):
        self.entry.name = f"{RIGHT_TO_LEFT}Cleaned"
        cells = html.fromstring(self._open_ticket().content).xpath(
            "//table[@name='ticket_time']/tbody//td[@dir='auto']"
        )
        self.assertEqual(
            [cell.text_content() for cell in cells], [self.entry.name], cells
        )

    # --- record rules and fields --------------------------------------
    def test_A4_customers_read_no_time_by_rpc(self):
        ticket = self.ticket.with_user(self.portal_user)
        ticket.read(["name"])
        self.assertFalse(set(TIME_FIELDS) & set(ticket.fields_get()))
        for name in TIME_FIELDS:
            with self.subTest(field=name):
                for call in (
                    lambda name=name: ticket.read([name]),
                    lambda name=name: ticket.search([(name, "!=", False)]),
                    lambda name=name: ticket.formatted_read_group(
                        [], [], [f"{name}:count"]
                    ),
                ):
                    with self.assertRaises(AccessError):
                        call()
        with self.assertRaises(AccessError):
            self.entry.with_user(self.portal_user).read(["name"])

    def test_A4_rule_for_customers_who_may_read_entries(self):
        """As project sharing lets them, which knows nothing of tickets."""
        portal = self.env.ref("base.group_portal")
        model = self.env["ir.model"]._get("account.analytic.line")
        self.env["ir.model.access"].create(
            {
                "name": "Shared projects",
                "model_id": model.id,
                "group_id": portal.id,
                "perm_read": True,
            }
        )
        self.env["ir.rule"].create(
            {
                "name": "Shared projects",
                "model_id": model.id,
                "groups": [fields.Command.link(portal.id)],
                "domain_force": "[('project_id', '!=', False)]",
            }
        )
        on_project = self.env["account.analytic.line"].create(
            {
                "project_id": self.team.default_project_id.id,
                "employee_id": self.employee.id,
                "unit_amount": 1,
            }
        )
        entries = self.env["account.analytic.line"].with_user(self.portal_user)
        domain = [("project_id", "=", self.team.default_project_id.id)]
        self.assertEqual(entries.search(domain), self.entry | on_project)
        self.team.allow_timesheet = False
        self.assertEqual(entries.search(domain), on_project)
        self.team.write({"allow_timesheet": True, "show_timesheet_portal": False})
        self.assertEqual(entries.search(domain), on_project)
        internal = new_test_user(
            self.env, "approver", "hr_timesheet.group_hr_timesheet_approver"
        )
        self.assertIn(self.entry, entries.with_user(internal).search(domain))

    def test_A4_rule_shows_a_mother_company_no_time_of_its_subsidiary(self):
        mother = self.env["res.partner"].create({"name": "Group", "is_company": True})
        self.customer.parent_id = mother
        user = self._create_user("mother", "base.group_portal")
        user.partner_id.parent_id = mother
        rule = self.env.ref(
            "helpdesk_track_bill.account_analytic_line_rule_ticket_share"
        )
        for reader, shown in ((user, False), (self.portal_user, True)):
            domain = safe_eval(rule.domain_force, {"user": reader})
            self.assertEqual(bool(self.entry.filtered_domain(domain)), shown)

    def test_A4_customers_change_no_time(self):
        entries = self.env["account.analytic.line"].with_user(self.portal_user)
        for call in (
            lambda: entries.create({"ticket_id": self.ticket.id, "unit_amount": 1}),
            lambda: self.entry.with_user(self.portal_user).write({"unit_amount": 0}),
            lambda: self.entry.with_user(self.portal_user).unlink(),
            lambda: self.ticket.with_user(
                self.portal_user
            ).action_reassign_timesheets(),
        ):
            # an AccessError too; without an employee, the message says that first
            with self.assertRaises(UserError):
                call()

    # --- sorting and filtering the list -------------------------------------
    def _sort(self, sortby):
        return self._list(f"sortby={sortby}")

    def _find(self, search_in, search):
        found = self._list(f"search_in={search_in}&search={url_quote(search)}")
        return sorted(found)

    def _list(self, query):
        response = self._open(f"/my/tickets?{query}", self.portal_user.login)
        self.assertEqual(response.status_code, 200)
        titles = self._get_texts(response, "//table//td//a | //table//td")
        wanted = {"Paper jam", "Toner low", "No time yet", "Kept back", "Bill me"}
        return list(dict.fromkeys(title for title in titles if title in wanted))

    def _create_tickets_to_sort(self):
        low = self._sell_hours(3)
        toner = self._create_ticket(name="Toner low", sale_line_id=low.id)
        self._log(toner, 2.75)
        none = self.team.copy({"allow_billable": False, "show_timesheet_portal": True})
        self._create_ticket(name="No time yet", team_id=none.id)
        hidden = self.team.copy({"show_timesheet_portal": False})
        self._log(self._create_ticket(name="Kept back", team_id=hidden.id), 8)

    def test_A4_portal_list_sorts_by_the_time_that_is_shown(self):
        self._create_tickets_to_sort()
        self.assertEqual(
            self._sort("time"), ["Toner low", "Paper jam", "No time yet", "Kept back"]
        )
        self.assertEqual(self._sort("hours_left")[:2], ["Toner low", "Paper jam"])

    def test_A4_portal_list_sorts_and_filters_tickets_of_archived_teams(self):
        self._create_tickets_to_sort()
        self.entry.unit_amount = 3
        self.team.copy({"show_timesheet_portal": True})
        self.team.active = False
        self.assertEqual(self._sort("time")[:2], ["Paper jam", "Toner low"])
        self.assertEqual(self._find("time", "2"), ["Paper jam", "Toner low"])

    def test_A4_portal_list_filters_by_the_time_that_is_shown(self):
        self._create_tickets_to_sort()
        post_paid = self._sell(self.post_paid_product, 1)
        self._log(self._create_ticket(name="Bill me", sale_line_id=post_paid.id), 1)
        for search in ("2.5", "2,5", "2:30", " 2.4 "):
            self.assertEqual(self._find("time", search), ["Paper jam", "Toner low"])
        self.assertEqual(self._find("time", "2:31"), ["Toner low"])
        self.assertEqual(
            self._find("time", "0"),
            ["Bill me", "No time yet", "Paper jam", "Toner low"],
        )
        # 3 bought, 2.75 and the 8 kept back used
        self.assertEqual(self._find("hours_left", "-7:45"), ["Toner low"])
        self.assertEqual(self._find("hours_left", "0"), ["Toner low"])
        self.assertEqual(self._find("hours_left", "-8"), [])
        self.assertEqual(self._find("hours_left", "8"), ["Paper jam", "Toner low"])

    def test_A4_portal_list_filters_in_days_where_the_ticket_shows_days(self):
        self.company.timesheet_encode_uom_id = self.env.ref("uom.product_uom_day")
        self._log(self.ticket, 5.5)
        self.assertEqual(self._find("time", "1"), ["Paper jam"])
        self.assertEqual(self._find("time", "1.1"), [])
        self.assertEqual(self._find("hours_left", "0.25"), ["Paper jam"])

    def test_A4_portal_list_finds_thirds_of_an_hour_by_their_minutes(self):
        self.entry.unit_amount = 2 + 1 / 3
        self.assertEqual(self._find("time", "2:20"), ["Paper jam"])
        self.assertEqual(self._find("hours_left", "7:40"), ["Paper jam"])
        self.entry.unit_amount = 2 + 2 / 3
        self.assertEqual(self._find("time", "2:40"), ["Paper jam"])
        self.assertEqual(self._find("hours_left", "7:20"), ["Paper jam"])

    def test_A4_portal_list_finds_no_time_by_what_is_no_number(self):
        for search in ("two", "1:75", "1e9", "--1", "1 2", "%", "\u0661", "9" * 400):
            self.assertEqual(self._find("time", search), [], search)

    def test_A4_portal_list_filters_by_no_time_where_none_is_shown(self):
        self.assertEqual(self._find("time", "1"), ["Paper jam"])
        response = self._open("/my/tickets", self.portal_user.login)
        self.assertIn("Hours Left, at Most", response.text)
        self.team.show_timesheet_portal = False
        self.assertEqual(self._find("time", "1"), [])
        self.assertEqual(self._find("hours_left", "99"), [])
        response = self._open("/my/tickets", self.portal_user.login)
        self.assertNotIn("Hours Left, at Most", response.text)

    def test_portal_list_sorts_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("ro_RO")
        self.portal_user.lang = "ro_RO"
        response = self._open("/my/tickets", self.portal_user.login)
        choices = self._get_texts(response, "//a[contains(@href, 'sortby=')]")
        self.assertIn(
            translate_base(self.env(context={"lang": "ro_RO"}), "Newest"), choices
        )
        self.assertNotIn("Newest", choices)

    def test_A4_portal_list_sorts_by_no_time_where_none_is_shown(self):
        response = self._open("/my/tickets", self.portal_user.login)
        self.assertIn("sortby=time", response.text)
        self.team.show_timesheet_portal = False
        response = self._open("/my/tickets", self.portal_user.login)
        self.assertNotIn("sortby=time", response.text)
        self.assertNotIn("sortby=hours_left", response.text)
        # a bookmark of before
        self.assertEqual(len(self._list("sortby=time")), len(self._list("")))
