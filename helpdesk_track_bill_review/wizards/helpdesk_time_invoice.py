from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..models.account_analytic_line import SELECTION_KEY


class HelpdeskTimeInvoice(models.TransientModel):
    """What core's wizard is about to invoice, to the cent, before it does (BP3)."""

    _name = "helpdesk.time.invoice"
    _description = "Invoice Time to Bill"

    entry_ids = fields.Many2many(
        "account.analytic.line",
        string="Time Entries",
        help="The time to invoice; all that is due, without any.",
    )
    partner_id = fields.Many2one(
        "res.partner", "Customer", help="All customers, without one."
    )
    start_date = fields.Date()
    end_date = fields.Date()
    consolidated_billing = fields.Boolean(
        "One Invoice per Customer",
        default=True,
        help="One invoice for all orders of the same customer and addresses.",
    )
    # as the user, whose orders they are
    line_ids = fields.One2many(
        "helpdesk.time.invoice.line",
        "wizard_id",
        compute="_compute_line_ids",
        compute_sudo=False,
        store=True,
    )
    # what the dialog shows; it sends it back, while Odoo computes the lines anew
    shown = fields.Json(export_string_translation=False)
    is_changed = fields.Boolean(readonly=True)

    @api.depends("entry_ids", "partner_id", "start_date", "end_date")
    def _compute_line_ids(self):
        for wizard in self:
            wizard.line_ids = [Command.clear()] + [
                Command.create(values) for values in wizard._prepare_lines()
            ]
            wizard.is_changed = False

    @api.onchange("entry_ids", "partner_id", "start_date", "end_date")
    def _onchange_shown(self):
        self.shown = self._describe_lines()

    def _describe_lines(self):
        """What the preview shows, to be compared."""
        # sudo: as the preview is made
        return sorted(
            [line.sale_line_id.id, line.quantity, line.amount]
            for line in self.sudo().line_ids
        )

    def _get_due_entries(self):
        """The time that is to be invoiced: selected or all, due, in the period."""
        self.ensure_one()
        # sudo: billers may not read every ticket; the orders' access is checked
        entries = self.env["account.analytic.line"].sudo()
        domain = (
            entries._domain_to_invoice()
            & entries._domain_due()
            & entries._domain_of_period(self.start_date, self.end_date)
            & Domain("company_id", "in", self.env.companies.ids)
            & Domain("order_id.state", "=", "sale")
        )
        if self.entry_ids:
            domain &= Domain("id", "in", self.entry_ids.ids)
        else:
            domain &= Domain("ticket_id", "!=", False)
        if self.partner_id:
            domain &= Domain(
                "order_id.partner_id.commercial_partner_id",
                "=",
                self.partner_id.commercial_partner_id.id,
            )
        return entries.search(domain)

    def _get_orders(self):
        """The orders of the due time, which the user may invoice."""
        orders = self._get_due_entries().order_id.sudo(self.env.su)
        return orders._filtered_access("write")

    def _with_selection(self, records):
        if self.entry_ids:
            return records.with_context(**{SELECTION_KEY: self.entry_ids.ids})
        return records

    def _prepare_lines(self):
        """What the invoices will bill of each order line."""
        self.ensure_one()
        # sudo: of orders that the user may invoice, whoever may read their lines
        lines = self._with_selection(self._get_orders().sudo().order_line)
        lines = lines.filtered(
            lambda line: not line.display_type and not line.is_downpayment
        )
        quantities = lines._get_hours_to_invoice(self.start_date, self.end_date)
        return [
            {
                "sale_line_id": line.id,
                "quantity": quantity,
                "amount": line._get_amount_of(quantity),
            }
            for line, quantity in quantities.items()
            if quantity
        ]

    def _is_as_shown(self):
        """Whether what would be invoiced is what the preview shows."""
        shown = self.shown
        if not isinstance(shown, list):  # made by a program, which saw the lines
            shown = self._describe_lines()
        return shown == sorted(
            [values["sale_line_id"], values["quantity"], values["amount"]]
            for values in self._prepare_lines()
        )

    def action_create_invoices(self):
        """Invoice by core's own wizard; show it anew where time has changed (BP3).

        :raises UserError: where nothing is due
        """
        self.ensure_one()
        orders = self._get_orders()
        if not orders:
            raise UserError(
                self.env._(
                    "No time is to be invoiced: choose other time or another period."
                )
            )
        if not self._is_as_shown():
            self._compute_line_ids()
            self.shown = self._describe_lines()
            self.is_changed = True
            return {
                "type": "ir.actions.act_window",
                "name": self.env._("Create Invoices"),
                "res_model": self._name,
                "res_id": self.id,
                "views": [(False, "form")],
                "target": "new",
            }
        known = orders.invoice_ids
        # sudo: billers may have no rights on core's wizard; those on the orders were
        # checked
        wizard = self._with_selection(
            self.env["sale.advance.payment.inv"].sudo()
        ).create(
            {
                "advance_payment_method": "delivered",
                "consolidated_billing": self.consolidated_billing,
                "date_end_invoice_timesheet": self.end_date,
                "date_start_invoice_timesheet": self.start_date,
                "sale_order_ids": [Command.set(orders.ids)],
            }
        )
        wizard.create_invoices()
        orders.invalidate_recordset(["invoice_ids"])
        return orders.action_view_invoice(orders.invoice_ids - known)
