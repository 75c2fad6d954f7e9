import json
from contextlib import closing
from pathlib import Path

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, HttpCase, tagged
from odoo.tools import file_path
from odoo.tools.safe_eval import safe_eval

from .common import TrackBillCommon

TIMESHEETS = "hr_timesheet.group_hr_timesheet_user"
ROLES = {
    "administrator": (
        "base.group_system,helpdesk_mgmt.group_helpdesk_manager,"
        "hr_timesheet.group_timesheet_manager,sales_team.group_sale_manager,"
        "account.group_account_manager,project.group_project_manager"
    ),
    "helpdesk manager": (
        "helpdesk_mgmt.group_helpdesk_manager,hr_timesheet.group_timesheet_manager"
    ),
    "agent": f"helpdesk_mgmt.group_helpdesk_user_team,{TIMESHEETS}",
    "agent, own tickets": f"helpdesk_mgmt.group_helpdesk_user_own,{TIMESHEETS}",
    "agent without timesheets": "helpdesk_mgmt.group_helpdesk_user",
    "salesperson": "sales_team.group_sale_salesman",
    "accountant": "account.group_account_invoice",
    "project user": "project.group_project_user",
    "customer": "base.group_portal",
}
# people who do two jobs: what each half may do, they may do together
ROLES |= {
    f"{first} + {second}": f"{ROLES[first]},{ROLES[second]}"
    for first, second in (
        ("agent", "salesperson"),
        ("agent", "accountant"),
        ("helpdesk manager", "salesperson"),
    )
}
NO_EMPLOYEE = "agent without an employee"
ROLES[NO_EMPLOYEE] = ROLES["agent"]
# who knew prices before the addon was installed
KNOW_PRICES = {
    "administrator",
    "salesperson",
    "accountant",
    "project user",
    "customer",
    "agent + salesperson",
    "agent + accountant",
    "helpdesk manager + salesperson",
}
PRICE = 4321.77
AMOUNT = 43217.70
TITLE = "Zebra printer"
SECRET = "Zebra stripes"

ALLOWED, REFUSED, HIDDEN = "allowed", "refused", "hidden"

# What each role may do, in the order of ROLES: Allowed, Refused, Hidden; in one company
# as in two.
EXPECTED = {
    "Open the list of tickets": "AAAAAHHHRAAAA",
    "Open the kanban of tickets": "AAAAAHHHRAAAA",
    "Open a ticket": "AAAAARRRRAAAA",
    "Find the ticket of a team one is not in": "AAHHAHHHHHHAH",
    "See hours left on a ticket": "AAAAHHHHHAAAA",
    "Search tickets over prepaid hours": "AAAAAHHHRAAAA",
    "Group tickets by item": "AAAAAHHHRAAAA",
    "Group tickets by order": "AAAAAHHHRAAAA",
    "Group tickets by team": "AAAAAHHHRAAAA",
    "Create a ticket with a customer": "AAAAARRRRAAAA",
    "Pick an item in the drop down": "AAAAARRRHAAAA",
    "Log time": "AAAARRRRRAAAR",
    "Change own time": "AAAARRRRRAAAR",
    "Delete own time": "AAAARRRRRAAAR",
    "See a colleague's time": "AAHHRRHRRHHAH",
    "Change a colleague's time": "AARRRRRRRRRAR",
    "Delete a colleague's time": "AARRRRRRRRRAR",
    "Log time on a ticket one does not see": "AARRRRRRRRRAR",
    "Reassign hours": "AAAARRRRRAAAA",
    "Open timesheets": "AAAARRHRRAAAH",
    "Print own timesheets": "AAAARRRRRAAAR",
    "Print a colleague's timesheets": "AARRRRRRRRRAR",
    "Open the order with its button": "AHHHHRHHHAHAH",
    "Open the order from its invoice": "ARRRRAARRAAAR",
    "Open the list of orders": "ARRRRAAARAAAR",
    "Make a quotation": "ARRRRARRRARAR",
    "Make a quotation with the ticket's button": "AHHHHRHHHAHAH",
    "Read prices": "ARRRRAAAAAAAR",
    "Confirm a quotation": "ARRRRAARRAAAR",
    "Invoice an order": "ARRRRAAHHAAAR",
    "Open the invoice": "ARRRRAARRAAAR",
    "Post the invoice": "ARRRRRARRRARR",
    "Switch time billing of a team": "AARRRRRRRRRAR",
    "Read the ticket in the portal": "AAAAAHHHAAAAA",
    "Read the time in the portal": "AAHHHHHHAHHAH",
}

