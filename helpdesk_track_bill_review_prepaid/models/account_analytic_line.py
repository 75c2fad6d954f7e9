from dataclasses import replace

from odoo import api, models
from odoo.fields import Domain

# beside hours worked, what decides hours to bill
BILLING_FIELDS = {
    "is_billed_amount_edited",
    "no_charge_reason_id",
    "time_type_id",
    "unit_amount_rounded",
}


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    @api.model
    def _get_drawn_fields(self):
        """Other hours to bill draw other hours (W1)."""
        return super()._get_drawn_fields() | BILLING_FIELDS

    def _is_decided_by_terms(self):
        """Parts of one piece of work are decided together, or stay (W2, W3)."""
        return all(
            super(AccountAnalyticLine, part)._is_decided_by_terms()
            and not part._differs_from_first()
            for part in self._get_work()
        )

    def _apply_terms(self):
        """Pieces of work that were split are put together and drawn anew (W2, W3).

        Parts keep the proportion of the terms by which they were split.
        """
        # pylint: disable=missing-return  # there is nothing to return
        parts = self.filtered(lambda entry: entry.split_from_id or entry.split_part_ids)
        super(AccountAnalyticLine, self - parts)._apply_terms()
        firsts = parts.split_from_id | parts.filtered("split_part_ids")
        if not firsts:
            return
        wholes = firsts._as_parts()
        worked = {
            whole: whole._convert_from_hours(whole._get_hours_of_work())
            for whole in wholes
        }
        wholes.split_part_ids.unlink()
        for hours, alike in wholes.grouped(worked.get).items():
            alike.unit_amount = hours
        super(AccountAnalyticLine, wholes)._apply_terms()
        firsts._draw()

    @api.model
    def _get_warnings(self):
        """What no prepaid hours cover is told, too (BP2)."""
        uncovered = Domain("coverage", "=", "uncovered"), self.env._("Uncovered")
        return {**super()._get_warnings(), "uncovered": uncovered}

    @api.model
    def _domain_overrun(self):
        """Also time of which it is known that it went beyond."""
        return super()._domain_overrun() | Domain("coverage", "=", "overrun")

    @api.depends("coverage")
    def _compute_billing_warning(self):
        return super()._compute_billing_warning()

    def _get_work(self):
        """Parts of one piece of work count as one entry for its minimum (W3)."""
        first = self.split_from_id or self
        # read along with the other entries, not each by itself
        return (first | first.split_part_ids).with_prefetch(self._prefetch_ids)

    def _prepare_engine_entries(self):
        """Parts that were decided differently are not joined (D7, W4)."""
        prepared = super()._prepare_engine_entries()
        return [
            replace(known, alone=entry._is_decided_alone())
            for entry, known in zip(self, prepared, strict=True)
        ]

    def _is_decided_alone(self):
        """Whether the part's billing is another than that of the first part."""
        self.ensure_one()
        first = self.split_from_id or self
        return bool(
            self.is_billed_amount_edited
            or self._differs_from_first()
            or self._compare_hours(
                self.unit_amount_rounded * first.unit_amount,
                first.unit_amount_rounded * self.unit_amount,
            )
        )

    def _differs_from_first(self):
        """Whether somebody decided, or asked, otherwise than about the first part."""
        self.ensure_one()
        first = self.split_from_id or self
        names = ("invoice_from", "is_questioned", "review_state", "time_type_id")
        return any(self[name] != first[name] for name in names)

    def _draw(self, forget=lambda entry: entry):
        """Draw once more where the terms of another item made other hours (W2, D10)."""
        # pylint: disable=missing-return  # there is nothing to return
        billed = {entry: entry.unit_amount_rounded for entry in self}
        super()._draw(forget)
        other = self.filtered(
            lambda entry: (
                not entry.split_from_id
                and not entry.split_part_ids
                and self._compare_hours(entry.unit_amount_rounded, billed[entry])
            )
        )
        if other:
            super(AccountAnalyticLine, other)._draw(forget)

    def _prepare_part(self, part, root):
        """A further part is held back, approved or not, as the time is (BP1, BP4)."""
        return {**super()._prepare_part(part, root), **self._prepare_of_whole()}

    def _prepare_part_hours(self, part, amount):
        """Split by hours to bill, hours worked in proportion (W3).

        Hours set by hand are split as such, with their reason (W4).

        The part keeps the proportion as its terms: steps and minimums have decided
        about the whole, and decide anew where its hours are corrected.
        """
        worked, billed = self.unit_amount, self.unit_amount_rounded
        if self.is_billed_amount_edited:
            if not self._compare_hours(amount, billed):
                return {}
            return {
                "unit_amount": worked * amount / billed if billed else worked,
                "unit_amount_rounded": amount,
                "is_billed_amount_edited": True,
                "review_reason": self.review_reason,
            }
        if worked and not billed:
            return {}
        # sudo: agents may not read items
        items = self.env["sale.order.line"].sudo()
        others = self._prepare_billing_terms(items.browse(part.item or ()))
        known = self._get_billing_terms()
        if worked == billed and self._get_rule(others) == self._get_rule(known):
            return super()._prepare_part_hours(part, amount)
        if amount == billed:
            # all of it: the terms of its item decide
            return {}
        share = worked * amount / billed
        terms = {"item": part.item or None, "kind": self.time_type_id.id or None}
        if share != amount:
            terms["factor"] = amount / share
        rule = self._get_rule_of_work(known)
        if not {"minimum", "step"}.isdisjoint(rule):
            hours = self._get_hours(billed=False) * amount / billed
            terms["share"] = {"worked": hours, "rule": rule}
        return {"unit_amount": share, "billing_terms": terms}

    def _write_part(self, part):
        res = super()._write_part(part)
        self._bill_parts()
        return res

    def _create_parts(self, vals_list):
        parts = super()._create_parts(vals_list)
        parts._bill_parts()
        return parts

    @api.model
    def _is_splitting(self):
        """Core's split is over where drawing writes its parts."""
        return super()._is_splitting() and not self._is_writing_parts()

    @api.model
    def _is_same_work(self):
        """Parts share what was decided about the whole (W3, BP1)."""
        return super()._is_same_work() or self._is_writing_parts()

    def _is_shown_to_customers(self):
        return super()._is_shown_to_customers() and not self._is_hidden()

    @api.depends("review_state")
    def _compute_coverage_reason(self):
        """What draws although nobody has approved it says so (BP1)."""
        # pylint: disable=missing-return  # a compute has nothing to return
        super()._compute_coverage_reason()
        # sudo: as why it draws there
        entries = self.sudo()
        waiting = (
            Domain("coverage", "in", ("prepaid", "overrun"))
            & Domain("review_state", "!=", "rejected")
            & entries._domain_not_approved()
        )
        for entry in entries.filtered("coverage_reason").filtered_domain(waiting):
            entry.coverage_reason = self.env._(
                "%(why)s; waits for approval", why=entry.coverage_reason
            )
