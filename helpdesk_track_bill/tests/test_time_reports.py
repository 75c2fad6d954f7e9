import json
from datetime import timedelta
from itertools import chain
from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval
from odoo.tools.translate import code_translations

from .common import TrackBillCommon


@tagged("post_install", "-at_install")
class TestTimeReports(TrackBillCommon):
    """Helpdesk > Reporting: Time and Overview."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user(
            "manager",
            "helpdesk_mgmt.group_helpdesk_manager,hr_timesheet.group_timesheet_manager",
        )
        cls.today = fields.Date.context_today(cls.env.user)
        cls.this_month = cls.today.replace(day=1)
        cls.last_month = cls.this_month - timedelta(days=1)
        cls.item = cls._sell(cls.post_paid_product, 1)
        cls.ticket = cls._create_ticket(sale_line_id=cls.item.id)
        cls.free_ticket = cls._create_ticket(partner_id=cls.other_customer.id)
        cls._log(cls.ticket, 3, date=cls.last_month)
        cls._log(cls.free_ticket, 1, date=cls.last_month)
        cls._log(cls.ticket, 2, date=cls.today)
        cls.ours = [("ticket_id", "in", (cls.ticket | cls.free_ticket).ids)]

    def _read_report(self, groupby, *aggregates, domain=()):
        self.env.flush_all()
        return (
            self.env["timesheets.analysis.report"]
            .with_user(self.manager)
            ._read_group([*self.ours, *domain], groupby, aggregates)
        )

    def _read_favorite(self, name):
        favorite = self.env.ref(f"helpdesk_track_bill.{name}").with_user(self.manager)
        action = self.env.ref("helpdesk_track_bill.ticket_time_report_action")
        self.assertEqual(favorite.action_id.id, action.id)
        self.assertFalse(favorite.user_ids)
        context = safe_eval(favorite.context)
        return self._read_report(
            [*context["pivot_row_groupby"], *context["pivot_column_groupby"]],
            *(
                f"{name}:{'avg' if name == 'billable_share' else 'sum'}"
                for name in context["pivot_measures"]
            ),
            domain=safe_eval(favorite.domain),
        )

    # ------------------------------------------------------------------
    # Time
    # ------------------------------------------------------------------
    def test_report_weighs_the_billable_share_by_the_time(self):
        self.assertEqual(
            self._read_report([], "unit_amount:sum", "billable_share:avg"),
            [(6.0, 5 / 6)],
        )
        self.assertEqual(
            self._read_report(["ticket_partner_id"], "billable_share:avg"),
            [(self.contact, 1.0), (self.other_customer, 0.0)],
        )

    def test_report_shares_nothing_where_there_is_no_time(self):
        self.env["account.analytic.line"].search(self.ours).unit_amount = 0
        ((share,),) = self._read_report([], "billable_share:avg")
        self.assertFalse(share)

    def test_report_unbilled_until_invoiced(self):
        unbilled = [("is_unbilled", "=", True)]
        self.assertEqual(
            self._read_report([], "unit_amount:sum", domain=unbilled), [(5.0,)]
        )
        invoice = self.item.order_id._create_invoices()
        self.assertEqual(self._read_report([], "__count", domain=unbilled), [(0,)])
        invoice.button_cancel()
        self.assertEqual(
            self._read_report([], "unit_amount:sum", domain=unbilled), [(5.0,)]
        )

    def test_report_knows_no_prepaid_time_as_unbilled(self):
        ticket = self._create_ticket(sale_line_id=self._sell_hours(10).id)
        self._log(ticket, 1)
        report = self.env["timesheets.analysis.report"]
        self.env.flush_all()
        row = report.search([("ticket_id", "=", ticket.id)])
        self.assertFalse(row.is_unbilled)

    def test_report_sorts_entries_by_age(self):
        for days, age in ((0, "a"), (30, "a"), (31, "b"), (61, "c"), (91, "d")):
            entry = self._log(
                self.ticket, 1, date=fields.Date.today() - timedelta(days=days)
            )
            self.env.flush_all()
            row = self.env["timesheets.analysis.report"].browse(entry.id)
            self.assertEqual(row.age, age, days)

    def test_favorite_last_month_by_customer(self):
        self.assertEqual(
            self._read_favorite("filter_last_month_by_customer"),
            [(self.customer, 3.0, 1.0), (self.other_customer, 1.0, 0.0)],
        )

    def test_customers_are_companies_whoever_of_them_asked(self):
        colleague = self.env["res.partner"].create(
            {"name": "Dan", "parent_id": self.customer.id}
        )
        ticket = self._create_ticket(partner_id=colleague.id)
        self._log(ticket, 2, date=self.last_month)
        self.ours = [("ticket_id", "in", (self.ticket | ticket).ids)]
        ((customer, hours, _share),) = self._read_favorite(
            "filter_last_month_by_customer"
        )
        self.assertEqual((customer, hours), (self.customer, 5.0))
        _figures, tables = self._read_overview()
        rows = tables["ticket_commercial_partner_id"]
        self.assertEqual(self._find_row(rows, self.customer)["hours"], 5.0)
        self.assertFalse({self.contact.id, colleague.id} & {row["id"] for row in rows})
        # the list groups them as the report does
        groups = self.env["account.analytic.line"]._read_group(
            self.ours, ["ticket_commercial_partner_id"], ["unit_amount:sum"]
        )
        self.assertEqual(groups, [(self.customer, 7.0)])

    def test_favorites_are_named_in_the_language_of_the_user(self):
        self.env["res.lang"]._activate_lang("ro_RO")
        self.manager.lang = "ro_RO"
        names = {"Last month by customer": "Luna trecută", "Unbilled by age": "Vechime"}
        action = self.env.ref("helpdesk_track_bill.ticket_time_report_action")
        filters = self.env["ir.filters"].with_user(self.manager)
        own = filters.create_filter(
            {
                "name": "Unbilled by age",
                "model_id": "timesheets.analysis.report",
                "user_ids": self.manager.ids,
            }
        )
        with patch.dict(
            code_translations.python_translations,
            {("helpdesk_track_bill", "ro_RO"): names},
        ):
            found = filters.with_context(lang="ro_RO").get_filters(
                "timesheets.analysis.report", action.id
            )
        shown = {row["id"]: row["name"] for row in found}
        for name, text in zip(
            ("last_month_by_customer", "unbilled_by_age"), names.values(), strict=True
        ):
            favorite = self.env.ref(f"helpdesk_track_bill.filter_{name}")
            self.assertEqual(shown[favorite.id], text)
        # what somebody named is theirs
        self.assertEqual(shown[own.id], "Unbilled by age")

    def test_favorite_unbilled_by_age(self):
        self._log(self.ticket, 7, date=fields.Date.today() - timedelta(days=100))
        rows = self._read_favorite("filter_unbilled_by_age")
        self.assertIn((self.customer, "d", 7.0), rows)
        self.assertEqual(sum(hours for *_groups, hours in rows), 12.0)

    def test_report_offers_money_to_those_who_know_prices(self):
        action = self.env.ref("helpdesk_track_bill.ticket_time_report_action")
        seller = self._create_user(
            "seller",
            "helpdesk_mgmt.group_helpdesk_manager,hr_timesheet.group_timesheet_manager,"
            "sales_team.group_sale_salesman_all_leads",
        )
        for user, hidden in ((self.manager, 3), (seller, 0)):
            for view in action.view_ids.filtered(
                lambda view: view.view_mode in ("pivot", "graph")
            ):
                report = self.env["timesheets.analysis.report"].with_user(user)
                arch = self._get_view(report, view.view_mode, view.view_id.id)
                nodes = arch.xpath("//field[@invisible='1']")
                self.assertEqual(len(nodes), hidden, (user.name, view.view_mode))

    # ------------------------------------------------------------------
    # Overview
    # ------------------------------------------------------------------
    def _read_overview(self, period="last_month", user=None):
        overview = self.env["helpdesk.time.overview"].with_user(user or self.manager)
        page = overview.get_overview(period)
        figures = {figure["name"]: figure for figure in page["figures"]}
        tables = {table["name"]: table["rows"] for table in page["tables"]}
        return figures, tables

    def _find_row(self, rows, record):
        return next(row for row in rows if row["id"] == record.id)

    def test_overview_sums_a_period(self):
        before, _tables = self._read_overview()
        self._log(self.ticket, 4, date=self.last_month)
        self._log(self.ticket, 8, date=self.today)
        figures, tables = self._read_overview()
        self.assertEqual(figures["hours"]["hours"] - before["hours"]["hours"], 4)
        team = self._find_row(tables["ticket_team_id"], self.team)
        self.assertEqual((team["hours"], team["share"]), (8.0, 7 / 8))
        agent = self._find_row(tables["employee_id"], self.employee)
        self.assertEqual(agent["hours"], 8.0)
        _figures, tables = self._read_overview("this_month")
        team = self._find_row(tables["ticket_team_id"], self.team)
        self.assertEqual(team["hours"], 10.0)

    def test_overview_opens_what_each_figure_counts(self):
        self._log(self.ticket, 7, date=self.today - timedelta(days=100))
        self.free_ticket.stage_id = self.env.ref(
            "helpdesk_mgmt.helpdesk_ticket_stage_done"
        )
        forgotten = self._create_ticket(stage_id=self.free_ticket.stage_id.id)
        forgotten.closed_date = fields.Datetime.now()
        over = self._create_ticket(sale_line_id=self._sell_hours(1).id)
        self._log(over, 2)
        self.env.flush_all()
        for period in ("last_month", "this_month", "last_quarter"):
            figures, tables = self._read_overview(period)
            rows = [*figures.values(), *chain(*tables.values())]
            for row in rows:
                # as it comes to the client and back
                domain = json.loads(json.dumps(row["domain"]))
                found = self.env[row["model"]].with_user(self.manager).search(domain)
                if "count" in row:
                    self.assertEqual(len(found), row["count"], row)
                if "hours" in row:
                    self.assertAlmostEqual(
                        sum(found.mapped("unit_amount")), row["hours"], 6, row
                    )
        figures, tables = self._read_overview("this_month")
        tickets = self.env["helpdesk.ticket"]
        self.assertIn(over, tickets.search(figures["over"]["domain"]))
        found = tickets.search(figures["closed"]["domain"])
        self.assertIn(forgotten, found)
        self.assertNotIn(self.free_ticket, found)
        self.assertEqual(tables["age"][-1]["id"], 3)

    def test_overview_shows_an_agent_their_own_time_only(self):
        other = self._create_employee(self.salesperson)
        self._log(self.ticket, 20, employee_id=other.id, date=self.last_month)
        _figures, tables = self._read_overview(user=self.agent)
        self.assertEqual(
            [(row["id"], row["hours"]) for row in tables["employee_id"]],
            [(self.employee.id, 4.0)],
        )

    def test_overview_takes_the_same_queries_for_any_number_of_entries(self):
        counts = []
        for number in (1, 30):
            for index in range(number):
                self._log(self.ticket, 1, date=self.last_month, name=str(index))
            self.env.flush_all()
            self.env.invalidate_all()
            self._read_overview()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._read_overview()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])
