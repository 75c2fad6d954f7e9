from odoo import api, fields, models
from odoo.fields import Domain

from .account_analytic_line import SELECTION_KEY

TERMS = {"billing_minimum", "billing_rounding", "billing_step"}


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "helpdesk.billing.terms"]

    billing_step = fields.Float(
        compute="_compute_billing_terms", store=True, readonly=False, precompute=True
    )
    billing_rounding = fields.Selection(
        default=None,
        compute="_compute_billing_terms",
        store=True,
        readonly=False,
        precompute=True,
    )
    billing_minimum = fields.Float(
        compute="_compute_billing_terms", store=True, readonly=False, precompute=True
    )

    @api.depends("product_id")
    def _compute_billing_terms(self):
        """The customer's terms come from the product when it is chosen."""
        for line in self:
            product = line.product_id
            line.billing_step = product.billing_step
            line.billing_rounding = product.billing_rounding
            line.billing_minimum = product.billing_minimum

    @api.depends("analytic_line_ids.unit_amount_rounded")
    def _compute_qty_delivered(self):
        return super()._compute_qty_delivered()

    @api.depends(
        "timesheet_ids.billing_charge",
        "timesheet_ids.invoice_from",
        "timesheet_ids.review_state",
        "timesheet_ids.so_line",
        "timesheet_ids.ticket_team_id.review_time",
        "timesheet_ids.timesheet_invoice_id.state",
        "timesheet_ids.unit_amount_rounded",
    )
    def _compute_qty_to_invoice(self):
        """Leave out what is not due yet (BP4); Delivered stays what core means."""
        # pylint: disable=missing-return  # a compute has nothing to return
        super()._compute_qty_to_invoice()
        by_time = self.filtered(lambda line: line._is_billed_by_time())
        # what is stored is no matter of which entries somebody has selected
        withheld = by_time.with_context(
            **{SELECTION_KEY: None}
        )._get_withheld_quantities()
        for line in by_time:
            quantity = withheld.get(line._origin.id)
            if line.state == "sale" and quantity is not None:
                line.qty_to_invoice = line._withhold(line.qty_to_invoice, quantity)

    def write(self, vals):
        """What was saved is decided by the terms that it was saved under (W2)."""
        if not TERMS.isdisjoint(vals):
            self.env["account.analytic.line"]._decide_saved()
        return super().write(vals)

    def action_apply_terms(self):
        """Open the preview of billing a span by today's terms (W2)."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "helpdesk_track_bill_review.helpdesk_time_terms_action"
        )
        return {**action, "context": {"default_sale_line_id": self.id}}

    def _drain_pending_totals(self):
        """Time that was held back until today is due without a write (BP4).

        A period or a selection asks the entries themselves; what it is to bill would be
        lost, where it is written already.
        """
        res = super()._drain_pending_totals()
        context = self.env.context
        if (
            self
            and context.get(SELECTION_KEY) is None
            and not context.get("timesheet_start_date")
            and not context.get("timesheet_end_date")
        ):
            self._recompute_held_back()
        return res

    def _recompute_held_back(self):
        """Bring up to date what depends on the day, and what follows from it."""
        # sudo: salespeople need no rights on time
        entries = self.env["account.analytic.line"].sudo()
        entries.search(
            entries._domain_not_billed()
            & Domain("invoice_from", "!=", False)
            & Domain("so_line", "in" if self else "!=", self.ids or False)
        ).modified(["invoice_from"])

    @api.model
    def _cron_release_held_back(self):
        """Each day: what was held back until today is to be invoiced (BP4)."""
        self._recompute_held_back()

    def _get_amount_of(self, quantity):
        """What a quantity of the line costs without taxes, as on its invoice.

        By core's engine of taxes, so that both agree to the cent.

        :param quantity: in the line's unit
        :returns: an amount in the currency of the order
        """
        self.ensure_one()
        company = self.company_id or self.env.company
        taxes = self.env["account.tax"]
        base_line = self._prepare_base_line_for_taxes_computation(quantity=quantity)
        taxes._add_tax_details_in_base_line(base_line, company)
        taxes._round_base_lines_tax_details([base_line], company)
        return base_line["tax_details"]["total_excluded_currency"]
