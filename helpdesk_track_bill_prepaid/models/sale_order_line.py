from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from .. import engine
from .hours_terms_mixin import TERMS

STATES = [
    ("upcoming", "Upcoming"),
    ("unpaid", "Unpaid"),
    ("usable", "Usable"),
    ("used_up", "Used Up"),
    ("overdrawn", "Overdrawn"),
    ("expired", "Expired"),
]
# what the figures of the block's periods follow from
FLOW_FIELDS = {
    *TERMS,
    "hours_date_start",
    "hours_date_end",
    "product_id",
    "product_uom_id",
    "product_uom_qty",
}


class SaleOrderLine(models.Model):
    _name = "sale.order.line"
    _inherit = ["sale.order.line", "hours.terms.mixin"]

    hours_overrun = fields.Selection(
        compute="_compute_hours_terms", store=True, readonly=False, precompute=True
    )
    hours_usable_from = fields.Selection(
        compute="_compute_hours_terms", store=True, readonly=False, precompute=True
    )
    hours_period = fields.Selection(
        compute="_compute_hours_terms", store=True, readonly=False, precompute=True
    )
    hours_carry_over = fields.Selection(
        compute="_compute_hours_terms", store=True, readonly=False, precompute=True
    )
    hours_carry_over_cap = fields.Float(
        compute="_compute_hours_terms", store=True, readonly=False, precompute=True
    )
    # a copied order starts a block of its own (V1)
    hours_date_start = fields.Date(
        "Hours From",
        copy=False,
        help="First day that time can draw from the hours; empty: any.",
    )
    hours_date_end = fields.Date(
        "Hours Until",
        copy=False,
        help="Last day that time can draw from the hours; empty: any.",
    )
    hours_adjusted = fields.Float(
        "Adjusted Hours",
        compute="_compute_hours_adjusted",
        store=True,
        help="Hours that managers added to the item's periods or took from them.",
    )
    hours_adjustment_ids = fields.One2many(
        "sale.order.line.hours.adjustment", "line_id", "Adjustments"
    )
    hours_period_ids = fields.One2many(
        "sale.order.line.hours.period", "line_id", "Periods"
    )
    hours_usable = fields.Float(
        "Usable Hours",
        compute="_compute_hours_standing",
        compute_sudo=True,
        help="Hours that time can draw today, over the item's periods.",
    )
    hours_state = fields.Selection(
        STATES,
        compute="_compute_hours_standing",
        search="_search_hours_state",
        compute_sudo=True,
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends("product_id")
    def _compute_hours_terms(self):
        """Terms come from the product when it is chosen, and are then the line's."""
        for line in self:
            for name in TERMS:
                line[name] = line.product_id[name] if line.product_id else line[name]

    @api.depends("hours_adjustment_ids.hours")
    def _compute_hours_adjusted(self):
        totals = dict(
            self.env["sale.order.line.hours.adjustment"]._read_group(
                [("line_id", "in", self.ids)], ["line_id"], ["hours:sum"]
            )
        )
        for line in self:
            line.hours_adjusted = totals.get(line._origin, 0.0)

    @api.depends("remaining_hours", "hours_adjusted", "hours_date_end", "state")
    @api.depends_context("company")
    def _compute_hours_standing(self):
        for line, standing in self._get_standings().items():
            line.hours_usable = standing and standing.usable
            line.hours_state = standing and standing.state

    def _search_hours_state(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        lines = self.sudo().search(
            self._domain_ticket_service() & Domain("hours_period_ids", "!=", False)
        )
        found = [line.id for line in lines if line.hours_state in value]
        return Domain("id", operator, found)

    def _get_standings(self):
        """Each line with what the engine says of it today; None where it is no block.

        :rtype: dict
        """
        blocks = self.filtered(lambda line: line._is_block())
        account = self.env["prepaid.account"]._build(blocks._origin)
        return {
            line: account.standing(line._origin.id, line.company_id._get_hours_today())
            if line in blocks
            else None
            for line in self
        }

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._start_hours()
        return lines

    def write(self, vals):
        if FLOW_FIELDS.isdisjoint(vals):
            return super().write(vals)
        blocks = self.filtered(lambda line: line._is_block() and line.hours_period_ids)
        before = {line: line._open_account() for line in blocks}
        terms = {line: line._get_terms() for line in blocks}
        res = super().write(vals)
        self._start_hours()
        still = blocks.filtered(lambda line: line._is_block())
        still._sync_hours_periods()
        for line in still:
            line._refit_hours(before[line])
            line._note_changed_terms(terms[line])
        return res

    # ------------------------------------------------------------------
    # Terms
    # ------------------------------------------------------------------
    def _is_block(self):
        """Whether the item is confirmed, and prepaid in a unit of time."""
        self.ensure_one()
        return (
            self.state == "sale"
            and self.is_service
            and not self.is_expense
            and not self.is_downpayment
            and self.remaining_hours_available
        )

    def _start_hours(self):
        """Give confirmed items their first and last day, and their periods (V1).

        The day of the company on which they were confirmed; the end follows from the
        product's validity. Both can be changed afterwards.
        """
        blocks = self.filtered(
            lambda line: line._is_block() and not line.hours_period_ids
        )
        for line in blocks:
            start = line.hours_date_start or line.company_id._get_hours_today()
            product = line.product_id
            end = line.hours_date_end or engine.end_of_validity(
                start, product.hours_validity, product.hours_validity_unit or "month"
            )
            if (start, end) != (line.hours_date_start, line.hours_date_end or None):
                line.write({"hours_date_start": start, "hours_date_end": end})
        blocks._sync_hours_periods()

    def _sync_hours_periods(self):
        """Cut the time of blocks into periods, as their terms say (C1).

        :raises UserError: where terms contradict each other
        """
        # sudo: periods follow from the order, which the user may write
        periods = self.env["sale.order.line.hours.period"].sudo()
        known = defaultdict(periods.browse)
        for period in periods.search([("line_id", "in", self.ids)], order="number"):
            known[period.line_id] |= period
        new = []
        for line in self:
            try:
                cuts = engine.cut_periods(line._prepare_engine_block())
            except engine.TermsError as error:
                raise UserError(line._explain_terms(error)) from error
            rows = known[line.sudo()]
            for number, (start, end) in enumerate(cuts):
                row = rows[number : number + 1]
                if not row:
                    new.append(
                        {
                            "line_id": line.id,
                            "number": number,
                            "date_start": start,
                            "date_end": end,
                        }
                    )
                elif (row.date_start or None, row.date_end or None) != (start, end):
                    row.write({"date_start": start, "date_end": end})
            rows[len(cuts) :].unlink()
        periods.create(new)

    def _explain_terms(self, error):
        """A sentence for terms that no account can be made of."""
        name = self.display_name
        if error.code in ("period_without_end", "period_without_start"):
            return self.env._(
                "The hours of %(item)s are an allowance per period but have no first or"
                " last day: enter both.",
                item=name,
            )
        if error.code == "end_before_start":
            return self.env._(
                "The hours of %(item)s end before they start: change one of the days.",
                item=name,
            )
        return self.env._(
            "The hours of %(item)s are no number that one can sell: change them.",
            item=name,
        )

    def _get_terms(self):
        """What is noted on the order when it changes, as the client would show it."""
        self.ensure_one()
        names = [*TERMS, "hours_date_start", "hours_date_end"]
        shown = {}
        for name in names:
            field, value = self._fields[name], self[name]
            if field.type == "selection":
                value = dict(field._description_selection(self.env)).get(value)
            elif field.type == "date":
                value = format_date(self.env, value)
            shown[field._description_string(self.env)] = value or "-"
        return shown

    def _note_changed_terms(self, before):
        """Keep changed terms in the order's history: old and new value."""
        self.ensure_one()
        for name, value in self._get_terms().items():
            if value != before[name]:
                self.order_id.message_post(
                    body=self.env._(
                        "%(item)s: %(term)s changed from %(old)s to %(new)s.",
                        item=self._get_hours_name(),
                        term=name,
                        old=before[name],
                        new=value,
                    )
                )

    def _get_hours_name(self):
        """The item's name for those who read no orders: order and product."""
        self.ensure_one()
        return f"{self.order_id.name} {self.product_id.name}"

    # ------------------------------------------------------------------
    # The engine
    # ------------------------------------------------------------------
    def _prepare_engine_block(self):
        self.ensure_one()
        post_paid = self.order_id.order_line.filtered(
            lambda line: (
                not line.is_downpayment
                and not line.is_expense
                and line.product_id._is_delivered_timesheet()
            )
        )
        return engine.Block(
            self.id,
            self._get_ordered_hours(),
            self.hours_date_start or None,
            self.hours_date_end or None,
            self.order_id.date_order or None,
            self.hours_period or None,
            self.hours_carry_over or "none",
            self.hours_carry_over_cap,
            self.hours_overrun or "negative",
            self._get_usable_limit(),
            post_paid[:1].id or None,
            {
                period.date_start: period.closed_hours_granted
                for period in self.sudo().hours_period_ids
                if period.closed
            },
        )

    def _get_usable_limit(self):
        """Ordered hours that are invoiced or paid, None where all are usable (V4)."""
        self.ensure_one()
        if (self.hours_usable_from or "confirmed") == "confirmed":
            return None
        # sudo: hours left depend on invoices that not every reader may see
        line = self.sudo()
        quantity = 0.0
        for invoiced in line.invoice_lines:
            if self._counts_as_usable(invoiced.move_id):
                sign = -1 if invoiced.move_id.move_type == "out_refund" else 1
                quantity += sign * invoiced.product_uom_id._compute_quantity(
                    invoiced.quantity, line.product_uom_id, round=False
                )
        ordered = line.product_uom_qty
        share = line._get_down_payment_share()
        quantity += max(ordered - quantity, 0.0) * share
        if not ordered:
            return 0.0
        return line._get_ordered_hours() * min(max(quantity / ordered, 0.0), 1.0)

    def _counts_as_usable(self, move):
        if move.state != "posted":
            return False
        return self.hours_usable_from == "invoiced" or (
            move.move_type == "out_refund"
            or move.payment_state in ("paid", "in_payment", "reversed")
        )

    def _get_down_payment_share(self):
        """The part of the order that down payments have invoiced or paid."""
        order = self.order_id
        total = order.amount_total
        if not total:
            return 0.0
        paid = sum(
            (-1 if line.move_id.move_type == "out_refund" else 1) * line.price_total
            for line in order.order_line.filtered("is_downpayment").invoice_lines
            if line.quantity > 0 and self._counts_as_usable(line.move_id)
        )
        return min(max(paid / total, 0.0), 1.0)

    def _open_account(self):
        """The account of the line's customer, the line in it."""
        self.ensure_one()
        return (
            self.env["prepaid.account"]
            .sudo()
            ._open(
                self.order_partner_id.commercial_partner_id,
                self.company_id,
                self.sudo(),
            )
        )

    def _get_drawing_entries(self):
        """Time of teams that draw, on these items."""
        # sudo: the whole account counts, whoever logged the time
        entries = self.env["account.analytic.line"].sudo()
        return entries.search(
            Domain("so_line", "in", self.ids) & entries._domain_drawing()
        )

    def _refit_hours(self, before):
        """Decide anew what no longer fits into changed terms (V2, V3).

        :raises UserError: where frozen time is in the way
        """
        self.ensure_one()
        entries = self._get_drawing_entries()
        if not entries:
            return
        plan = self._open_account().refit(
            self.id, entries._prepare_engine_entries(), before
        )
        if plan.blocked:
            entry = entries.browse(plan.blocked[0])
            raise UserError(
                self.env._(
                    "%(item)s cannot be changed so: the time entry %(entry)s of"
                    " %(date)s draws from it and is invoiced, locked or in a closed"
                    " period.",
                    item=self._get_hours_name(),
                    entry=entry.name,
                    date=format_date(self.env, entry.date),
                )
            )
        entries._apply_plan(plan)

    def _release_hours(self):
        """Decide anew all time of items that can be drawn from no longer (V3).

        Core deletes no confirmed item: its order is cancelled first.

        :raises UserError: where frozen time is in the way
        """
        for line in self.filtered("hours_period_ids"):
            entries = line._get_drawing_entries()
            frozen = entries.filtered(lambda entry: entry._is_frozen())
            if frozen:
                raise UserError(
                    self.env._(
                        "%(item)s cannot go: the time entry %(entry)s of %(date)s draws"
                        " from it and is invoiced, locked or in a closed period.",
                        item=line._get_hours_name(),
                        entry=frozen[0].name,
                        date=format_date(self.env, frozen[0].date),
                    )
                )
            entries._draw_without_item()
