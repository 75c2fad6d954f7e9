from ast import literal_eval

from lxml import etree
from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user

from odoo.addons.sale_timesheet_books.tests.common import InvoicingCommon


class TrackBillCommon(InvoicingCommon):
    """A support company: a billing team, an agent, two customers, two products."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls.env.company
        cls.hour = cls.env.ref("uom.product_uom_hour")
        cls.day = cls.env.ref("uom.product_uom_day")
        cls.agent = cls._create_user(
            "agent",
            "helpdesk_mgmt.group_helpdesk_user_team,hr_timesheet.group_hr_timesheet_user",
        )
        cls.employee = cls._create_employee(cls.agent)
        cls.salesperson = cls._create_user(
            "salesperson", "sales_team.group_sale_salesman_all_leads"
        )
        cls.team = cls.env["helpdesk.ticket.team"].create(
            {
                "name": "Support",
                "allow_billable": True,
                "user_ids": [fields.Command.link(cls.agent.id)],
            }
        )
        cls.customer = cls.env["res.partner"].create(
            {"name": "Clinic", "is_company": True}
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Dana", "parent_id": cls.customer.id, "email": "dana@example.com"}
        )
        cls.other_customer = cls.env["res.partner"].create(
            {"name": "Bakery", "is_company": True}
        )
        cls.prepaid_product = cls._create_service("Prepaid Support", "ordered_prepaid")
        cls.post_paid_product = cls.env.ref("sale_timesheet.time_product")

    @classmethod
    def _create_company(cls):
        """A second company, which the user of the tests may work in."""
        company = cls.env["res.company"].create({"name": "Second"})
        cls.env.user.company_ids |= company
        return company

    @classmethod
    def _create_user(cls, login, groups, **values):
        return new_test_user(cls.env, f"track_bill_{login}", groups, **values)

    @classmethod
    def _create_employee(cls, user, **values):
        return cls.env["hr.employee"].create(
            {"name": user.name, "user_id": user.id, "hourly_cost": 20.0, **values}
        )

    @classmethod
    def _create_service(cls, name, policy, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "service_policy": policy,
                "uom_id": cls.hour.id,
                "list_price": 100.0,
                "taxes_id": [fields.Command.clear()],
                **values,
            }
        )

    @classmethod
    def _sell(cls, product, quantity, partner=None, date=None, confirm=True, **line):
        """Sell a product to a customer and return the order line."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.customer).id,
                "order_line": [
                    fields.Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "tax_ids": [fields.Command.clear()],
                            **line,
                        }
                    )
                ],
            }
        )
        if confirm:
            order.action_confirm()
        if date:
            order.date_order = date
        return order.order_line

    @classmethod
    def _sell_hours(cls, hours=10.0, **values):
        return cls._sell(cls.prepaid_product, hours, **values)

    @classmethod
    def _create_ticket(cls, **values):
        return cls.env["helpdesk.ticket"].create(
            {
                "name": "Printer stuck",
                "description": "It hums.",
                "team_id": cls.team.id,
                "partner_id": cls.contact.id,
                **values,
            }
        )

    @classmethod
    def _log(cls, ticket, hours, **values):
        return cls.env["account.analytic.line"].create(
            {
                "ticket_id": ticket.id,
                "employee_id": cls.employee.id,
                "unit_amount": hours,
                "name": "Looked into it",
                **values,
            }
        )

    # --- random sequences of what people do ---------------------------
    def _do(self, step, *arguments):
        """Do a step where it makes sense; whether it was not refused."""
        try:
            with self.cr.savepoint():
                getattr(self, f"_step_{step}")(*arguments)
                self.env.flush_all()
        except UserError:
            self.env.invalidate_all()
            return False
        return True

    def _pick(self, records, position):
        return records[position % len(records)] if records else records

    @classmethod
    def _get_extensions(cls):
        """Our views that extend screens of others."""
        data = cls.env["ir.model.data"].search(
            [("module", "=", "helpdesk_track_bill"), ("model", "=", "ir.ui.view")]
        )
        views = cls.env["ir.ui.view"].browse(data.mapped("res_id"))
        return views.filtered(lambda view: view.mode == "extension")

    # --- what the web client does -------------------------------------
    def _get_specification(self, model, arch):
        """What the client reads for a view: its fields, names of records, sub-lists."""
        specification = {}
        for node in arch.iter("field"):
            if any(parent.tag == "field" for parent in node.iterancestors()):
                continue
            field = model._fields[node.get("name")]
            wanted = {}
            if field.type == "many2one":
                wanted = {"fields": {"display_name": {}}}
                if "item_name_of_list" in node.get("context", ""):
                    wanted["context"] = literal_eval(node.get("context"))
            elif field.type in ("one2many", "many2many"):
                lists = node.findall("list")
                comodel = model.env[field.comodel_name]
                wanted = {
                    "fields": self._get_specification(comodel, lists[0])
                    if lists
                    else {"display_name": {}}
                }
            specification[field.name] = wanted
        return specification

    def _get_view(self, records, kind, view_id=False):
        """A view as the user's client gets it."""
        views = records.get_views([(view_id, kind)])["views"]
        return etree.fromstring(views[kind]["arch"])

    def _read_views(self, user, record, kinds=("form", "list", "kanban")):
        """Read a record as its real views do; return the answers by kind of view."""
        record = record.with_user(user)
        answers = {}
        for kind in kinds:
            arch = self._get_view(record, kind)
            specification = self._get_specification(record, arch)
            self.env.invalidate_all()
            answers[kind] = record.web_read(specification)[0]
        return answers
