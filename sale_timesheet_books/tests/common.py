from odoo import fields
from odoo.tests import TransactionCase, new_test_user


class InvoicingCommon(TransactionCase):
    """How tests invoice and credit: with core's wizards, as people do."""

    @classmethod
    def _invoice(cls, order, start=None, end=None, post=True, deduct=True):
        """Invoice an order with core's wizard, as a salesperson does."""
        wizard = (
            cls.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create(
                {
                    "advance_payment_method": "delivered",
                    "date_start_invoice_timesheet": start,
                    "date_end_invoice_timesheet": end,
                    "deduct_down_payments": deduct,
                }
            )
        )
        known = order.invoice_ids
        wizard.create_invoices()
        invoice = order.invoice_ids - known
        if post:
            invoice.action_post()
        return invoice

    @classmethod
    def _reverse(cls, invoices):
        """Core's wizard to credit or replace invoices, not yet applied."""
        wizard = invoices.env["account.move.reversal"]
        return wizard.with_company(invoices.company_id).create(
            {"move_ids": invoices.ids, "journal_id": invoices[:1].journal_id.id}
        )


class BooksCommon(InvoicingCommon):
    """Time on tasks, billed afterwards at 50 an hour; no tickets."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.hour = cls.env.ref("uom.product_uom_hour")
        cls.day = cls.env.ref("uom.product_uom_day")
        cls.customer = cls.env["res.partner"].create(
            {"name": "Clinic", "is_company": True}
        )
        cls.employee = cls.env["hr.employee"].create(
            {"name": "Ana", "hourly_cost": 20.0}
        )
        cls.salesperson = new_test_user(
            cls.env, "books_salesperson", "sales_team.group_sale_salesman_all_leads"
        )
        cls.project = cls.env["project.project"].create(
            {
                "name": "Work",
                "allow_billable": True,
                "allow_timesheets": True,
                "partner_id": cls.customer.id,
            }
        )
        cls.prepaid_product = cls._create_service("Prepaid", "ordered_prepaid")
        cls.post_paid_product = cls._create_service("Post-paid", "delivered_timesheet")

    @classmethod
    def _create_service(cls, name, policy, **values):
        return cls.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "service_policy": policy,
                "uom_id": cls.hour.id,
                "list_price": 50.0,
                "taxes_id": [fields.Command.clear()],
                **values,
            }
        )

    @classmethod
    def _sell(cls, *products, quantity=1, **line):
        """Sell products on one confirmed order; return its lines."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "order_line": [
                    fields.Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "tax_ids": [fields.Command.clear()],
                            **line,
                        }
                    )
                    for product in products or [cls.post_paid_product]
                ],
            }
        )
        order.action_confirm()
        return order.order_line

    @classmethod
    def _create_task(cls, item):
        return cls.env["project.task"].create(
            {"name": "Task", "project_id": cls.project.id, "sale_line_id": item.id}
        )

    @classmethod
    def _log(cls, task, hours, date="2026-01-10", **values):
        return cls.env["account.analytic.line"].create(
            {
                "task_id": task.id,
                "project_id": task.project_id.id,
                "employee_id": cls.employee.id,
                "unit_amount": hours,
                "date": date,
                "name": "Work",
                **values,
            }
        )

    @classmethod
    def _sell_and_log(cls, *hours, date="2026-01-10"):
        """A post-paid item and entries on a task of its own."""
        item = cls._sell()
        task = cls._create_task(item)
        entries = cls.env["account.analytic.line"]
        for amount in hours:
            entries |= cls._log(task, amount, date)
        return item, entries

    @classmethod
    def _credit(cls, invoice, hours=None, post=True):
        """A credit note, of all that the invoice bills or of fewer hours."""
        wizard = cls._reverse(invoice)
        wizard.reverse_moves()
        note = wizard.new_move_ids
        if hours is not None:
            note.invoice_line_ids.quantity = hours
        if post:
            note.action_post()
        return note

    @classmethod
    def _is_free(cls, entries):
        return [entry._is_not_billed() for entry in entries]
