from odoo.tests import freeze_time, tagged

from .common import PrepaidCommon


@tagged("post_install", "-at_install")
class TestBlock(PrepaidCommon):
    """The list of blocks, its sums, and the history of each."""

    def _get_block(self, line, user=None):
        blocks = self.env["prepaid.hours.block"]
        if user:
            blocks = blocks.with_user(user)
        return blocks.search([("line_id", "=", line.id)])

    @freeze_time("2026-03-15 12:00:00")
    def test_C5_the_list_shows_the_figures_of_all_periods(self):
        line = self._sell_block(
            30, "2026-01-01", "2026-03-31", hours_period="month", hours_carry_over="all"
        )
        self._log_on(self._create_ticket(), 3, "2026-01-10")
        line.hours_period_ids.sorted("number")[2]._adjust(2, "Goodwill")
        block = self._get_block(line)
        self.assertRecordValues(
            block,
            [
                {
                    "partner_id": self.customer.id,
                    "hours_granted": 30,
                    "hours_adjusted": 2,
                    "hours_used": 3,
                    "hours_expired": 7,
                    "hours_left": 22,
                    "hours_usable": 22,
                    "state": "usable",
                }
            ],
        )
        self.assertEqual(block.name, line._get_hours_name())
        self.assertEqual(block.period_ids, line.hours_period_ids)

    @freeze_time("2026-03-15 12:00:00")
    def test_C5_pivots_and_graphs_add_up_what_is_computed(self):
        first = self._sell_block(10, "2026-01-01", "2026-12-31")
        self._sell_block(5, "2026-01-01")
        self._sell_block(7, partner=self.other_customer)
        self._log_on(self._create_ticket(), 3)
        blocks = self.env["prepaid.hours.block"]
        domain = [("partner_id", "in", (self.customer | self.other_customer).ids)]
        rows = blocks._read_group(
            domain,
            ["partner_id"],
            ["hours_granted:sum", "hours_used:sum", "hours_left:sum", "__count"],
        )
        self.assertEqual(
            {customer.name: values for customer, *values in rows},
            {"Clinic": [15, 3, 12, 2], "Bakery": [7, 0, 7, 1]},
        )
        self.assertEqual(
            blocks._read_group([*domain, ("state", "=", "expired")], [], ["__count"]),
            [(0,)],
        )
        self.assertEqual(
            blocks._read_group([("id", "=", first.id)], [], ["hours_usable:sum"]),
            [(7,)],
        )
        described = blocks.fields_get(["hours_left"], ["aggregator"])
        self.assertEqual(described["hours_left"]["aggregator"], "sum")

    @freeze_time("2026-03-15 12:00:00")
    def test_C5_each_state_can_be_filtered(self):
        expected = {
            "usable": self._sell_block(10),
            "upcoming": self._sell_block(10, "2026-04-01"),
            "unpaid": self._sell_block(10, hours_usable_from="paid"),
            "used_up": self._sell_block(0),
            "overdrawn": self._sell_block(1, "2026-01-01", "2026-02-28"),
            "expired": self._sell_block(10, "2026-01-01", "2026-02-28"),
        }
        self._log_on(
            self._create_ticket(), 2, "2026-02-01", so_line=expected["overdrawn"].id
        )
        blocks = self.env["prepaid.hours.block"]
        sold = [("line_id", "in", [line.id for line in expected.values()])]
        for state, line in expected.items():
            with self.subTest(state=state):
                found = blocks.search([*sold, ("state", "=", state)])
                self.assertEqual(found.line_id, line)
                others = blocks.search([*sold, ("state", "!=", state)])
                self.assertEqual(len(others), len(expected) - 1)
        name = expected["usable"].order_id.name
        self.assertIn(
            expected["usable"].id, blocks.search([("name", "ilike", name)]).ids
        )

    @freeze_time("2026-03-15 12:00:00")
    def test_V5_C5_the_history_ends_at_what_is_left(self):
        line = self._sell_block(
            20,
            "2026-02-01",
            "2026-03-31",
            hours_period="month",
            hours_carry_over="capped",
            hours_carry_over_cap=4,
        )
        ticket = self._create_ticket()
        entry = self._log_on(ticket, 3, "2026-02-10")
        line.hours_period_ids.sorted("number")[1]._adjust(-1.5, "Typo")
        moves = line._get_ledger()[line]
        self.assertEqual(
            [(move.kind, move.hours, move.balance) for move in moves],
            [
                ("granted", 10, 10),
                ("used", -3, 7),
                ("carried_on", -4, 3),
                ("expired", -3, 0),
                ("carried_in", 4, 4),
                ("granted", 10, 14),
                ("adjusted", -1.5, 12.5),
            ],
        )
        self.assertEqual(moves[1].source, entry)
        self.assertEqual(moves[-1].source.reason, "Typo")
        february, march = line.hours_period_ids.sorted("number")
        self.assertEqual((february.hours_left, march.hours_left), (0, 12.5))
        ledger = self._get_block(line).ledger
        for text in ("Carried on", "Typo", ticket.display_name, entry.name, "12:30"):
            self.assertIn(text, ledger)

    def test_C5_the_time_of_a_period_is_what_its_figures_count(self):
        plain = self.env["helpdesk.ticket.team"].create(
            {"name": "By Item", "allow_billable": True}
        )
        block = self._sell_block(10, "2026-02-01", "2026-03-31", hours_period="month")
        by_item = self._create_ticket(team_id=plain.id, sale_line_id=block.id)
        ticket = self._create_ticket(sale_line_id=block.id)
        for logged_on in (by_item, ticket):
            self._log_on(logged_on, 1, "2026-02-10")
            self._log_on(logged_on, 2, "2026-03-10")
        self._log_on(by_item, 4, "2026-01-10")
        periods = block.hours_period_ids.sorted("number")
        # neither may read orders
        manager = self._create_user("lead", "helpdesk_mgmt.group_helpdesk_manager")
        for opened in (*periods, periods, self._get_block(block)):
            self.env.invalidate_all()
            action = opened.with_user(manager).action_view_entries()
            entries = self.env["account.analytic.line"].search(action["domain"])
            with self.subTest(opened=opened):
                self.assertAlmostEqual(
                    sum(entries.mapped("unit_amount")),
                    sum(opened.mapped("hours_used")),
                )
        self.assertEqual(periods.mapped("hours_used"), [6, 4])
        self.assertNotIn(
            ",", self._get_block(block).action_view_entries()["display_name"]
        )

    def test_A4_the_history_names_only_what_the_reader_may_see(self):
        line = self._sell_block(10, "2026-01-01")
        self._log_on(self._create_ticket(), 2)
        other_team = self.team.copy({"name": "Others", "user_ids": False})
        other_team.write({"prepaid_draw": "order", "allow_billable": True})
        hidden = self._create_ticket(name="Hidden", team_id=other_team.id)
        colleague = self._create_employee(self.salesperson)
        self._log_on(hidden, 3, name="Secret", employee_id=colleague.id)
        block = self._get_block(line, self.agent)
        self.assertEqual(block.hours_left, 5)
        self.assertIn("Printer stuck", block.ledger)
        self.assertIn("Other time", block.ledger)
        self.assertNotIn("Hidden", block.ledger)
        self.assertNotIn("Secret", block.ledger)

    def test_C5_a_list_asks_no_more_for_more_blocks(self):
        few = [self._sell_block(5, "2026-01-01", "2099-12-31") for _n in range(2)]
        counts = []
        for more in ([], [self._sell_block(5, "2026-01-01") for _n in range(8)]):
            few += more
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.env["prepaid.hours.block"].search(
                [("line_id", "in", [line.id for line in few])]
            ).read(["name", "partner_id", "hours_left", "hours_usable", "state"])
            counts.append(self.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_list_form_pivot_and_graph_open_as_each_role(self):
        line = self._sell_block(10, "2026-01-01")
        self._create_ticket()
        users = [
            self._create_user("manager", "helpdesk_mgmt.group_helpdesk_manager"),
            self.salesperson,
            self._create_user("accountant", "account.group_account_invoice"),
            self.agent,
        ]
        for user in users:
            with self.subTest(user=user.login):
                block = self._get_block(line, user)
                answers = self._read_views(user, block)
                self.assertEqual(answers["list"]["hours_left"], 10)
                self.assertIn("Bought", answers["form"]["ledger"])
