import math
from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL, float_compare, format_date, format_duration

from odoo.addons.helpdesk_track_bill.models.account_analytic_line import MOST_HOURS
from odoo.addons.sale_timesheet_books.tools import get_unit

from ..rounding import get_hours_to_bill

REVIEWER = "helpdesk_track_bill_review.group_reviewer"
BILLER = "helpdesk_track_bill_review.group_biller"

# Context: ids of the entries that are to be invoiced; others wait. It can only leave
# out entries that were due.
SELECTION_KEY = "time_to_bill_ids"
# Context: why hours to bill change, where nobody says it for each entry.
REASON_KEY = "time_to_bill_reason"

# What reviewers decide on entries of their teams.
DECISIONS = {
    "invoice_from",
    "is_billed_amount_edited",
    "is_questioned",
    "no_charge_reason_id",
    "review_reason",
    "review_state",
    "unit_amount_rounded",
}
# What follows from decisions: nobody writes it, and nobody has a default for it.
CONSEQUENCES = {"billing_charge", "billing_terms", "reviewer_id"}
# What they may change beside, on the screen Time to Bill.
CORRECTIONS = {"is_so_line_edited", "name", "so_line", "time_type_id"}
# What the accountant may change there.
OF_BILLERS = {
    "invoice_from",
    "is_questioned",
    "is_so_line_edited",
    "name",
    "so_line",
}
# What a part of time has of the whole, beside its share of the hours.
OF_WHOLE = (
    "invoice_from",
    "no_charge_reason_id",
    "review_reason",
    "review_state",
    "reviewer_id",
)
# Decided anew when one of these changes (BP1).
REVIEWED = {"date", "product_uom_id", "ticket_id", "time_type_id", "unit_amount"}
# What the hours to bill follow (W2).
FOLLOWED = {
    "no_charge_reason_id",
    "product_uom_id",
    "so_line",
    "time_type_id",
    "unit_amount",
}
# What agents do not change on approved time.
LOCKED = REVIEWED | {
    "employee_id",
    "name",
    "no_charge_reason_id",
    "project_id",
    "review_reason",
    "so_line",
    "task_id",
}
# What decides the hours to bill, which an invoice has billed, and when.
BILLED = {
    "invoice_from",
    "is_billed_amount_edited",
    "no_charge_reason_id",
    "time_type_id",
    "unit_amount_rounded",
}
HOURS_DIGITS = 6
# Amounts of groups: in the currency of their orders, in the company's, and what both
# are made of.
AMOUNT, AMOUNT_IN_COMPANY_CURRENCY, AMOUNTS_BY_CURRENCY = AMOUNTS_OF_GROUPS = (
    "billing_amount:sum",
    "billing_amount:sum_currency",
    "billing_amount:by_currency",
)


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    unit_amount_rounded = fields.Float(
        "Hours to Bill",
        compute="_compute_hours_to_bill",
        store=True,
        readonly=False,
        copy=False,
        help="What draws from prepaid hours and what is invoiced.",
    )
    is_billed_amount_edited = fields.Boolean(
        "Set by Hand",
        copy=False,
        help="Hours to bill were set by hand: they stay when the hours worked change.",
        groups="base.group_user",
    )
    time_type_id = fields.Many2one(
        "project.time.type",
        "Kind of Work",
        index="btree_not_null",
        ondelete="restrict",
    )
    no_charge_reason_id = fields.Many2one(
        "helpdesk.no.charge.reason",
        "No Charge",
        index="btree_not_null",
        ondelete="restrict",
        copy=False,
        help="Why the time is not charged.",
        groups="base.group_user",
    )
    billing_terms = fields.Json(
        compute="_compute_hours_to_bill",
        store=True,
        copy=False,
        export_string_translation=False,
        help="The terms that decided the hours to bill.",
        groups="base.group_user",
    )
    billing_charge = fields.Selection(
        [
            ("charge", "Charged"),
            ("show", "Not charged, shown at 0"),
            ("hide", "Not charged, not shown"),
        ],
        "Charge",
        compute="_compute_billing_charge",
        store=True,
        copy=False,
    )
    billing_explanation = fields.Char(
        "Why These Hours",
        compute="_compute_billing_explanation",
        help="What made hours to bill of the hours worked.",
        groups="base.group_user",
    )
    review_state = fields.Selection(
        [
            ("draft", "Draft"),
            ("submitted", "Submitted"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
        ],
        "Review",
        compute="_compute_review_state",
        store=True,
        readonly=False,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
    )
    review_reason = fields.Char(
        "Reason",
        copy=False,
        help="Why hours to bill were set by hand, not charged, or rejected.",
        groups="base.group_user",
    )
    reviewer_id = fields.Many2one(
        "res.users", "Approved By", copy=False, readonly=True, groups="base.group_user"
    )
    invoice_from = fields.Date(
        "Hold Back Until",
        copy=False,
        help="The time is not invoiced before this day.",
        groups="base.group_user",
    )
    is_questioned = fields.Boolean(
        "Questioned",
        copy=False,
        help="The customer has a question about the time, on the ticket's page.",
        groups="base.group_user",
    )
    is_time_to_bill = fields.Boolean(
        compute="_compute_is_time_to_bill",
        search="_search_is_time_to_bill",
        export_string_translation=False,
        groups="base.group_user",
    )
    billing_warning = fields.Char(
        "Attention",
        compute="_compute_billing_warning",
        search="_search_billing_warning",
        compute_sudo=True,
        help="What to look at before the time is invoiced.",
        groups="base.group_user",
    )
    billing_attention = fields.Integer(
        "Warnings",
        compute="_compute_billing_warning",
        compute_sudo=True,
        aggregator="sum",
        help="How many things there are to look at before the time is invoiced.",
        groups="base.group_user",
    )
    billing_partner_id = fields.Many2one(
        related="ticket_id.commercial_partner_id", string="Customer to Bill"
    )
    billing_currency_id = fields.Many2one(
        related="so_line.currency_id",
        string="Billing Currency",
        export_string_translation=False,
        groups=BILLER,
    )
    billing_price = fields.Monetary(
        "Price",
        compute="_compute_billing_amount",
        currency_field="billing_currency_id",
        compute_sudo=True,
        groups=BILLER,
    )
    billing_amount = fields.Monetary(
        "Amount to Bill",
        compute="_compute_billing_amount",
        currency_field="billing_currency_id",
        compute_sudo=True,
        help="What an invoice of the time comes to, without taxes.",
        groups=BILLER,
    )

    # the few entries of a large table that wait for something (BP4)
    _held_back_index = models.Index("(invoice_from) WHERE invoice_from IS NOT NULL")

    # ------------------------------------------------------------------
    # Hours to bill
    # ------------------------------------------------------------------
    @api.depends(
        "unit_amount",
        "product_uom_id",
        "so_line",
        "time_type_id",
        "no_charge_reason_id",
        "is_billed_amount_edited",
    )
    def _compute_hours_to_bill(self):
        """Decide hours to bill by the terms, once (W2).

        The terms that decided are kept on the entry: they decide again while item and
        kind of work stay the same. Invoiced entries keep what was billed.
        """
        for entry in self:
            if not entry._is_not_billed():
                for name in ("unit_amount_rounded", "billing_terms"):
                    entry[name] = entry[name]
                continue
            terms = entry._get_billing_terms()
            entry.billing_terms = terms
            if entry.no_charge_reason_id:
                entry.unit_amount_rounded = 0.0
            elif entry.is_billed_amount_edited:
                entry.unit_amount_rounded = entry.unit_amount_rounded
            else:
                entry.unit_amount_rounded = entry._get_amount_by_terms(terms)

    @api.depends(
        "billing_terms",
        "no_charge_reason_id",
        "is_billed_amount_edited",
        "unit_amount_rounded",
    )
    def _compute_billing_charge(self):
        """By itself: hours set by hand keep their other computes from running (W4).

        They are charged, whatever the kind of work says.
        """
        for entry in self:
            if not entry._is_not_billed():
                entry.billing_charge = entry.billing_charge
            elif entry.no_charge_reason_id:
                entry.billing_charge = entry.no_charge_reason_id.charge
            elif entry.is_billed_amount_edited and entry.unit_amount_rounded:
                entry.billing_charge = "charge"
            else:
                terms = entry.billing_terms or {}
                entry.billing_charge = terms.get("charge", "charge")

    def _get_billing_terms(self):
        """The terms kept on the entry; those of its item and kind of work if they
        changed, or if none are kept.

        :returns: a dictionary, hours in hours
        """
        self.ensure_one()
        # sudo: agents may not read items
        item, kind = self.sudo().so_line._origin, self.time_type_id._origin
        key = {"item": item.id or None, "kind": kind.id or None}
        kept = self._origin.billing_terms
        if kept and {name: kept.get(name) for name in key} == key:
            return self._decide_share_anew(kept)
        return self._prepare_billing_terms()

    def _decide_share_anew(self, terms):
        """The terms of a part of work, whose hours worked may have been corrected (W3).

        Step and minimum decided about the whole: a part that was split off by drawing
        keeps its proportion as factor, and in ``share`` the hours that it had and the
        rule. Other hours make another whole: the part bills what that bills beyond the
        other parts.
        """
        if not self._is_share_corrected(terms):
            return terms
        worked, rule = self._get_hours(billed=False), terms["share"]["rule"]
        share = {**terms, "share": {"worked": worked, "rule": rule}}
        if not worked:
            return share
        left = self._get_hours_by_rule(self._get_hours_of_work(), rule)
        corrected = worked
        for part in self._get_other_parts():
            kept = part._origin.billing_terms or part._prepare_billing_terms()
            if part._is_share_corrected(kept):
                # at the same time: they share what is left
                corrected += part._get_hours(billed=False)
            else:
                left -= part._get_hours_by_terms(kept)
        share["factor"] = max(left, 0.0) / corrected if corrected > 0 else 0.0
        return share

    def _is_share_corrected(self, terms):
        """Whether a part of work has other hours than when its share was decided."""
        self.ensure_one()
        share = terms.get("share")
        return bool(share) and bool(
            self._compare_hours(self._get_hours(billed=False), share["worked"])
        )

    def _prepare_billing_terms(self, item=None):
        """Today's terms of an item and of the entry's kind of work.

        Terms that change nothing are left out, so that most entries keep little.

        :param item: another item than the entry's own, as superuser
        :returns: a dictionary, hours in hours
        """
        self.ensure_one()
        # sudo: agents may not read items
        item = self.sudo().so_line._origin if item is None else item
        kind = self.time_type_id._origin
        terms = {"item": item.id or None, "kind": kind.id or None}
        if kind and kind.factor != 1:
            terms["factor"] = kind.factor
        if kind and kind.charge != "charge":
            terms["charge"] = kind.charge
        if item.billing_step:
            terms["step"] = item.billing_step
            terms["rounding"] = item.billing_rounding or "up"
        minimum = max(item.billing_minimum, kind.billing_minimum)
        if minimum:
            terms["minimum"] = minimum
        return terms

    @api.model
    def _decide_saved(self):
        """Decide now about entries that wait for it, before terms change."""
        self._recompute_model(["unit_amount_rounded"])

    def _get_work(self):
        """Hook: the entries that are one piece of work with this one, which counts as
        one entry for its terms (W3); here each entry is a piece of its own.
        """
        return self

    def _get_amount_by_terms(self, terms):
        """Hours to bill by terms, in the entry's unit (W2).

        Parts of one piece of work are billed in proportion to the hours worked (W3).
        """
        self.ensure_one()
        if not self._get_rule(terms):
            return self.unit_amount
        return self._convert_from_hours(self._get_hours_by_terms(terms))

    def _get_hours_by_terms(self, terms):
        """As :meth:`_get_amount_by_terms`, in hours."""
        own, worked = self._get_hours(billed=False), self._get_hours_of_work()
        if not own or not worked:
            return 0.0
        billed = self._get_hours_by_rule(worked, self._get_rule(terms))
        return round(billed * own / worked, HOURS_DIGITS)

    @api.model
    def _get_hours_by_rule(self, worked, rule):
        charge = rule.get("charge", "charge") == "charge"
        return get_hours_to_bill(worked, **{**rule, "charge": charge})

    def _get_hours_of_work(self):
        """Hours worked of the piece of work that the entry is of (W3)."""
        parts = self._get_other_parts()
        return sum(part._get_hours(billed=False) for part in (self, *parts))

    def _get_other_parts(self):
        """The saved entries that are one piece of work with this one (W3)."""
        return self._get_work().filtered(lambda part: part._origin != self._origin)

    def _convert_from_hours(self, hours):
        """Hours in the entry's unit; the way back is :meth:`_get_hours`."""
        hour = get_unit(self.env, "hour")
        unit = self.product_uom_id or hour
        return hour._compute_quantity(hours, unit, round=False)

    @api.model
    def _get_rule(self, terms):
        """What terms say, whatever item and kind of work they are of."""
        others = ("item", "kind", "share")
        return {name: terms[name] for name in terms if name not in others}

    @api.model
    def _get_rule_of_work(self, terms):
        """What decided about the whole of the work that the terms are of a part of."""
        return terms["share"]["rule"] if "share" in terms else self._get_rule(terms)

    def _get_hours_of_rule(self):
        """Hours to bill that nobody set by hand (W2, W5), in the entry's unit."""
        self.ensure_one()
        if self.no_charge_reason_id:
            return 0.0
        return self._get_amount_by_terms(self._get_billing_terms())

    def _is_decided_by_terms(self):
        """Whether terms decide what is billed: nobody has, and no invoice (W2)."""
        self.ensure_one()
        return not (
            self.is_billed_amount_edited or self.no_charge_reason_id or self._is_fixed()
        )

    def _keeps_other_terms(self):
        """Whether today's terms decide about the entry, and others are kept (W2).

        Not of a part of work: it keeps its share.
        """
        self.ensure_one()
        return (
            self._is_decided_by_terms()
            and not self._get_other_parts()
            and self._get_billing_terms() != self._prepare_billing_terms()
        )

    def _apply_terms(self):
        """Decide hours to bill by today's terms, whatever the entries kept (W2).

        The history says why.
        """
        entries = self.with_context(**{REASON_KEY: self.env._("Today's terms applied")})
        entries.write({"billing_terms": False})
        # decides anew, as where hours set by hand return to the rule
        entries.write({"is_billed_amount_edited": False})

    def _prepare_share(self, worked):
        """Values that bill a part of the entry's work as its share (W3, W4).

        Steps and minimums have decided about the whole: the part keeps the proportion
        as its terms.

        :param worked: what is worked of the part, in the entry's unit
        """
        self.ensure_one()
        if not self.unit_amount:
            return {}
        terms = self._get_billing_terms()
        if not {"minimum", "share", "step"}.isdisjoint(terms):
            amount = self._get_amount_by_terms(terms)
            terms = {
                name: value
                for name, value in terms.items()
                if name not in ("minimum", "rounding", "share", "step")
            }
            terms["factor"] = amount / self.unit_amount
        share = {"billing_terms": terms}
        if self.is_billed_amount_edited:
            share["is_billed_amount_edited"] = True
            share["unit_amount_rounded"] = (
                self.unit_amount_rounded * worked / self.unit_amount
            )
        return share

    def _prepare_of_whole(self):
        """Values of a part of time that are those of the whole (BP1, BP4, W5)."""
        self.ensure_one()
        known = {name: self[name] for name in OF_WHOLE if self[name]}
        return self._convert_to_write(known)

    def _bill_parts(self):
        """Written terms keep what follows from them from being computed."""
        self.env.add_to_compute(self._fields["unit_amount_rounded"], self)

    @api.depends(
        "billing_terms",
        "is_billed_amount_edited",
        "no_charge_reason_id",
        "review_reason",
        "unit_amount_rounded",
    )
    @api.depends_context("lang")
    def _compute_billing_explanation(self):
        for entry in self:
            entry.billing_explanation = entry._explain_billing()

    def _explain_billing(self):
        """Why hours to bill are not the hours worked; False where they are by rule."""
        self.ensure_one()
        if self.no_charge_reason_id:
            parts = [
                self.env._(
                    "No charge: %(reason)s",
                    reason=self.no_charge_reason_id.display_name,
                )
            ]
        elif self.is_billed_amount_edited:
            parts = [self.env._("Set by hand")]
        else:
            terms = self._get_rule_of_work(self.billing_terms or {})
            parts = []
            if terms.get("charge", "charge") != "charge":
                parts.append(
                    self.env._(
                        "%(kind)s: not charged", kind=self.time_type_id.display_name
                    )
                )
            elif "factor" in terms and self.time_type_id:
                parts.append(
                    self.env._(
                        "%(kind)s: factor %(factor)s",
                        kind=self.time_type_id.display_name,
                        factor=f"{terms['factor']:g}",
                    )
                )
            if "step" in terms:
                rounding = self.env["helpdesk.billing.terms"]._fields[
                    "billing_rounding"
                ]
                labels = dict(rounding._description_selection(self.env))
                parts.append(
                    self.env._(
                        "Steps of %(step)s, %(rounding)s",
                        step=format_duration(terms["step"]),
                        rounding=labels[terms["rounding"]],
                    )
                )
            if "minimum" in terms:
                parts.append(
                    self.env._(
                        "Minimum %(minimum)s",
                        minimum=format_duration(terms["minimum"]),
                    )
                )
            return "; ".join(parts)
        if self.review_reason:
            parts.append(self.review_reason)
        return "; ".join(parts)

    @api.onchange("unit_amount_rounded")
    def _onchange_unit_amount_rounded(self):
        """Show what saving does: other hours than those of the terms are by hand."""
        self.is_billed_amount_edited = (
            not self.no_charge_reason_id
            and self._compare_hours(self.unit_amount_rounded, self._get_hours_of_rule())
            != 0
        )

    @api.model
    def _compare_hours(self, hours, other):
        """As :func:`float_compare`; what is no number is no other's equal (W4)."""
        if not math.isfinite(hours):
            return 1
        return float_compare(hours, other, precision_digits=HOURS_DIGITS)

    @api.constrains("unit_amount_rounded")
    def _check_unit_amount_rounded(self):
        """Hours to bill that nobody can bill would spoil every sum (W4)."""
        for entry in self.filtered("ticket_id"):
            if not abs(entry.unit_amount_rounded) <= MOST_HOURS:
                raise UserError(
                    self.env._(
                        "The hours to bill of the time entry %(entry)s are not a number"
                        " that one can bill: enter hours.",
                        entry=entry.name,
                    )
                )

    @api.model
    def _get_hours_field(self, billed):
        """Money and prepaid hours read hours to bill, work reads hours worked (W1)."""
        return "unit_amount_rounded" if billed else super()._get_hours_field(billed)

    @api.model
    def _get_fields_of_invoice(self):
        """A free entry that is billed differently leaves its invoices (E5)."""
        return super()._get_fields_of_invoice() | BILLED

    # ------------------------------------------------------------------
    # Review
    # ------------------------------------------------------------------
    @api.depends(
        "ticket_team_id.review_time",
        "timesheet_invoice_id",
        "timesheet_invoice_id.state",
    )
    def _compute_review_state(self):
        """Time of a team that approves starts with being submitted (BP1).

        So does time that an invoice of before sets free. Where a team approves no
        longer, nothing waits; what it has approved stays so.
        """
        for entry in self:
            team = entry.ticket_team_id
            if team.review_time and not entry.review_state and entry._is_not_billed():
                entry.review_state = (
                    "submitted" if team.submit_time_on_save else "draft"
                )
            elif entry._is_out_of_review():
                entry.review_state = False
            else:
                entry.review_state = entry.review_state

    def _is_out_of_review(self):
        """Whether the entry waits for a team that does not approve any more (BP1)."""
        self.ensure_one()
        return (
            self.review_state not in (False, "approved")
            and not self._is_reviewed()
            and self._is_not_billed()
        )

    def _filter_reviewable(self):
        """The entries that the user reviews: those of their teams; of all teams, for
        helpdesk managers and for reviewers who are billers, too (section Rights).
        """
        user = self.env.user
        if self.env.su:
            return self
        if not user.has_group(REVIEWER):
            return self.browse()
        if user.has_group("helpdesk_mgmt.group_helpdesk_manager") or user.has_group(
            BILLER
        ):
            return self.filtered("ticket_id")
        # sudo: reviewers may not read every team
        teams = self.sudo().ticket_team_id
        own = teams.filtered(lambda team: user in team.user_ids | team.user_id)
        return self.filtered(lambda entry: entry.sudo().ticket_team_id in own)

    def _check_decision(self, vals):
        """Who may decide what about the billing of time (W4, W5, BP1, BP4).

        :raises AccessError: with the first decision that is not the user's
        """
        if self.env.su or self._is_same_work():
            return
        others = self - self._filter_reviewable()
        if others and not DECISIONS.isdisjoint(vals):
            self._check_decision_of_agent(others, vals)
        if vals.get("review_state") == "approved":
            for entry in self:
                if (
                    # sudo: reviewers may not read employees
                    self.env.user in (entry.user_id, entry.sudo().employee_id.user_id)
                    and not entry.company_id.allow_self_approval
                ):
                    raise AccessError(
                        self.env._(
                            "The time entry %(entry)s is your own: another reviewer of"
                            " the team approves it.",
                            entry=entry.name,
                        )
                    )
        elif vals.get("review_state") == "rejected":
            for entry in self:
                reason = vals.get("review_reason", entry.review_reason)
                entry._check_reason(reason)

    @api.model
    def _check_reason(self, reason):
        """:raises UserError: where what needs a reason has none (W4, BP1)"""
        if not (reason or "").strip():
            raise UserError(
                self.env._("The decision has no reason: say why, for the history.")
            )

    def _check_decision_of_agent(self, others, vals):
        user = self.env.user
        decided = DECISIONS & vals.keys()
        if user.has_group(BILLER):
            decided -= OF_BILLERS
        proposed = decided & {"no_charge_reason_id", "review_reason", "review_state"}
        if proposed == {"review_reason"}:
            # whoever decided has said why
            proposed = set()
        for entry in others:
            names = set(decided)
            if user.has_group(BILLER) and not entry.review_reason:
                # a reason that is missing may be given
                names.discard("review_reason")
            # agents submit their time and propose that it is not charged
            if (
                entry.user_id == user
                and entry.review_state in ("draft", "submitted", "rejected")
                and vals.get("review_state", "submitted") in ("draft", "submitted")
                and entry._is_reviewed()
            ):
                names -= proposed
                if entry.is_billed_amount_edited:
                    names |= proposed & {"no_charge_reason_id", "review_reason"}
            if names:
                entry._raise_not_decided()

    def _check_consequences(self, vals):
        """What follows from decisions is nobody's to write (W2, W5, BP1).

        :raises AccessError: whoever it is, but for the superuser
        """
        if not self.env.su and not CONSEQUENCES.isdisjoint(vals):
            for entry in self:
                entry._raise_not_decided()

    def _raise_not_decided(self):
        raise AccessError(
            self.env._(
                "What is billed of the time entry %(entry)s is decided by"
                " the reviewers of its team: ask one of them.",
                entry=self.name,
            )
        )

    def _elevate(self, vals):
        """Reviewers and billers change what they may of time that others logged.

        Core lets nobody but timesheet approvers change the time of others, whatever
        is changed of it.
        """
        if self.env.su or not self:
            return self
        user = self.env.user
        allowed = vals.keys() <= DECISIONS | CORRECTIONS and (
            self._filter_reviewable() == self
        )
        if not allowed:
            names = set(vals) - ({"review_reason"} if self._lack_reasons() else set())
            allowed = user.has_group(BILLER) and names <= OF_BILLERS
        if not allowed:
            return self
        self.check_access("read")
        # sudo: who decides needs no rights on the rest of the entry; checked above
        return self.sudo()

    def _lack_reasons(self):
        # sudo: whoever may read the reason; the user may read the entries
        return not any(self.sudo().mapped("review_reason"))

    def action_submit(self):
        """Submit drafts and what was rejected for review (BP1)."""
        self.filtered(lambda entry: entry.review_state in ("draft", "rejected")).write(
            {"review_state": "submitted"}
        )

    def _filter_reason_over(self):
        """Rejected entries whose reason is no other decision's: it ends with it."""
        return self.filtered(
            lambda entry: (
                entry.review_state == "rejected"
                and not entry.is_billed_amount_edited
                and not entry.no_charge_reason_id
            )
        )

    def action_approve(self):
        """Approve time, one entry or a thousand (BP1).

        Entries without hours wait for them: timers that run are such entries.

        :raises AccessError: for own time, and time of teams of others
        """
        self.filtered(
            lambda entry: (
                entry.review_state
                and entry.review_state != "approved"
                and (entry.unit_amount or entry.unit_amount_rounded)
            )
        ).write({"review_state": "approved"})

    def action_decide(self):
        """Ask for a decision that needs a reason, or a day (BP1, W4, W5)."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decide"),
            "res_model": "helpdesk.time.decision",
            "views": [(False, "form")],
            "target": "new",
            "context": {**self.env.context, "default_entry_ids": self.ids},
        }

    def action_write_off(self):
        """Neither charge nor show the time; it is dealt with (W5, BP2)."""
        self.write(
            {
                "no_charge_reason_id": self.env.ref(
                    "helpdesk_track_bill_review.no_charge_reason_written_off"
                ).id
            }
        )

    def action_answer_question(self):
        """The customer's question is answered (BP6)."""
        self.filtered("is_questioned").write({"is_questioned": False})

    def action_reset_hours(self):
        """Return to the hours that the terms decide (W4); the reason ends with them."""
        edited = self.filtered("is_billed_amount_edited")
        rejected = edited.filtered(lambda entry: entry.review_state == "rejected")
        # there it says why they were rejected
        rejected.write({"is_billed_amount_edited": False})
        (edited - rejected).write(
            {"is_billed_amount_edited": False, "review_reason": False}
        )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    @api.model
    def _get_decided_fields(self):
        """What follows from decisions only the superuser gives, for parts of time."""
        return super()._get_decided_fields() | CONSEQUENCES

    @api.model
    def _prepare_create_values(self, vals_list):
        """Decisions come after what they are about; nobody has defaults for them."""
        return [
            {
                name: value
                for name, value in vals.items()
                if name not in DECISIONS
                and not (name == "analytic_distribution" and self._is_deciding(vals))
            }
            for vals in super()._prepare_create_values(vals_list)
        ]

    @api.model
    def _is_deciding(self, vals):
        """Whether values of new time decide something about it."""
        # no hours to bill are a decision; forms send the rest empty
        return "unit_amount_rounded" in vals or any(
            value for name, value in vals.items() if name in DECISIONS
        )

    def _process_new(self, vals_list):
        """Decisions in the values are taken first: hours are drawn as decided."""
        if self._is_splitting():
            self._take_shares(vals_list)
            return super()._process_new(vals_list)
        for entry, vals in zip(self, vals_list, strict=True):
            entry._check_consequences(vals)
            decisions = {k: v for k, v in vals.items() if k in DECISIONS}
            if decisions.get("review_state") == entry.review_state:
                del decisions["review_state"]
            if "unit_amount_rounded" in decisions and not self._compare_hours(
                decisions["unit_amount_rounded"] or 0.0, entry.unit_amount_rounded
            ):
                del decisions["unit_amount_rounded"]
            if decisions.get("review_state") and vals.get("reviewer_id"):
                # a part of what somebody else has approved
                decisions["reviewer_id"] = vals["reviewer_id"]
            if self._is_deciding(decisions):
                entry.write(decisions)
            if "analytic_distribution" in vals and self._is_deciding(vals):
                # what was decided is shared out
                entry.analytic_distribution = vals["analytic_distribution"]
        return super()._process_new(vals_list)

    def copy_data(self, default=None):
        """What core splits off is billed as its share of the whole (W3, W4, BP1)."""
        vals_list = super().copy_data(default)
        if self._is_splitting() and "unit_amount" in (default or {}):
            for entry, vals in zip(self, vals_list, strict=True):
                vals.update(entry._prepare_of_whole())
                vals.update(entry._prepare_share(vals["unit_amount"]))
        return vals_list

    def _take_shares(self, vals_list):
        """What was decided about the whole holds for what core has split off."""
        taken = DECISIONS | CONSEQUENCES
        # sudo: nobody decides anew
        for entry, vals in zip(self.sudo(), vals_list, strict=True):
            entry._write_decision({k: v for k, v in vals.items() if k in taken})
        self._bill_parts()

    @api.model
    def _is_same_work(self):
        """Hook: whether work is only shared out: nothing of it is decided (BP1)."""
        return self._is_splitting()

    def write(self, vals):
        """Decisions about billing are checked and kept in the history (W4, W5, BP1).

        Approved and rejected time that changes is submitted again.
        """
        self._check_consequences(vals)
        if self._is_splitting() and "unit_amount" in vals:
            share = {}
            if self._compare_hours(vals["unit_amount"], self.unit_amount):
                share = self._prepare_share(vals["unit_amount"])
            if share:
                # sudo: nobody writes terms; alone, so that hours follow from them
                self.sudo().write({"billing_terms": share.pop("billing_terms")})
            return self._write_decision({**vals, **share})
        if vals.keys().isdisjoint(DECISIONS | CORRECTIONS | REVIEWED):
            return super().write(vals)
        if "unit_amount_rounded" in vals:
            return self._write_hours_to_bill(vals)
        return self._write_decision(vals)

    def _write_hours_to_bill(self, vals):
        """Write values with hours to bill: by hand, where they are others (W4).

        Forms send the hours that they showed along with what made them: kind of work,
        item or hours worked. Hours that follow from these are by rule. It is known
        before anything is written, so that hours are drawn once.
        """
        hours = vals["unit_amount_rounded"] or 0.0
        rest = {
            k: v
            for k, v in vals.items()
            if k not in ("unit_amount_rounded", "is_billed_amount_edited")
        }
        if vals.get("no_charge_reason_id") or not vals.get(
            "is_billed_amount_edited", True
        ):
            return self._write_decision({**rest, "is_billed_amount_edited": False})
        if "ticket_id" in rest:
            # with the ticket comes its item, by whose terms hours follow
            self._write_decision(rest)
            rest = {k: v for k, v in rest.items() if k == "review_reason"}
        follows = not FOLLOWED.isdisjoint(rest)
        typed = self.filtered(
            lambda entry: (
                vals.get("is_billed_amount_edited")
                or self._compare_hours(
                    hours,
                    self.new(rest, origin=entry)._get_hours_of_rule()
                    if follows
                    else entry.unit_amount_rounded,
                )
            )
        )
        by_hand = (self - typed).filtered(
            lambda entry: follows and entry.is_billed_amount_edited
        )
        for entries, decision in (
            (
                typed,
                {
                    "unit_amount_rounded": hours,
                    "is_billed_amount_edited": True,
                    "no_charge_reason_id": False,
                },
            ),
            (by_hand, {"is_billed_amount_edited": False}),
            (self - typed - by_hand, {}),
        ):
            values = {**rest, **decision}
            if entries and values:
                entries._write_decision(values)
        if follows:
            # written hours keep the terms from being computed along with them
            self.env.add_to_compute(self._fields["billing_terms"], typed)
        return True

    def _write_decision(self, vals):
        """Write what the user may decide; tell it in the history (W4, W5, BP1)."""
        # pylint: disable=super-method-mismatch  # a part of write
        self._check_decision(vals)
        if vals.get("review_state"):
            # teams that do not approve have no state, whoever writes one
            others = self.filtered(lambda entry: not entry._is_reviewed())
            if others:
                rest = {k: v for k, v in vals.items() if k != "review_state"}
                if vals["review_state"] == "rejected":
                    # what was approved while the team did is not any more
                    rest["review_state"] = False
                others._write_decision(rest)
                return (self - others)._write_decision(vals)
        if vals.get("no_charge_reason_id"):
            vals = {**vals, "is_billed_amount_edited": False}
        changed = self.browse()
        if "review_state" not in vals and not self._is_same_work():
            changed = self.filtered(lambda entry: entry._is_changed_by(vals))
        old = {**changed._read_states(), **self._read_decisions(vals)}
        elevated = self._elevate(vals)
        if vals.get("review_state") == "approved":
            vals = {"reviewer_id": self.env.uid, **vals}
        elif vals.get("review_state") == "rejected":
            vals = {**vals, "reviewer_id": False}
        for entries, values in self._submit_along(changed, vals):
            super(AccountAnalyticLine, entries.with_env(elevated.env)).write(values)
        self._keep_history(
            old, vals.get("review_reason") or self.env.context.get(REASON_KEY)
        )
        if vals.get("review_state") == "rejected":
            # an invoice that stands again would take it back (BP4)
            self._get_once_invoiced()._leave_invoices()
        return True

    def _is_changed_by(self, vals):
        """Whether approved or rejected work becomes other work (BP1)."""
        self.ensure_one()
        return self.review_state in ("approved", "rejected") and any(
            self._fields[name].convert_to_cache(vals[name], self)
            != self._fields[name].convert_to_cache(self[name], self)
            for name in REVIEWED & vals.keys()
        )

    def _submit_along(self, changed, vals):
        """What is written of each: what changes is submitted again with it (BP1), and
        the reason of a rejection ends with that.

        Along with the change: it is drawn as what waits for approval.

        :param changed: those of the entries that become other work
        :returns: a list of (entries, values)
        """
        parts = []
        for entries, values in (
            (changed, {**vals, "review_state": "submitted"}),
            (self - changed, vals),
        ):
            over = entries.browse()
            if values.get("review_state") in ("submitted", "approved"):
                over = entries._filter_reason_over()
            parts.append((over, {"review_reason": False, **values}))
            parts.append((entries - over, values))
        return [(entries, values) for entries, values in parts if entries]

    def _move_to_ticket(self, ticket, vals=None, keep_item=False):
        """Approved time on another ticket is submitted again, merged or not (BP1)."""
        # pylint: disable=missing-return  # there is nothing to return
        vals = vals or {}
        changed = self.browse()
        if "review_state" not in vals:
            changed = self.filtered(
                lambda entry: (
                    not entry._is_fixed()
                    and entry._is_changed_by({"ticket_id": ticket.id})
                )
            )
        old = changed._read_states()
        for entries, values in self._submit_along(changed, vals):
            super(AccountAnalyticLine, entries)._move_to_ticket(
                ticket, values, keep_item
            )
        self._keep_history(old, self.env.context.get(REASON_KEY))
        self._leave_review()

    def _is_reviewed(self):
        """Whether the entry's team approves its time (BP1)."""
        self.ensure_one()
        # sudo: reviewers may not read every team
        return self.sudo().ticket_team_id.review_time

    def _leave_review(self):
        """Time that is on a team that does not approve by now has no state (BP1)."""
        # sudo: follows from the team, whoever may read it
        self.sudo().filtered(
            lambda entry: (
                entry.review_state
                and not entry._is_reviewed()
                and entry._is_not_billed()
            )
        ).write({"review_state": False})

    def _read_decisions(self, vals):
        """What the history tells of, as it is: ``{entry: {changed: text}}``."""
        if DECISIONS.isdisjoint(vals):
            return {}
        # sudo: only told in the history
        return {entry: entry.sudo()._get_decisions() for entry in self}

    def _read_states(self):
        """As :meth:`_read_decisions`, where nothing but the state is decided."""
        return {
            entry: {"review": entry.sudo()._get_decisions()["review"]} for entry in self
        }

    def _get_decisions(self):
        """What is decided, and how it is told: ``{changed: (value, text)}``."""
        self.ensure_one()
        states = dict(self._fields["review_state"]._description_selection(self.env))
        hours = round(self._get_hours(), HOURS_DIGITS)
        reason, state = self.no_charge_reason_id, self.review_state
        day, open_ = self.invoice_from, self.is_questioned
        return {
            "hours": (hours, format_duration(hours)),
            "no_charge": (reason.id, reason.display_name),
            "review": (state, states.get(state)),
            "hold": (day, day and format_date(self.env, day)),
            "question": (open_, open_ and self.env._("Open")),
        }

    def _keep_history(self, old, reason):
        """Keep old and new value, who, when and why (W4).

        Hours that were set without a reason are kept as such, for all to see.
        """
        none = self.env._("Without a reason")
        rows = [
            {
                "entry_id": entry.id,
                "ticket_id": entry.ticket_id.id,
                "team_id": entry.ticket_team_id.id,
                "company_id": entry.company_id.id,
                "description": entry.name,
                "changed": changed,
                "old_value": before[1] or False,
                "new_value": after[1] or False,
                "reason": reason
                or (changed == "hours" and entry.is_billed_amount_edited and none),
            }
            # sudo: the history is nobody's to write
            for entry in self.browse(record.id for record in old).sudo()
            for changed, after in entry._get_decisions().items()
            if (before := old[entry.sudo(self.env.su)].get(changed, after))[0]
            != after[0]
        ]
        self.env["helpdesk.time.change"].sudo().create(rows)

    def _is_readonly(self):
        """Approved time is grey for who may not change it (BP1)."""
        return super()._is_readonly() or bool(self._filter_locked())

    def _filter_locked(self):
        """Approved entries that the user does not review, nor change (BP1)."""
        # not as superuser, as which core asks some of it
        others = self - self.sudo(False)._filter_reviewable()
        return others.filtered(
            lambda entry: entry.review_state == "approved" and entry._is_reviewed()
        )

    def _get_readonly_reason(self):
        if self._is_not_billed() and self._filter_locked():
            return self.env._("Approved")
        return super()._get_readonly_reason()

    def _check_can_write(self, values):
        """Approved time is locked for agents (BP1), invoiced time for all (E5).

        :raises UserError: with what to do
        """
        if not BILLED.isdisjoint(values) or values.get("review_state") == "rejected":
            self._fetch_invoice_states()
            for entry in self:
                if not entry._is_not_billed():
                    raise UserError(
                        self.env._(
                            "The time entry %(entry)s is already invoiced: cancel or"
                            " credit its invoice to change what is billed of it.",
                            entry=entry.name,
                        )
                    )
        if not LOCKED.isdisjoint(values):
            self._check_not_approved()
        return super()._check_can_write(values)

    def _check_can_reassign(self):
        """Approved time is moved to another item by those who approve it (BP1)."""
        if not self.env.su:
            # sudo: colleagues' time is as locked, and only its ticket is named
            locked = self.sudo()._filter_locked()[:1]
            if locked:
                raise UserError(
                    self.env._(
                        "Time on the ticket %(ticket)s is approved: ask a reviewer"
                        " of the team %(team)s to reassign it.",
                        ticket=locked.ticket_id.display_name,
                        team=locked.ticket_team_id.display_name,
                    )
                )
        return super()._check_can_reassign()

    def _check_not_approved(self):
        locked = self.browse() if self.env.su else self._filter_locked()[:1]
        if locked:
            raise UserError(
                self.env._(
                    "The time entry %(entry)s is approved: ask a reviewer of the"
                    " team %(team)s to reject it before you change it.",
                    entry=locked.name,
                    # sudo: agents may not read every team
                    team=locked.sudo().ticket_team_id.display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_approved(self):
        """Approved time is not deleted by agents (BP1)."""
        self._check_not_approved()

    # ------------------------------------------------------------------
    # Time to bill
    # ------------------------------------------------------------------
    @api.model
    def _domain_due(self):
        """Approved, where the team approves; not held back, not hidden (BP4)."""
        due = (
            super()._domain_due()
            & ~self._domain_not_approved()
            & ~self._domain_held_back()
            & ~self._domain_hidden()
        )
        selection = self.env.context.get(SELECTION_KEY)
        if selection is not None:
            due &= Domain("id", "in", selection)
        return due

    @api.model
    def _domain_not_approved(self):
        # any!: who invoices may not read teams
        return Domain("ticket_team_id", "any!", [("review_time", "=", True)]) & Domain(
            "review_state", "!=", "approved"
        )

    @api.model
    def _domain_held_back(self):
        return Domain("invoice_from", ">", self.env.company._get_today())

    def _compute_is_time_to_bill(self):
        entries = self.filtered_domain(self._domain_time_to_bill())
        for entry in self:
            entry.is_time_to_bill = entry in entries

    def _search_is_time_to_bill(self, operator, value):
        if operator != "in":
            return NotImplemented
        return self._domain_time_to_bill()

    @api.model
    def _domain_time_to_bill(self):
        """Time on tickets that somebody has to decide about before it is billed (BP2).

        Billed afterwards and on no invoice; without an item, though its team bills
        time; drawn from prepaid hours that are overrun.
        """
        # any!: reviewers may read neither teams nor items
        without_item = (
            Domain("so_line", "=", False)
            & Domain("is_so_line_edited", "=", False)
            & Domain("ticket_team_id", "any!", [("allow_billable", "=", True)])
        )
        return (
            Domain("ticket_id", "!=", False)
            & ~self._domain_hidden()
            & (
                self._domain_to_invoice()
                | self._domain_not_billed() & (without_item | self._domain_overrun())
            )
        )

    @api.model
    def _domain_hidden(self):
        """The entries of which :meth:`_is_hidden` is true, as a domain."""
        return Domain("billing_charge", "=", "hide")

    def _is_hidden(self):
        """Whether customers see nothing of the time (W5)."""
        self.ensure_one()
        return self.billing_charge == "hide"

    @api.model
    def _get_warnings(self):
        """What needs attention before time is invoiced (BP2).

        The one place that says it, for the text, the filters and the order.

        :returns: ``{key: (domain, text)}``, in the order in which they are told
        """
        # any!: reviewers and billers may read neither teams nor items
        not_approved = self._domain_not_approved()
        pending = Domain("review_state", "!=", "rejected")
        changed = Domain("reviewer_id", "!=", False)
        return {
            "questioned": (
                Domain("is_questioned", "=", True),
                self.env._("Questioned by the customer"),
            ),
            "no_item": (Domain("so_line", "=", False), self.env._("No item")),
            "overrun": (self._domain_overrun(), self.env._("Overrun")),
            "rejected": (not_approved & ~pending, self.env._("Rejected")),
            "changed": (
                not_approved & pending & changed,
                self.env._("Changed since approval"),
            ),
            "not_approved": (
                not_approved & pending & ~changed,
                self.env._("Not approved"),
            ),
            "held_back": (self._domain_held_back(), self.env._("Held back")),
            "estimate": (
                Domain(
                    "ticket_id",
                    "any!",
                    [("planned_hours", "!=", 0), ("remaining_hours", "<", 0)],
                ),
                self.env._("Estimate exceeded"),
            ),
            "no_reason": (
                Domain("is_billed_amount_edited", "=", True)
                & Domain("review_reason", "in", (False, "")),
                self.env._("No reason"),
            ),
        }

    @api.model
    def _domain_overrun(self):
        """Time that draws from prepaid hours of which more is drawn than sold."""
        return Domain("so_line", "any!", [("remaining_hours", "<", 0)])

    @api.depends(
        "invoice_from",
        "is_billed_amount_edited",
        "is_questioned",
        "review_reason",
        "review_state",
        "reviewer_id",
        "so_line.remaining_hours",
        "ticket_id.planned_hours",
        "ticket_id.remaining_hours",
        "ticket_team_id.review_time",
    )
    @api.depends_context("company", "lang")
    def _compute_billing_warning(self):
        """What needs attention before the entries are invoiced, in short (BP2)."""
        warnings = [
            (self.filtered_domain(domain), text)
            for domain, text in self._get_warnings().values()
        ]
        for entry in self:
            texts = [text for found, text in warnings if entry in found]
            entry.billing_warning = ", ".join(texts) or False
            entry.billing_attention = len(texts)

    @api.model
    def _search_billing_warning(self, operator, value):
        """Search by the keys of :meth:`_get_warnings`; any, where a text is asked."""
        if operator != "in":
            return NotImplemented
        domains = {key: domain for key, (domain, _text) in self._get_warnings().items()}
        found = [domains[key] for key in value if key in domains]
        if False in value:
            found.append(~Domain.OR(domains.values()))
        return Domain.OR(found)

    def _field_to_sql(self, alias, field_expr, query=None):
        """Sort and sum by what there is to look at, without storing it (BP2)."""
        if field_expr != "billing_attention" or query is None:
            return super()._field_to_sql(alias, field_expr, query)
        self._check_field_access(self._fields[field_expr], "read")
        # sudo: as the text is computed; it says how many, and nothing of what
        entries = self.sudo()
        return SQL(
            "(%s)",
            SQL(" + ").join(
                SQL(
                    "CASE WHEN %s THEN 1 ELSE 0 END",
                    domain.optimize_full(entries)._to_sql(entries, alias, query),
                )
                for domain, _text in entries._get_warnings().values()
            ),
        )

    @api.depends("unit_amount_rounded", "so_line.price_unit", "so_line.discount")
    def _compute_billing_amount(self):
        """Hours to bill at the price of an item that is billed afterwards (BP2).

        Rounded in the item's unit, as an invoice of the entry alone would.
        """
        for entry in self:
            item = entry.so_line
            entry.billing_price = item.price_unit
            entry.billing_amount = (
                item._get_amount_of(
                    entry.product_uom_id._compute_quantity(
                        entry.unit_amount_rounded,
                        item.product_uom_id,
                        rounding_method="HALF-UP",
                    )
                )
                if item and item._is_billed_by_time()
                else 0.0
            )

    def _read_group_select(self, aggregate_spec, query):
        """Let amounts be added up, and currencies be those of amounts (BP2)."""
        if aggregate_spec in AMOUNTS_OF_GROUPS:
            self._check_field_access(self._fields["billing_amount"], "read")
            item, unit, quantity = (
                self._field_to_sql(self._table, name, query)
                for name in ("so_line", "product_uom_id", "unit_amount_rounded")
            )
            # what _price_groups takes; as numbers of one type
            return SQL(
                "ARRAY_AGG(ARRAY[%s, %s, %s]::float8[]) FILTER (WHERE %s IS NOT NULL)",
                item,
                unit,
                quantity,
                item,
            )
        select = super()._read_group_select(aggregate_spec, query)
        if aggregate_spec == "billing_currency_id:array_agg_distinct":
            # time without an item has no currency: it is not one more
            currency = self._field_to_sql(self._table, "billing_currency_id", query)
            return SQL("%s FILTER (WHERE %s IS NOT NULL)", select, currency)
        return select

    def _read_group_postprocess_aggregate(self, aggregate_spec, raw_values):
        if aggregate_spec not in AMOUNTS_OF_GROUPS:
            return super()._read_group_postprocess_aggregate(aggregate_spec, raw_values)
        return [
            self._sum_amounts(amounts, aggregate_spec)
            for amounts in self._price_groups(raw_values)
        ]

    @api.model
    def _read_group(
        self,
        domain,
        groupby=(),
        aggregates=(),
        having=(),
        offset=0,
        limit=None,
        order=None,
    ):
        """Price groups once, where both sums of amounts are asked for, as lists do."""
        core = super()._read_group
        if not {AMOUNT, AMOUNT_IN_COMPANY_CURRENCY} <= set(aggregates):
            return core(domain, groupby, aggregates, having, offset, limit, order)
        others = [spec for spec in aggregates if spec not in AMOUNTS_OF_GROUPS]
        rows = []
        for row in core(
            domain,
            groupby,
            [*others, AMOUNTS_BY_CURRENCY],
            having,
            offset,
            limit,
            order,
        ):
            groups, values = row[: len(groupby)], row[len(groupby) : -1]
            by_spec = dict(zip(others, values, strict=True))
            for spec in aggregates:
                if spec in AMOUNTS_OF_GROUPS:
                    by_spec[spec] = self._sum_amounts(row[-1] or {}, spec)
            rows.append((*groups, *(by_spec[spec] for spec in aggregates)))
        return rows

    @api.model
    def _sum_amounts(self, amounts, aggregate_spec):
        """An aggregate of AMOUNTS_OF_GROUPS, of ``{currency: amount}``."""
        if aggregate_spec == AMOUNTS_BY_CURRENCY:
            return amounts
        if aggregate_spec == AMOUNT:
            return sum(amounts.values())
        own = self.env.company.currency_id
        return sum(
            currency._convert(amount, own) for currency, amount in amounts.items()
        )

    @api.model
    def _price_groups(self, groups):
        """What an invoice of each group of entries would come to, without taxes (BP2).

        As an invoice does it: the hours of an item are rounded once, in its unit, and
        priced by core's engine.

        :param groups: for each group ``[item id, unit id, quantity]`` of its entries
        :returns: for each group ``{currency: amount}``
        """
        totals = []
        for rows in groups:
            quantities = defaultdict(float)
            for item, unit, quantity in rows or ():
                quantities[int(item), int(unit or 0)] += quantity
            totals.append(quantities)
        # sudo: as the amount of an entry; who may read it was checked
        items = self.env["sale.order.line"].sudo()
        items = items.browse({item for total in totals for item, _unit in total})
        by_id = {item.id: item for item in items if item._is_billed_by_time()}
        units = self.env["uom.uom"].browse(
            {unit for total in totals for _item, unit in total if unit}
        )
        unit_by_id = {
            0: get_unit(self.env, "hour"),
            **{unit.id: unit for unit in units},
        }
        amounts = []
        for total in totals:
            delivered = defaultdict(float)
            for (item, unit), quantity in total.items():
                if item in by_id:
                    delivered[by_id[item]] += unit_by_id[unit]._compute_quantity(
                        quantity,
                        by_id[item].product_uom_id,
                        rounding_method="HALF-UP",
                    )
            by_currency = defaultdict(float)
            for item, quantity in delivered.items():
                by_currency[item.currency_id] += item._get_amount_of(quantity)
            amounts.append(
                {
                    currency: currency.round(amount)
                    for currency, amount in by_currency.items()
                }
            )
        return amounts

    def action_invoice(self):
        """Preview and create invoices of the selected time (BP3)."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Create Invoices"),
            "res_model": "helpdesk.time.invoice",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                **self.env.context,
                "default_entry_ids": self.ids,
                "dialog_size": "extra-large",
            },
        }

    def _timesheet_get_portal_domain(self):
        """Customers do not see time that is hidden from them (W5)."""
        domain = super()._timesheet_get_portal_domain()
        if self.env.user.has_group("hr_timesheet.group_hr_timesheet_user"):
            return domain
        return Domain(domain) & ~self._domain_hidden()
