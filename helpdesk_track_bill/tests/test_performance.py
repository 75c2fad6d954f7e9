from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .common import TrackBillCommon

# Odoo itself reads more in the first entry of a request that is on a ticket: the team
FIRST_ENTRY_MORE = 1
# what time may add to the creation of any number of tickets
TICKETS_MORE = 12
# what time may add to a page of the list: teams, projects, order items and orders
LIST_MORE = 4


@tagged("post_install", "-at_install")
class TestPerformance(TrackBillCommon):
    """Queries counted, beside core's own way of the same work; times are measured by
    the benchmark."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.item = cls._sell_hours(1000)
        cls.project = cls.env["project.project"].create(
            {"name": "Tasks", "allow_billable": True, "partner_id": cls.customer.id}
        )

    def _create_tickets(self, count, **values):
        return self.env["helpdesk.ticket"].create(
            [
                {
                    "name": f"Ticket {number}",
                    "description": "It hums.",
                    "team_id": self.team.id,
                    "partner_id": self.contact.id,
                    **values,
                }
                for number in range(count)
            ]
        )

    def _create_tasks(self, count):
        return self.env["project.task"].create(
            [
                {
                    "name": f"Task {number}",
                    "project_id": self.project.id,
                    "sale_line_id": self.item.id,
                }
                for number in range(count)
            ]
        )

    def _prepare_entries(self, records, count):
        link = "ticket_id" if records._name == "helpdesk.ticket" else "task_id"
        return [
            {
                link: records[number % len(records)].id,
                "employee_id": self.employee.id,
                "name": "Done",
                "unit_amount": 0.25,
            }
            for number in range(count)
        ]

    def _count_queries(self, act, warm=False):
        """Queries of a call up to the last flush, with Odoo's own caches filled.

        :param warm: whether the records stay in the cache too
        """
        for _time in range(2):
            self.env.flush_all()
            if not warm:
                self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            act()
            self.env.flush_all()
            queries = self.env.cr.sql_log_count - before
        return queries

    def _count_logging(self, records, count, warm=False):
        entries = self.env["account.analytic.line"]
        return self._count_queries(
            lambda: entries.create(self._prepare_entries(records, count)), warm
        )

    def test_an_entry_on_a_ticket_takes_the_queries_of_one_on_a_task(self):
        ticket, task = self._create_tickets(1), self._create_tasks(1)
        # statements, where they are installed, ask once whether a day is locked
        lock = int("prepaid.hours.statement" in self.env)
        self.assertLessEqual(
            self._count_logging(ticket, 1, warm=True),
            self._count_logging(task, 1, warm=True) + lock,
        )
        self.assertLessEqual(
            self._count_logging(ticket, 1),
            self._count_logging(task, 1) + FIRST_ENTRY_MORE + lock,
        )

    def test_many_entries_on_tickets_take_the_queries_of_as_many_on_tasks(self):
        tickets, tasks = self._create_tickets(10), self._create_tasks(10)
        self.assertLessEqual(
            self._count_logging(tickets, 100), self._count_logging(tasks, 100)
        )

    def test_K2_takes_the_same_queries_for_any_number_of_tickets(self):
        without_time = self.env["helpdesk.ticket.team"].create({"name": "No time"})
        customers = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(20)]
        )
        for customer in customers:
            self._sell_hours(5, partner=customer)

        def create(team):
            return self.env["helpdesk.ticket"].create(
                [
                    {
                        "name": customer.name,
                        "description": "It hums.",
                        "team_id": team.id,
                        "partner_id": customer.id,
                    }
                    for customer in customers
                ]
            )

        more = self._count_queries(lambda: create(self.team)) - self._count_queries(
            lambda: create(without_time)
        )
        self.assertLessEqual(more, TICKETS_MORE)
        self.assertEqual(create(self.team).sale_line_id.order_partner_id, customers)

    def test_K2_finds_the_items_of_all_customers_by_one_query(self):
        items = self.env["sale.order.line"].sudo()
        customers = self.customer | self.other_customer
        newest = self._sell_hours(5)
        other = self._sell_hours(5, partner=self.other_customer)
        self.env.flush_all()
        with self.assertQueryCount(1):
            found = items._get_newest_prepaid_by_customer(customers, self.company)
        self.assertEqual(
            found,
            {
                (self.customer, self.company): newest,
                (self.other_customer, self.company): other,
            },
        )

    def test_K2_newest_by_date_then_by_id_over_all_contacts(self):
        """Contacts of one customer are walked apart; the newest of all counts."""
        now = fields.Datetime.now()
        self.item.order_id.date_order = fields.Datetime.subtract(now, days=9)
        by_contact = self._sell_hours(5, partner=self.contact, date=now)
        self._sell_hours(5, date=fields.Datetime.subtract(now, days=1))
        items = self.env["sale.order.line"].sudo()

        def find():
            found = items._get_newest_prepaid_by_customer(self.customer, self.company)
            return found[self.customer, self.company]

        self.assertEqual(find(), by_contact)
        same_moment = self._sell_hours(5, date=now)
        self.assertEqual(find(), same_moment)

    def test_the_list_takes_the_same_queries_for_any_number_of_tickets(self):
        names = {
            "sale_line_id": {"fields": {"display_name": {}}},
            "total_hours": {},
            "remaining_hours_available": {},
            "remaining_hours_so": {},
            "allow_timesheet": {},
        }
        tickets = self._create_tickets(20)
        few, many = (
            self._count_queries(lambda shown=shown: shown.web_read(names))
            for shown in (tickets[:2], tickets)
        )
        self.assertEqual(few, many)

    def test_the_list_takes_few_queries_more_than_without_our_columns(self):
        tickets = self._create_tickets(20).with_user(self.agent)
        arch = self._get_view(tickets, "list")
        ours = self._get_specification(tickets, arch)
        base = {
            name: wanted
            for name, wanted in ours.items()
            if tickets._fields[name]._modules != ("helpdesk_track_bill",)
        }
        self.assertLess(len(base), len(ours))
        tickets.web_read(ours)
        more = self._count_queries(lambda: tickets.web_read(ours))
        more -= self._count_queries(lambda: tickets.web_read(base))
        self.assertLessEqual(more, LIST_MORE)

    def test_the_list_names_items_as_their_order_does(self):
        tickets = self._create_tickets(2).with_user(self.agent)
        arch = self._get_view(tickets, "list")
        specification = self._get_specification(tickets, arch)
        row = tickets.web_read(specification)[0]
        self.assertEqual(
            row["sale_line_id"]["display_name"],
            f"{self.item.order_id.name} - {self.prepaid_product.name}",
        )

    def test_the_default_order_of_the_list_has_an_index(self):
        query = (
            self.env["helpdesk.ticket"]
            .sudo()
            ._search([], limit=80, order=self.env["helpdesk.ticket"]._order)
        )
        # a table of a few rows would be read as a whole and sorted
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        self.env.cr.execute("SET LOCAL enable_sort = off")
        plan = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
        self.assertIn("helpdesk_ticket_default_order_index", str(plan))

    def test_the_form_takes_the_same_queries_for_any_number_of_entries(self):
        names = {
            "timesheet_ids": {
                "fields": {
                    "employee_id": {"fields": {"display_name": {}}},
                    "readonly_timesheet": {},
                    "so_line": {"fields": {"display_name": {}}},
                    "unit_amount": {},
                }
            },
            "hours_on_other_items": {},
            "remaining_hours_so": {},
        }
        ticket = self._create_tickets(1)
        counts = set()
        for entries in (2, 38):
            ticket.timesheet_ids.create(self._prepare_entries(ticket, entries))
            counts.add(self._count_queries(lambda: ticket.web_read(names)))
        self.assertEqual(len(counts), 1, counts)

    def test_the_cards_take_the_same_queries_for_any_number_of_teams(self):
        teams = self.team.copy() | self.team.copy() | self.team.copy() | self.team
        for team in teams:
            ticket = self._create_tickets(1, team_id=team.id)
            ticket.timesheet_ids.create(self._prepare_entries(ticket, 3))
        names = {
            "week_hours": {},
            "week_billable_share": {},
            "over_prepaid_ticket_count": {},
        }
        few, many = (
            self._count_queries(lambda shown=shown: shown.web_read(names))
            for shown in (teams[:1], teams)
        )
        self.assertEqual(few, many)

    def test_over_prepaid_hours_are_found_by_an_index(self):
        condition = [("remaining_hours", "<", 0)]
        tickets = self.env["helpdesk.ticket"]._search([("remaining_hours_so", "<", 0)])
        items = self.env["sale.order.line"].sudo()._search(condition)
        self.assertIn('"remaining_hours" < ', str(tickets.select()))
        # a table of a few rows would be read as a whole
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        plan = self.env.execute_query(SQL("EXPLAIN %s", items.select()))
        self.assertIn("sale_order_line_over_prepaid_index", str(plan))