INTRODUCTION = """\
# Who may do what

What every role can do with time on tickets, measured: `test_rights_matrix.py` in the
addon's tests does each of these things as each role, in a company of its own and in two
companies, as the web client does it, and writes this page. Addons on prepaid hours
write their sections of it in the same way, in one company; there, what is refused may
also be that nothing is found or shown.

- **allowed**: it can be done.
- **refused**: the server says no, with a message.
- **hidden**: it is not there to be seen or done: nothing is found, the field or button
  is not in the view. Nothing of it is in the answer of the server either.

The roles have these groups and no others:

"""


@tagged("post_install", "-at_install")
class TestRightsMatrix(HttpCase, TrackBillCommon):
    """The roles of the specification, times companies, times what they do in a day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_company = cls._create_company()
        cls.env["account.chart.template"].try_loading(
            "generic_coa", company=cls.other_company, install_demo=False
        )
        # the same whether or not somebody shares a project in the portal
        cls.env["ir.model.access"].search(
            [
                ("model_id.model", "=", "account.analytic.line"),
                ("group_id", "=", cls.env.ref("base.group_portal").id),
            ]
        ).active = False
        cls.prepaid_product.list_price = PRICE
        cls.env.ref("base.user_admin").group_ids += cls.env.ref(
            "sales_team.group_sale_salesman_all_leads"
        )

    # ------------------------------------------------------------------
    # The scene
    # ------------------------------------------------------------------
    def _prepare(self, role, companies):
        """A user of a role, and what the user works on, in the last of the companies.

        Another team's ticket of the first company is what the user shall not see.
        """
        company = companies[-1]
        # in the company of the user's work, as the administrator of both
        self.env = self.env(
            context=dict(self.env.context, allowed_company_ids=companies.ids)
        )
        values = {
            "company_id": companies[0].id,
            "company_ids": [fields.Command.set(companies.ids)],
        }
        if role == "customer":
            values["partner_id"] = self.contact.id
        login = f"{role} {len(companies)}".replace(" ", "_")
        self.user = self._create_user(login, ROLES[role], **values)
        self.user_env = self.env(
            user=self.user, context={"allowed_company_ids": companies.ids}
        )
        logs_time = TIMESHEETS in ROLES[role] or "timesheet_manager" in ROLES[role]
        if logs_time and role != NO_EMPLOYEE:
            for employer in companies:
                self._create_employee(self.user, company_id=employer.id)
        colleague = self.employee
        if company != self.company:
            colleague = self._create_employee(self.agent, company_id=company.id)
        team = self.env["helpdesk.ticket.team"].create(
            {
                "name": f"Support of {company.name}",
                "company_id": company.id,
                "allow_billable": True,
                "show_timesheet_portal": True,
                "user_ids": [fields.Command.link(self.user.id)],
            }
        )
        in_company = self.env["sale.order"].with_company(company)
        self.order, self.quotation = in_company.create(
            [
                {
                    "partner_id": self.customer.id,
                    "company_id": company.id,
                    "user_id": role != "customer" and self.user.id,
                    "order_line": [
                        fields.Command.create(
                            {
                                "product_id": self.prepaid_product.id,
                                "product_uom_qty": 10,
                                "price_unit": PRICE,
                                "tax_ids": [fields.Command.clear()],
                            }
                        )
                    ],
                }
                for _number in range(2)
            ]
        )
        self.order.action_confirm()
        self.item = self.order.order_line
        vals = {
            "name": TITLE,
            "description": "It hums.",
            "partner_id": self.contact.id,
            "company_id": company.id,
        }
        self.work = self.env["helpdesk.ticket"].create(
            {**vals, "team_id": team.id, "user_id": role != "customer" and self.user.id}
        )
        closed_team = team.copy({"user_ids": [fields.Command.clear()]})
        self.closed = self.env["helpdesk.ticket"].create(
            {**vals, "team_id": closed_team.id, "partner_id": self.other_customer.id}
        )
        for ticket in self.work | self.closed:
            self._log(ticket, 2, employee_id=colleague.id, name=SECRET)
        self.env.flush_all()

    def _as_user(self, records):
        self.env.invalidate_all()
        return records.with_env(self.user_env)

    def _get_own_entry(self):
        entry = self._as_user(self.env["account.analytic.line"]).create(
            {"ticket_id": self.work.id, "unit_amount": 1, "name": "Own"}
        )
        self.env.flush_all()
        return entry

    # ------------------------------------------------------------------
    # What is done: each returns what the client gets, or None where it is not there
    # ------------------------------------------------------------------
    def _search_as_view(self, records, kind, domain, view_id=False):
        """What the client asks for to show a list or kanban."""
        records = self._as_user(records)
        arch = self._get_view(records, kind, view_id)
        answer = records.web_search_read(
            domain, self._get_specification(records, arch), limit=80
        )
        return answer["records"] or None

    def do_open_the_list_of_tickets(self):
        return self._search_as_view(self.work, "list", [("id", "=", self.work.id)])

    def do_open_the_kanban_of_tickets(self):
        return self._search_as_view(self.work, "kanban", [("id", "=", self.work.id)])

    def do_open_a_ticket(self):
        return self._read_views(self._as_user(self.work).env.user, self.work, ["form"])

    def do_find_the_ticket_of_a_team_one_is_not_in(self):
        return self._search_as_view(self.work, "list", [("id", "=", self.closed.id)])

    def do_see_hours_left_on_a_ticket(self):
        ticket = self._as_user(self.work)
        arch = self._get_view(ticket, "form")
        if not arch.xpath("//field[@name='remaining_hours_so']"):
            return None
        return ticket.web_read({"remaining_hours_so": {}, "remaining_hours": {}})

    def do_search_tickets_over_prepaid_hours(self):
        tickets = self._as_user(self.work)
        domain = [("id", "=", self.work.id), ("remaining_hours_so", ">", 0)]
        return tickets.search(domain).ids or None

    def _group_tickets(self, by):
        tickets = self._as_user(self.work)
        answer = tickets.web_read_group(
            [("id", "=", self.work.id)], [by], ["total_hours:sum"]
        )
        return answer["groups"] or None

    def do_group_tickets_by_item(self):
        return self._group_tickets("sale_line_id")

    def do_group_tickets_by_order(self):
        return self._group_tickets("sale_order_id")

    def do_group_tickets_by_team(self):
        return self._group_tickets("team_id")

    def do_create_a_ticket_with_a_customer(self):
        tickets = self._as_user(self.work)
        form = Form(tickets.with_context(default_team_id=self.work.team_id.id))
        form.name = "New"
        form.description = "It hums."
        form.partner_id = self.contact
        form.user_id = self.user
        ticket = form.save()
        self.assertEqual(ticket.sudo().sale_line_id, self.item)
        return ticket.read(["name"])

    def do_pick_an_item_in_the_drop_down(self):
        ticket = self._as_user(self.work)
        nodes = self._get_view(ticket, "form").xpath("//field[@name='sale_line_id']")
        if not nodes:
            return None
        values = {
            "commercial_partner_id": ticket.sudo().commercial_partner_id.id,
            "company_id": ticket.sudo().company_id.id,
        }
        domain = ticket.fields_get(["sale_line_id"])["sale_line_id"]["domain"]
        lines = self._as_user(self.item)
        names = lines.with_context(
            **safe_eval(nodes[0].get("context"), values)
        ).name_search("", safe_eval(domain, values))
        self.assertEqual([id_ for id_, _name in names], self.item.ids)
        ticket.web_save({"sale_line_id": self.item.id}, {"sale_line_id": {}})
        return names

    def do_log_time(self):
        entry = self._get_own_entry()
        self.assertEqual(self.item.remaining_hours, 7)
        return entry.read(["name"])

    def do_change_own_time(self):
        entry = self._get_own_entry()
        entry.web_save({"unit_amount": 3}, {"unit_amount": {}})
        self.assertEqual(self.item.remaining_hours, 5)
        return entry.read(["unit_amount"])

    def do_delete_own_time(self):
        self._get_own_entry().unlink()
        self.assertEqual(self.item.remaining_hours, 8)
        return True

    def do_see_a_colleagues_time(self):
        entries = self._as_user(self.work.timesheet_ids)
        return entries.search_read([("id", "in", entries.ids)], ["name"]) or None

    def do_change_a_colleagues_time(self):
        self._as_user(self.work.timesheet_ids).write({"unit_amount": 1})
        return True

    def do_delete_a_colleagues_time(self):
        self._as_user(self.work.timesheet_ids).unlink()
        return True

    def do_log_time_on_a_ticket_one_does_not_see(self):
        self._as_user(self.env["account.analytic.line"]).create(
            {"ticket_id": self.closed.id, "unit_amount": 1}
        )
        return True

    def do_reassign_hours(self):
        other = self.item.copy({"order_id": self.order.id})
        self.work.sale_line_id = other
        self._as_user(self.work).action_reassign_timesheets()
        self.assertEqual(self.work.timesheet_ids.so_line, other)
        return True

    def do_open_timesheets(self):
        entries = self._as_user(self.env["account.analytic.line"])
        arch_id = self.env.ref("hr_timesheet.hr_timesheet_line_tree").id
        domain = [("ticket_id", "=", self.work.id)]
        if self.user.employee_ids:
            self._get_own_entry()
        return self._search_as_view(entries, "list", domain, arch_id)

    def do_print_own_timesheets(self):
        return self._print(self._get_own_entry())

    def do_print_a_colleagues_timesheets(self):
        return self._print(self._as_user(self.work.timesheet_ids))

    def _print(self, entries):
        report = self._as_user(self.env["ir.actions.report"])
        content, _format = report._render_qweb_html(
            "hr_timesheet.report_timesheet", entries.ids
        )
        self.assertIn(entries.sudo().name, str(content))
        return str(content)

    def do_open_the_order_with_its_button(self):
        ticket = self._as_user(self.work)
        button = "//button[@name='action_view_sale_order']"
        if not self._get_view(ticket, "form").xpath(button):
            return None
        action = ticket.action_view_sale_order()
        order = self.env[action["res_model"]].browse(action["res_id"])
        return self._read_views(self.user_env.user, order, ["form"])

    def do_open_the_order_from_its_invoice(self):
        invoice = self.order.with_company(self.order.company_id)._create_invoices()
        action = self._as_user(invoice).action_view_source_sale_orders()
        order = self.env[action["res_model"]].browse(action["res_id"])
        return self._read_views(self.user_env.user, order, ["form"])

    def do_open_the_list_of_orders(self):
        return self._search_as_view(self.order, "list", [("id", "=", self.order.id)])

    def do_make_a_quotation(self):
        form = Form(self._as_user(self.env["sale.order"]))
        form.partner_id = self.contact
        return self._sell_one(form)

    def do_make_a_quotation_with_the_tickets_button(self):
        ticket = self._as_user(self.work)
        button = "//button[@name='action_new_quotation']"
        if not self._get_view(ticket, "form").xpath(button):
            return None
        action = ticket.action_new_quotation()
        orders = self._as_user(self.env[action["res_model"]])
        answer = self._sell_one(Form(orders.with_context(**action["context"])))
        self.assertEqual(len(self.work.sale_order_ids), 1)
        return answer

    def _sell_one(self, form):
        with form.order_line.new() as line:
            line.product_id = self.prepaid_product
        return form.save().read(["amount_untaxed"])

    def do_read_prices(self):
        lines = self._as_user(self.item)
        return lines.search_read([("id", "=", self.item.id)], ["price_unit"]) or None

    def do_confirm_a_quotation(self):
        self._as_user(self.quotation).action_confirm()
        return True

    def do_invoice_an_order(self):
        invoice = self._as_user(self.order)._create_invoices()
        if not invoice:
            return None
        self.assertEqual(invoice.sudo().amount_untaxed, AMOUNT)
        return True

    def do_open_the_invoice(self):
        invoice = self.order.with_company(self.order.company_id)._create_invoices()
        return self._read_views(self.user_env.user, invoice, ["form"])

    def do_post_the_invoice(self):
        invoice = self.order.with_company(self.order.company_id)._create_invoices()
        self._as_user(invoice).action_post()
        return True

    def do_switch_time_billing_of_a_team(self):
        self._as_user(self.work.team_id).write({"allow_billable": False})
        return True

    def do_read_the_ticket_in_the_portal(self):
        self.env.flush_all()
        self.authenticate(self.user.login, self.user.login)
        page = self.url_open(f"/my/ticket/{self.work.id}").text
        return page if TITLE in page else None

    def do_read_the_time_in_the_portal(self):
        self.env.flush_all()
        self.authenticate(self.user.login, self.user.login)
        page = self.url_open(f"/my/ticket/{self.work.id}").text
        return page if SECRET in page else None

    # ------------------------------------------------------------------
    # The table
    # ------------------------------------------------------------------
    def _get_actions(self):
        return {
            name.removeprefix("do_")
            .replace("_", " ")
            .replace("colleagues", "colleague's")
            .replace("tickets button", "ticket's button")
            .capitalize(): name
            for name in vars(type(self))
            if name.startswith("do_")
        }

    def _act(self, role, name):
        """What comes of an action: one of the words of the table."""
        with closing(self.env.cr.savepoint()):
            try:
                answer = getattr(self, name)()
            except AccessError:
                return REFUSED
            except UserError as error:
                # a message of ours or core's, no traceback
                self.assertTrue(str(error))
                return REFUSED
        if answer is None:
            return HIDDEN
        if role not in KNOW_PRICES:
            text = json.dumps(answer, default=str)
            for secret in (str(PRICE), f"{PRICE:,}", str(AMOUNT)):
                self.assertNotIn(secret, text)
        return ALLOWED

    def test_A1_to_A4_rights_matrix(self):
        both = self.company | self.other_company
        measured = {action: {} for action in self._get_actions()}
        for role in ROLES:
            for companies in (self.company, both):
                with closing(self.env.cr.savepoint()):
                    self._prepare(role, companies)
                    for action, name in self._get_actions().items():
                        with self.subTest(role=role, in_=len(companies), action=action):
                            outcome = self._act(role, name)
                            known = measured[action].setdefault(role, outcome)
                            self.assertEqual(
                                outcome, known, f"{role} {len(companies)} {action}"
                            )
        self._write_page(measured)
        self.assertEqual(
            {
                action: "".join(outcome[0].upper() for outcome in by_role.values())
                for action, by_role in measured.items()
            },
            EXPECTED,
        )

    def _write_page(self, measured):
        """Renew the page in the repository, where the addon is in one."""
        page = Path(file_path("helpdesk_track_bill")).parent / "docs/rights.md"
        if not page.exists():
            return
        lines = [INTRODUCTION]
        lines += [
            f"- {role}: {', '.join(f'`{group}`' for group in groups.split(','))}\n"
            for role, groups in ROLES.items()
        ]
        rows = [["", *ROLES]]
        rows += [[action, *by_role.values()] for action, by_role in measured.items()]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        rows.insert(1, ["-" * width for width in widths])
        lines.append("\n")
        for row in rows:
            cells = map(str.ljust, row, widths)
            lines.append(f"| {' | '.join(cells)} |\n")
        # other addons have sections of their own
        _own, *sections = page.read_text().split("\n## ")
        page.write_text("\n## ".join(["".join(lines), *sections]))
