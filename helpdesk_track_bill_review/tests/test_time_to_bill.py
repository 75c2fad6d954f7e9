import os

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, freeze_time, tagged

from .common import ReviewCommon

# see docs/development.md
MONTHS = int(os.environ.get("MONTHS_EXAMPLES", "25"))


@tagged("post_install", "-at_install")
class TestTimeToBill(ReviewCommon):
    def _find(self):
        return self.env["account.analytic.line"].search(
            [("is_time_to_bill", "=", True), ("ticket_id.team_id", "=", self.team.id)]
        )

    def _preview(self, entries=None, **values):
        """The preview as the biller opens it from the screen."""
        wizard = self.env["helpdesk.time.invoice"].with_user(self.biller)
        return wizard.create({"entry_ids": entries and entries.ids, **values})

    def _create_invoices(self, wizard):
        orders = wizard.line_ids.order_id.sudo()
        known = orders.invoice_ids
        wizard.action_create_invoices()
        return orders.invoice_ids - known

    # --- BP2 ----------------------------------------------------------
    def test_BP2_all_time_that_is_not_invoiced_yet(self):
        entry = self._log(self.ticket, 1)
        self.assertEqual(self._find(), entry)
        self._invoice(self.item.order_id)
        self.assertFalse(self._find())
        self.assertFalse(entry.is_time_to_bill)

    def test_BP2_prepaid_time_comes_when_its_item_is_overrun(self):
        prepaid = self._sell_hours(2)
        ticket = self._create_ticket(sale_line_id=prepaid.id)
        entry = self._log(ticket, 2)
        self.assertFalse(self._find())
        entry.unit_amount = 3
        self.assertEqual(self._find(), entry)
        self.assertEqual(entry.billing_warning, "Overrun")

    def test_BP2_time_without_an_item_comes_unless_it_was_made_non_billable(self):
        ticket = self._create_ticket(partner_id=self.other_customer.id)
        entry = self._log(ticket, 2)
        self.assertEqual(self._find(), entry)
        self.assertIn("No item", entry.billing_warning)
        entry.is_so_line_edited = True
        self.assertFalse(self._find())

    def test_BP2_written_off_time_is_dealt_with(self):
        entry = self._log(self.ticket, 1)
        entry.no_charge_reason_id = self.written_off
        self.assertFalse(self._find())
        entry.no_charge_reason_id = self.goodwill
        self.assertEqual(self._find(), entry)

    @freeze_time("2026-05-10")
    def test_BP2_what_needs_attention_is_said(self):
        self.team.review_time = True
        self.ticket.planned_hours = 1
        entry = self._log(self.ticket, 2, date="2026-05-01")
        entry.invoice_from = "2026-06-01"
        self.assertEqual(
            entry.billing_warning, "Not approved, Held back, Estimate exceeded"
        )
        entry.write({"invoice_from": False, "review_state": "approved"})
        self.assertEqual(entry.billing_warning, "Estimate exceeded")

    @freeze_time("2026-05-10")
    def test_BP2_each_warning_has_its_filter(self):
        self.team.review_time = True
        plain = self._create_ticket(sale_line_id=self.item.id)
        overrun = self._sell_hours(1)
        told = {
            "questioned": {"is_questioned": True},
            "no_item": {"so_line": False, "is_so_line_edited": False},
            "overrun": {"so_line": overrun.id, "unit_amount": 2},
            "rejected": {"review_state": "rejected"},
            "held_back": {"invoice_from": "2026-06-01"},
            "no_reason": {"unit_amount_rounded": 3},
            "changed": {},
        }
        entries = {key: self._log(plain, 1) for key in [*told, "estimate", "fine"]}
        for key, values in told.items():
            entries[key].write(values)
        done = self.env["account.analytic.line"].union(
            *(entries[key] for key in entries if key != "rejected")
        )
        done.with_user(self.reviewer).action_approve()
        entries["changed"].unit_amount = 1.5
        estimated = self._create_ticket(sale_line_id=self.item.id, planned_hours=1)
        entries["estimate"].ticket_id = estimated
        entries["estimate"].unit_amount = 2
        entries["estimate"].with_user(self.reviewer).action_approve()
        every = self.env["account.analytic.line"].union(*entries.values())
        waiting = self._log(plain, 1)
        entries["not_approved"] = waiting
        for user in (self.reviewer, self.biller):
            search = self.env["account.analytic.line"].with_user(user).search
            for key, entry in entries.items():
                if key == "fine":
                    continue
                found = search(
                    [("billing_warning", "=", key), ("id", "in", (every | waiting).ids)]
                )
                with self.subTest(user=user.login, key=key):
                    self.assertEqual(found.ids, entry.ids)
        self.assertFalse(entries["fine"].billing_warning)
        self.assertEqual(entries["fine"].billing_attention, 0)
        found = self.env["account.analytic.line"].search(
            [("billing_warning", "=", False), ("id", "in", every.ids)]
        )
        self.assertEqual(found, entries["fine"])

    def test_BP2_what_needs_attention_comes_first(self):
        fine = self._log(self.ticket, 1, date="2026-05-01")
        asked = self._log(self.ticket, 1, date="2026-05-02", is_questioned=True)
        item = self._sell(self.post_paid_product, 1, partner=self.other_customer)
        other = self._create_ticket(
            partner_id=self.other_customer.id, sale_line_id=item.id
        )
        quiet = self._log(other, 1)
        entries = self.env["account.analytic.line"].with_user(self.biller)
        order = "billing_attention desc, date, id"
        domain = [("id", "in", (fine | asked | quiet).ids)]
        found = entries.search(domain, order=order)
        self.assertEqual(found.ids[:2], [asked.id, fine.id])
        groups = entries.web_read_group(
            domain, ["billing_partner_id"], ["billing_attention:sum"], order=order
        )["groups"]
        self.assertEqual(
            [
                (group["billing_partner_id"][1], group["billing_attention:sum"])
                for group in groups
            ],
            [("Clinic", 1), (self.other_customer.display_name, 0)],
        )
        self.assertEqual(
            entries.fields_get(["billing_attention"])["billing_attention"][
                "aggregator"
            ],
            "sum",
        )

    def test_BP2_many_are_written_off_at_once(self):
        entries = self._log(self.ticket, 1) | self._log(self.ticket, 2)
        with self.assertRaises(AccessError):
            entries.with_user(self.biller).action_write_off()
        entries.with_user(self.reviewer).action_write_off()
        self.assertFalse(entries & self._find())
        self.assertEqual(self.item.qty_to_invoice, 0)

    def test_BP2_amounts_are_those_of_the_invoice(self):
        self.item.write({"price_unit": 33.33, "discount": 10})
        entry = self._log(self.ticket, 1.37).with_user(self.biller)
        amount = entry.billing_amount
        self.assertEqual(entry.billing_price, 33.33)
        self.assertEqual(self._invoice(self.item.order_id).amount_untaxed, amount)

    # --- rows that are edited -----------------------------------------
    def _edit_row(self, user, entry, view="time_to_bill", **changes):
        """Edit a row of the list, as the client does: each change asks the server."""
        view = f"helpdesk_track_bill_review.{view}_view_list"
        with Form(entry.with_user(user), view=view) as row:
            for name, value in changes.items():
                setattr(row, name, value)

    def test_BP2_reviewers_edit_rows(self):
        kind = self._create_kind(factor=2)
        for view in ("time_to_bill", "time_to_review"):
            entry = self._log(self.ticket, 1)
            with self.subTest(view=view):
                self._edit_row(
                    self.reviewer,
                    entry,
                    view,
                    unit_amount_rounded=3,
                    review_reason="Agreed",
                    invoice_from="2100-01-01",
                )
                self.assertTrue(entry.is_billed_amount_edited)
                self.assertEqual(entry.unit_amount_rounded, 3)
                self.assertEqual(str(entry.invoice_from), "2100-01-01")
                other = self._log(self.ticket, 1)
                self._edit_row(self.reviewer, other, view, time_type_id=kind)
                self.assertEqual(other.unit_amount_rounded, 2)

    def test_BP2_billers_edit_what_they_may_of_rows(self):
        without_accounting = self._create_user(
            "selling_biller",
            "helpdesk_track_bill_review.group_biller,sales_team.group_sale_salesman",
        )
        other = self._sell(self.post_paid_product, 1, billing_step=1)
        for user in (self.biller, without_accounting):
            entry = self._log(self.ticket, 0.5)
            with self.subTest(user=user.login):
                self._edit_row(user, entry, so_line=other, invoice_from="2100-01-01")
                self.assertEqual(entry.so_line, other)
                self.assertEqual(entry.unit_amount_rounded, 1)
                self.assertFalse(entry.is_billed_amount_edited)
                self.assertEqual(str(entry.invoice_from), "2100-01-01")
                with self.assertRaises(AccessError):
                    self._edit_row(
                        user, entry, unit_amount_rounded=3, review_reason="Agreed"
                    )
                with self.assertRaises(AccessError):
                    entry.with_user(user).unit_amount = 3

    def test_BP2_editing_rows_gives_no_other_right(self):
        entry = self._log(self.ticket, 1)
        for user in (self.reviewer, self.biller):
            mine = entry.with_user(user)
            with self.subTest(user=user.login):
                for values in (
                    {"unit_amount": 3},
                    {"date": "2026-01-01"},
                    {"employee_id": self.reviewing_employee.id},
                    {"amount": -1},
                ):
                    with self.assertRaises(AccessError):
                        mine.write(values)
                with self.assertRaises(AccessError):
                    mine.unlink()

    def test_BP2_rows_follow_the_rule_where_no_hours_are_typed(self):
        kind = self._create_kind(factor=2)
        other = self._sell(self.post_paid_product, 1, billing_step=1)
        for changes, hours in (
            ({"time_type_id": kind}, 3),
            ({"so_line": other}, 2),
            ({"no_charge_reason_id": self.goodwill}, 0),
            ({"no_charge_reason_id": self.written_off}, 0),
        ):
            entry = self._log(self.ticket, 1.5)
            with self.subTest(**changes):
                self._edit_row(self.reviewer, entry, **changes)
                self.assertFalse(entry.is_billed_amount_edited)
                self.assertEqual(entry.unit_amount_rounded, hours)
                for name, value in changes.items():
                    self.assertEqual(entry[name], value)

    def _type_hours_beside_a_kind(self, hours, reason):
        """Give an hour's entry a kind that doubles it, and other hours by hand."""
        entry = self._log(self.ticket, 1)
        kind = self._create_kind(factor=2)
        self._edit_row(
            self.reviewer,
            entry,
            time_type_id=kind,
            unit_amount_rounded=hours,
            review_reason=reason,
        )
        self.assertEqual(entry.time_type_id, kind)
        self.assertEqual(entry.unit_amount_rounded, hours)
        self.assertTrue(entry.is_billed_amount_edited)
        return entry

    def test_W4_hours_that_are_typed_beside_a_kind_are_by_hand(self):
        entry = self._type_hours_beside_a_kind(1.5, "Agreed")
        # those of the rule are by rule again
        entry.write({"unit_amount": 2, "unit_amount_rounded": 4})
        self.assertEqual(entry.unit_amount_rounded, 4)
        self.assertFalse(entry.is_billed_amount_edited)

    def test_W4_hours_that_stay_beside_a_kind_are_by_hand(self):
        entry = self._type_hours_beside_a_kind(1, "One to one")
        self.assertEqual(entry.billing_explanation, "Set by hand; One to one")

    def test_W4_billers_give_a_reason_that_is_missing(self):
        entry = self._log(self.ticket, 1)
        entry.unit_amount_rounded = 2
        self._edit_row(
            self.biller, entry, invoice_from="2100-01-01", review_reason="As agreed"
        )
        self.assertEqual(entry.review_reason, "As agreed")
        with self.assertRaises(AccessError):
            self._edit_row(
                self.biller, entry, invoice_from=False, review_reason="Otherwise"
            )

    def test_BP2_billers_hold_back_with_the_button(self):
        entry = self._log(self.ticket, 1)
        entry.write({"unit_amount_rounded": 2, "review_reason": "Agreed"})
        for reason in (False, "Waits for the parts"):
            self.env["helpdesk.time.decision"].with_user(self.biller).create(
                {
                    "entry_ids": entry.ids,
                    "decision": "hold",
                    "invoice_from": "2100-01-01",
                    "reason": reason,
                }
            ).action_apply()
            self.assertEqual(str(entry.invoice_from), "2100-01-01")
            # the reason of the day is in the history, the entry has that of its hours
            self.assertEqual(entry.review_reason, "Agreed")
            self.assertEqual(self._read_history(entry)[-1][3], reason)
            entry.invoice_from = False

    def test_BP3_salespeople_see_and_invoice_their_own_orders(self):
        seller = self._create_user(
            "own_biller",
            "helpdesk_track_bill_review.group_biller,sales_team.group_sale_salesman",
        )
        own = self._sell(self.post_paid_product, 1, price_unit=50)
        own.order_id.user_id = seller
        self.item.order_id.user_id = self.biller
        self._log(self.ticket, 1)
        entry = self._log(self._create_ticket(sale_line_id=own.id), 2)
        wizard = self.env["helpdesk.time.invoice"].with_user(seller).create({})
        self.assertEqual(wizard.line_ids.sale_line_id, own)
        wizard.action_create_invoices()
        self.assertFalse(wizard.is_changed)
        self.assertEqual(entry.timesheet_invoice_id.amount_untaxed, 100)

    def _read_groups(self, entries, groupby, user=None):
        """What the list shows beside each group: ``{name: aggregates}``."""
        groups = (
            self.env["account.analytic.line"]
            .with_user(user or self.biller)
            .with_context(is_timesheet=1)
            .web_read_group(
                [("id", "in", entries.ids)],
                [groupby],
                [
                    "unit_amount:sum",
                    "unit_amount_rounded:sum",
                    "billing_amount:sum",
                    "billing_amount:sum_currency",
                    "billing_currency_id:array_agg_distinct",
                ],
                order="billing_attention desc, date, id",
            )["groups"]
        )
        return {group[groupby] and group[groupby][0]: group for group in groups}

    def test_BP2_groups_show_what_the_invoice_will_be(self):
        self.item.price_unit = 33.33
        thirds = self.env["account.analytic.line"].union(
            *(self._log(self.ticket, 1 / 3) for _number in range(3))
        )
        other = self._log(self._create_ticket(sale_line_id=self.item.id), 2)
        item = self._sell(self.post_paid_product, 1, price_unit=10, billing_step=1)
        step = self._log(self._create_ticket(sale_line_id=item.id), 0.5)
        entries = thirds | other | step
        # 11.00 each by itself, and 33.33 on the invoice
        self.assertEqual(set(thirds.mapped("billing_amount")), {11.0})
        tickets = self._read_groups(entries, "ticket_id")
        self.assertEqual(
            [
                tickets[entry.ticket_id.id]["billing_amount:sum"]
                for entry in (thirds[0], other, step)
            ],
            [33.33, 66.66, 10],
        )
        items = self._read_groups(entries, "so_line")
        (customer,) = self._read_groups(entries, "billing_partner_id").values()
        self.assertEqual(customer["unit_amount:sum"], 3.5)
        self.assertEqual(customer["unit_amount_rounded:sum"], 4)
        for line in self.item | item:
            invoice = self._create_invoices(self._preview(line.timesheet_ids))
            self.assertEqual(
                items[line.id]["billing_amount:sum"], invoice.amount_untaxed
            )
        self.assertAlmostEqual(customer["billing_amount:sum"], 109.99)

    def test_BP2_groups_of_several_currencies_are_told_apart(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        yen.rate_ids = [
            Command.clear(),
            Command.create({"name": "2020-01-01", "rate": 100}),
        ]
        foreign = self._sell_in(yen, price_unit=1000)
        entries = self._log(self.ticket, 1)
        entries |= self._log(self._create_ticket(sale_line_id=foreign.id), 2)
        without = self._log(self.ticket, 1)
        without.write({"so_line": False, "is_so_line_edited": False})
        entries |= without
        items = self._read_groups(entries, "so_line")
        currency = "billing_currency_id:array_agg_distinct"
        self.assertEqual(items[foreign.id][currency], yen.ids)
        self.assertEqual(items[foreign.id]["billing_amount:sum"], 2000)
        self.assertEqual(items[foreign.id]["billing_amount:sum_currency"], 20)
        self.assertEqual(items[False][currency], [])
        self.assertEqual(items[False]["billing_amount:sum"], 0)
        (ticket,) = self._read_groups(
            self.ticket.timesheet_ids, "billing_partner_id"
        ).values()
        # time without an item makes it no second currency
        self.assertEqual(ticket[currency], self.company.currency_id.ids)
        (customer,) = self._read_groups(entries, "billing_partner_id").values()
        self.assertEqual(set(customer[currency]), {*yen.ids, *ticket[currency]})
        self.assertEqual(customer["billing_amount:sum_currency"], 70)

    def test_BP2_groups_show_amounts_to_billers_only(self):
        entry = self._log(self.ticket, 1)
        fields_of = {
            user: self.env["account.analytic.line"]
            .with_user(user)
            .fields_get(["billing_amount"], ["aggregator"])
            for user in (self.biller, self.reviewer, self.agent)
        }
        self.assertEqual(
            fields_of[self.biller], {"billing_amount": {"aggregator": "sum"}}
        )
        for user in (self.reviewer, self.agent):
            self.assertFalse(fields_of[user])
            with self.assertRaises(AccessError):
                self._read_groups(entry, "so_line", user)

    def test_BP2_groups_take_the_same_queries_for_any_number_of_them(self):
        counts = []
        for number in (2, 20):
            items = self.env["sale.order.line"].union(
                *(self._sell(self.post_paid_product, 1) for _number in range(number))
            )
            entries = self.env["account.analytic.line"].union(
                *(
                    self._log(self._create_ticket(sale_line_id=item.id), 1)
                    for item in items
                )
            )
            self._read_groups(entries, "so_line")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.assertEqual(len(self._read_groups(entries, "so_line")), number)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts[0], counts[1])

    def test_BP2_reviewers_change_it_in_the_list(self):
        entry = self._log(self.ticket, 1)
        entries = self.env["account.analytic.line"].with_user(self.reviewer)
        kind = self._create_kind(factor=2)
        other = self._sell(self.post_paid_product, 1)
        entry.with_user(self.reviewer).web_save(
            {
                "name": "On the invoice",
                "time_type_id": kind.id,
                "so_line": other.id,
                "is_so_line_edited": True,
                "invoice_from": "2030-01-01",
            },
            {"display_name": {}},
        )
        self.assertEqual(entry.name, "On the invoice")
        self.assertEqual(entry.unit_amount_rounded, 2)
        self.assertEqual(entry.so_line, other)
        # and in many lines at once
        entries.browse(entry.ids).web_save_multi(
            [{"unit_amount_rounded": 4}], {"display_name": {}}
        )
        self.assertEqual(entry.unit_amount_rounded, 4)

    def test_BP2_the_screen_opens_for_reviewers_and_billers(self):
        self._log(self.ticket, 1)
        action = self.env.ref("helpdesk_track_bill_review.time_to_bill_action")
        for user, sees_prices in ((self.reviewer, False), (self.biller, True)):
            with self.subTest(user=user.login):
                entries = self.env["account.analytic.line"].with_user(user)
                groups = entries.with_context(is_timesheet=1).web_read_group(
                    [("is_time_to_bill", "=", True)],
                    ["billing_partner_id"],
                    ["unit_amount:sum", "unit_amount_rounded:sum"],
                )
                customers = [
                    group["billing_partner_id"][1] for group in groups["groups"]
                ]
                self.assertIn("Clinic", customers)
                self.assertTrue(entries.fields_get()["billing_partner_id"]["groupable"])
                view = entries.get_views([(action.view_ids[0].view_id.id, "list")])[
                    "views"
                ]["list"]["arch"]
                self.assertEqual("billing_amount" in view, sees_prices)
                visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
                menu = self.env.ref("helpdesk_track_bill_review.time_to_bill_menu")
                self.assertIn(menu.id, visible)

    # --- BP3 ----------------------------------------------------------
    def test_BP3_the_preview_shows_what_is_invoiced(self):
        self._log(self.ticket, 1.5)
        wizard = self._preview()
        lines = wizard.line_ids.filtered(
            lambda line: line.sale_line_id.id == self.item.id
        )
        self.assertEqual((lines.quantity, lines.amount), (1.5, 75))

    def test_BP3_a_selection_is_invoiced_and_nothing_else(self):
        selected = self._log(self.ticket, 1)
        rest = self._log(self.ticket, 2)
        wizard = self._preview(selected)
        self.assertEqual(wizard.line_ids.mapped("quantity"), [1])
        invoice = self._create_invoices(wizard)
        self.assertEqual(invoice.timesheet_ids, selected)
        self.assertEqual(invoice.amount_untaxed, 50)
        self.assertEqual(self.item.qty_to_invoice, 2)
        invoice.action_post()
        self.assertEqual(self._invoice(self.item.order_id).timesheet_ids, rest)

    def test_BP3_a_span_is_invoiced(self):
        inside = self._log(self.ticket, 1, date="2026-02-10")
        self._log(self.ticket, 2, date="2026-03-10")
        invoice = self._create_invoices(
            self._preview(start_date="2026-02-01", end_date="2026-02-28")
        )
        self.assertEqual(invoice.timesheet_ids, inside)
        self.assertEqual(self.item.qty_to_invoice, 2)

    def test_BP3_a_span_or_a_selection_beside_time_that_is_held_back(self):
        for values in (
            {"start_date": "2026-02-01", "end_date": "2026-02-28"},
            {"entries": True},
        ):
            inside = self._log(self.ticket, 1, date="2026-02-10")
            self._log(self.ticket, 2, date="2026-03-10")
            self._log(self.ticket, 4, invoice_from="2100-01-01", date="2026-02-11")
            entries = values.pop("entries", None) and inside
            with self.subTest(selected=bool(entries)):
                invoice = self._create_invoices(self._preview(entries, **values))
                self.assertEqual(invoice.timesheet_ids, inside)
                self.assertEqual(invoice.amount_untaxed, 50)

    def test_BP3_a_customer_is_invoiced(self):
        mine = self._log(self.ticket, 1)
        item = self._sell(self.post_paid_product, 1, partner=self.other_customer)
        ticket = self._create_ticket(
            partner_id=self.other_customer.id, sale_line_id=item.id
        )
        self._log(ticket, 1)
        invoice = self._create_invoices(self._preview(partner_id=self.contact.id))
        self.assertEqual(invoice.timesheet_ids, mine)
        self.assertEqual(item.qty_to_invoice, 1)

    def test_BP3_orders_of_a_customer_are_grouped_as_core_does(self):
        other = self._sell(self.post_paid_product, 1, price_unit=50)
        self._log(self.ticket, 1)
        self._log(self._create_ticket(sale_line_id=other.id), 1)
        lines = (self.item | other).order_id
        wizard = self._preview(lines.order_line.timesheet_ids)
        self.assertEqual(len(self._create_invoices(wizard)), 1)

    def test_BP3_one_invoice_for_each_order(self):
        other = self._sell(self.post_paid_product, 1, price_unit=50)
        self._log(self.ticket, 1)
        self._log(self._create_ticket(sale_line_id=other.id), 1)
        entries = (self.item | other).timesheet_ids
        wizard = self._preview(entries, consolidated_billing=False)
        self.assertEqual(len(self._create_invoices(wizard)), 2)

    def test_BP3_time_that_changed_is_shown_again(self):
        entry = self._log(self.ticket, 1)
        wizard = self._preview(entry)
        self.assertEqual(wizard.line_ids.amount, 50)
        entry.unit_amount = 2
        self.assertFalse(self._create_invoices(wizard))
        self.assertTrue(wizard.is_changed)
        self.assertEqual(wizard.line_ids.amount, 100)
        self.assertEqual(self._create_invoices(wizard).amount_untaxed, 100)

    def test_BP3_time_that_changed_while_the_dialog_was_open_is_shown_again(self):
        entry = self._log(self.ticket, 1)
        wizard = self.env["helpdesk.time.invoice"].with_user(self.biller)
        form = Form(wizard.with_context(default_entry_ids=entry.ids))
        self.assertEqual(len(form.line_ids), 1)
        entry.unit_amount = 2
        self.env.flush_all()
        wizard = form.save()
        self.assertEqual(wizard.action_create_invoices()["res_id"], wizard.id)
        self.assertTrue(wizard.is_changed)
        self.assertEqual(wizard.line_ids.amount, 100)
        self.assertEqual(self._create_invoices(wizard).amount_untaxed, 100)

    def test_BP3_nothing_due_is_said(self):
        self.team.review_time = True
        wizard = self._preview(self._log(self.ticket, 1))
        with self.assertRaisesRegex(UserError, "No time is to be invoiced"):
            wizard.action_create_invoices()

    def test_BP3_the_biller_sees_the_preview_as_a_form(self):
        entry = self._log(self.ticket, 1)
        wizard = self.env["helpdesk.time.invoice"].with_user(self.biller)
        form = Form(wizard.with_context(default_entry_ids=entry.ids))
        self.assertEqual(len(form.line_ids), 1)
        form.end_date = "2000-01-01"
        self.assertFalse(len(form.line_ids))

    def test_BP3_only_billers_invoice_from_here(self):
        self._log(self.ticket, 1)
        with self.assertRaises(AccessError):
            self.env["helpdesk.time.invoice"].with_user(self.reviewer).create({})

    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=[HealthCheck.differing_executors],
    )
    @given(
        st.lists(
            st.tuples(
                st.integers(1, 600),
                st.sampled_from(["bill", "free", "hold", "nothing"]),
            ),
            min_size=1,
            max_size=6,
        ),
        st.integers(1, 20000),
        st.sampled_from([0.0, 0.25, 1.0]),
    )
    def test_BP3_the_preview_is_the_invoice_to_the_cent(self, work, cents, step):
        item = self._sell(
            self.post_paid_product, 1, price_unit=cents / 100, billing_step=step
        )
        ticket = self._create_ticket(sale_line_id=item.id)
        for minutes, what in work:
            self._log(
                ticket,
                minutes / 60,
                **{
                    "bill": {},
                    "free": {"no_charge_reason_id": self.goodwill.id},
                    "hold": {"invoice_from": "2100-01-01"},
                    "nothing": {"unit_amount_rounded": 0},
                }[what],
            )
        wizard = self._preview(item.timesheet_ids)
        shown = sum(wizard.line_ids.mapped("amount"))
        if wizard.line_ids:
            invoice = self._create_invoices(wizard)
            self.assertEqual(invoice.amount_untaxed, shown)
        self.assertEqual(item.qty_to_invoice, 0)

    def _sell_in(self, currency, percent=0.0, **line):
        """A post-paid item at core's price of a price list in a currency."""
        pricelist = self.env["product.pricelist"].create(
            {
                "name": currency.name,
                "currency_id": currency.id,
                "item_ids": [
                    Command.create(
                        {"compute_price": "percentage", "percent_price": percent}
                    )
                ],
            }
        )
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "pricelist_id": pricelist.id,
                "order_line": [
                    Command.create(
                        {
                            "product_id": self.post_paid_product.id,
                            "product_uom_qty": 1,
                            "tax_ids": [Command.clear()],
                            **line,
                        }
                    )
                ],
            }
        )
        order.action_confirm()
        return order.order_line

    def test_BP4_roundings_of_time_that_is_held_back_are_not_invoiced(self):
        item = self._sell(self.post_paid_product, 1)
        ticket = self._create_ticket(sale_line_id=item.id)
        self._log(ticket, 209 / 60, date="2026-02-26")
        held = self._log(ticket, 899 / 60, date="2026-02-25", invoice_from="2100-01-01")
        self._invoice(item.order_id, "2026-02-01", "2026-02-28")
        # 18.47 in all, of which 3.48 are invoiced and 14.98 are held back
        self.assertEqual(item.qty_to_invoice, 0)
        self.assertEqual(item.qty_invoiced, 3.48)
        held.invoice_from = False
        self._invoice(item.order_id)
        self.assertEqual(item.qty_invoiced, item.qty_delivered)

    def test_BP4_roundings_of_little_time_that_is_held_back_are_not_invoiced(self):
        item = self._sell(self.post_paid_product, 1, product_uom_id=self.day.id)
        ticket = self._create_ticket(sale_line_id=item.id)
        self._log(ticket, 136 / 60, date="2026-02-22")
        # no hundredth of a day by itself, and one more with the rest
        held = self._log(ticket, 1 / 60, date="2026-02-25", invoice_from="2100-01-01")
        self._invoice(item.order_id, "2026-02-01", "2026-02-28")
        self.assertEqual(item.qty_invoiced, 0.28)
        self.assertEqual(item.qty_to_invoice, 0)
        held.invoice_from = False
        self._invoice(item.order_id)
        self.assertEqual(item.qty_invoiced, item.qty_delivered)

    def test_BP4_a_little_time_is_invoiced_beside_time_that_is_written_off(self):
        item = self._sell(self.post_paid_product, 1, product_uom_id=self.day.id)
        ticket = self._create_ticket(sale_line_id=item.id)
        self._log(ticket, 2, no_charge_reason_id=self.written_off.id)
        self._log(ticket, 5 / 60)
        self.assertEqual(item.qty_to_invoice, 0.01)
        self._invoice(item.order_id)
        self.assertEqual(item.qty_invoiced, 0.01)

    @settings(
        max_examples=MONTHS,
        phases=[Phase.generate],
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[HealthCheck.differing_executors],
    )
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 3),
                st.integers(1, 28),
                st.integers(1, 900),
                st.sampled_from(["bill", "bill", "free", "hold"]),
            ),
            min_size=1,
            max_size=12,
        ),
        st.integers(100, 20000),
        st.floats(0.01, 900),
        st.sampled_from([0.0, 3.75, 33.33]),
        st.booleans(),
    )
    def test_BP3_a_month_of_currencies_is_invoiced_to_the_cent(
        self, work, cents, rate, percent, grouped
    ):
        """By price list, currency, unit and discount; one invoice where core groups."""
        self.post_paid_product.list_price = cents / 100
        yen = self.env.ref("base.JPY")
        yen.active = True
        yen.rate_ids = [
            Command.clear(),
            Command.create({"name": "2020-01-01", "rate": rate}),
        ]
        items = [
            self._sell_in(self.company.currency_id, percent=percent),
            self._sell_in(yen, percent=percent),
            self._sell_in(yen, product_uom_id=self.day.id),
            self._sell_in(
                self.company.currency_id, discount=percent, billing_step=0.25
            ),
        ]
        tickets = [self._create_ticket(sale_line_id=item.id) for item in items]
        entries = self.env["account.analytic.line"]
        for index, day, minutes, what in work:
            entries |= self._log(
                tickets[index],
                minutes / 60,
                date=f"2026-02-{day:02}",
                **{
                    "bill": {},
                    "free": {"no_charge_reason_id": self.goodwill.id},
                    "hold": {"invoice_from": "2100-01-01"},
                }[what],
            )
        wizard = self._preview(
            entries,
            start_date="2026-02-01",
            end_date="2026-02-28",
            consolidated_billing=grouped,
        )
        shown = {line.sale_line_id.id: line.amount for line in wizard.line_ids}
        if not shown:
            return
        # beside time that is held back, the last digit of hours goes to either
        held = entries.filtered("invoice_from").so_line
        due = entries.filtered(lambda entry: entry.so_line not in held)
        grouped_by_item = {
            item: group["billing_amount:sum"]
            for item, group in self._read_groups(due, "so_line").items()
            if group["billing_amount:sum"]
        }
        orders = wizard.line_ids.order_id.sudo()
        invoices = self._create_invoices(wizard)
        billed = {
            line.sale_line_ids.id: line.price_subtotal
            for line in invoices.invoice_line_ids.filtered("sale_line_ids")
        }
        self.assertEqual(billed, shown)
        self.assertEqual(
            grouped_by_item,
            {
                item: amount
                for item, amount in shown.items()
                if amount and item not in held.ids
            },
        )
        groups = orders.currency_id if grouped else orders
        self.assertEqual(len(invoices), len(groups))
        invoices.action_post()
        self.assertFalse(any(item.qty_to_invoice for item in items))
