from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from .. import forecast
from ..renewal import get_next_days
from .prepaid_hours_alert import ACTIVITY


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    hours_renewed_from_id = fields.Many2one(
        "sale.order.line",
        "Renewal Of",
        index="btree_not_null",
        copy=False,
        ondelete="set null",
        help="The prepaid hours that these go on with.",
    )

    hours_lasts_until = fields.Date(
        "Hours Last Until",
        compute="_compute_hours_forecast",
        help="The day on which the hours are used up or end, at the pace of the last"
        " weeks; as of last night.",
    )
    hours_likely_expired = fields.Float(
        "Hours Likely to Expire",
        compute="_compute_hours_forecast",
        help="Hours that end unused, at the pace of the last weeks; as of last night.",
    )

    # what changed lately, found without a scan: logged time changes totals here (AL3)
    _recent_service_index = models.Index(
        "(write_date) WHERE state = 'sale' AND is_service IS TRUE"
    )

    @api.depends("remaining_hours")
    def _compute_hours_forecast(self):
        rows = self.env["prepaid.hours.forecast"]._get_by_block(self._origin)
        for line in self:
            row = rows.get(line._origin.id)
            line.hours_lasts_until = row and row.lasts_until
            line.hours_likely_expired = row and row.hours_expired

    # ------------------------------------------------------------------
    # Renewal (R1)
    # ------------------------------------------------------------------
    def action_renew_hours(self):
        """Open the renewals of prepaid hours, made where there are none yet.

        :raises UserError: where there are no hours to renew, or another salesperson's
            quotation renews them
        """
        self.check_access("read")
        blocks = self.filtered(lambda line: line._is_block())
        if not blocks:
            raise UserError(
                self.env._(
                    "There are no prepaid hours to renew: choose confirmed items of a"
                    " prepaid service that is sold in a unit of time."
                )
            )
        orders = blocks._renew_hours().order_id
        hidden = orders - orders._filtered_access("read")
        if hidden:
            order = hidden[0].sudo()
            raise UserError(
                self.env._(
                    "%(order)s of %(salesperson)s already renews these hours.",
                    order=order.name,
                    salesperson=order.user_id.name or order.company_id.name,
                )
            )
        return orders._get_records_action(name=self.env._("Renewal"))

    def _renew_hours(self):
        """The open renewals of blocks, one per customer and product.

        What is missing is made as a quotation per customer; nothing is confirmed.

        :returns: the renewing lines
        """
        # one renewal at a time: who comes second finds what the first made
        self.sudo().order_partner_id.commercial_partner_id._hold()
        newest = {}
        for line in self.sorted(lambda line: (line.order_id.date_order, line.id)):
            newest[line._get_renewal_key()] = line
        blocks = self.browse().union(*newest.values())
        known = blocks._get_open_renewals()
        renewals = self.browse(line.id for line in known.values())
        missing = blocks.filtered(lambda line: line not in known)
        vals_list = [
            lines._prepare_renewal()
            for lines in missing.grouped(
                lambda line: (line._get_renewal_key()[:2], line.order_id.currency_id)
            ).values()
        ]
        return renewals | self.env["sale.order"].create(vals_list).order_line

    def _order_more_hours(self, contact):
        """Make the renewal that a customer asks for; once, until it is decided (R1).

        The salesperson gets an activity: the order's, else the customer's. Who calls
        checks whose hours they are.

        :param contact: the partner who asks
        """
        known = self._get_open_renewals()
        for line in self._renew_hours() - self.browse().union(*known.values()):
            order = line.order_id
            user = order.user_id or order.partner_id.user_id
            reader = user.partner_id or order.company_id.partner_id
            # the language of who reads it, not of who asks
            text = self.with_context(lang=reader.lang).env._(
                "%(contact)s asks for more hours in the portal.", contact=contact.name
            )
            order.message_post(body=text, author_id=contact.id)
            if user:
                order.activity_schedule(ACTIVITY, user_id=user.id, summary=text)

    def _get_renewal_key(self):
        """What there is one open renewal of."""
        self.ensure_one()
        return (
            self.order_partner_id.commercial_partner_id,
            self.company_id,
            self.product_id,
        )

    def _get_open_renewals(self):
        """Open renewals of the customers and products of blocks: ``{block: line}``."""
        # sudo: one is enough, whosever it is
        found = self.sudo().search(
            Domain("hours_renewed_from_id", "!=", False)
            & Domain("state", "in", ("draft", "sent"))
            & Domain("product_id", "in", self.product_id.ids)
            & self._domain_of(
                self.sudo().order_partner_id.commercial_partner_id.ids,
                self.company_id.ids,
            ),
            order="id desc",
        )
        by_key = {line._get_renewal_key(): line for line in found}
        keys = {line: line.sudo()._get_renewal_key() for line in self}
        return {line: by_key[key] for line, key in keys.items() if key in by_key}

    @api.model
    def _get_renewable(self, customers, company):
        """The blocks that a customer would renew: the newest of each product in use.

        Where no hours are left of any, the newest block.

        :param customers: commercial entities
        """
        blocks = self._find_blocks_of(customers, company).sorted(
            lambda line: (line.order_id.date_order, line.id)
        )
        newest = {line._get_renewal_key(): line for line in blocks}
        renewable = self.browse()
        for lines in (
            self.browse()
            .union(*newest.values())
            .grouped(lambda line: line._get_renewal_key()[0])
            .values()
        ):
            in_use = lines.filtered(
                lambda line: line.hours_state in ("upcoming", "unpaid", "usable")
            )
            last = lines.sorted(lambda line: (line.order_id.date_order, line.id))[-1:]
            renewable |= in_use or last
        return renewable

    def _prepare_renewal(self):
        """Values of a quotation that goes on with a customer's blocks.

        Prices, taxes and the rest follow from the customer as for any new quotation.
        """
        order = self[-1].order_id
        return {
            "partner_id": order.partner_id.id,
            "company_id": order.company_id.id,
            "user_id": order.user_id.id,
            "team_id": order.team_id.id,
            "origin": ", ".join(self.order_id.mapped("name")),
            "order_line": [
                Command.create(line._prepare_renewal_line()) for line in self
            ],
        }

    def _prepare_renewal_line(self):
        self.ensure_one()
        start, end = get_next_days(
            self.hours_date_start or None,
            self.hours_date_end or None,
            self.company_id._get_today(),
        )
        return {
            "product_id": self.product_id.id,
            "product_uom_qty": self.product_uom_qty,
            "product_uom_id": self.product_uom_id.id,
            **{name: self[name] for name in self._get_terms_to_renew()},
            "hours_date_start": start,
            "hours_date_end": end,
            "hours_renewed_from_id": self.id,
        }

    # ------------------------------------------------------------------
    # Alerts (AL1)
    # ------------------------------------------------------------------
    def _read_unpaid_hours(self):
        """Hours that were used, or wait, without being paid, per block."""
        hours = dict.fromkeys(self, 0.0)
        limited = {}
        for line in self:
            limit = line._get_usable_limit()
            if limit is not None and limit < line._get_ordered_hours():
                limited[line.id] = line
                used = line._get_ordered_hours() - line.remaining_hours
                # hours that a manager added need no payment (V5)
                hours[line] = max(used - limit - line.hours_adjusted, 0.0)
        if not limited:
            return hours
        lines = self.browse(limited)
        # sudo: hours wait for payment, whoever logged the time
        entries = self.env["account.analytic.line"].sudo()
        for entry in entries.search(
            entries._domain_of_accounts(
                lines.order_partner_id.commercial_partner_id, lines.company_id
            )
            & entries._domain_not_billed()
            & Domain("coverage", "=", "uncovered")
        ):
            reason = entry.coverage_data or {}
            if reason.get("why") == "unpaid" and reason.get("block") in limited:
                hours[limited[reason["block"]]] += entry._get_hours()
        return hours

    # ------------------------------------------------------------------
    # Forecast (F1)
    # ------------------------------------------------------------------
    def _get_first_day(self):
        """The first day on which the hours could be used."""
        self.ensure_one()
        return self.hours_date_start or self.company_id._get_day(
            self.order_id.date_order
        )

    def _get_stretches(self, standing, today):
        """The hours that are left, with the days between which they can be used.

        :param standing: what the engine says of the block today
        """
        self.ensure_one()
        if not standing or standing.state not in ("upcoming", "usable", "used_up"):
            return []
        stretches = []
        for period in standing.periods:
            if period.closed or (period.date_end and period.date_end < today):
                continue
            hours = period.hours_usable
            if period.date_start and period.date_start > today:
                # what earlier periods carry into it comes by itself
                own = period.hours_granted + period.hours_adjusted - period.hours_used
                hours = min(hours, max(own, 0.0))
            stretches.append(
                forecast.Stretch(
                    self.id,
                    hours,
                    period.date_start,
                    period.date_end,
                    period.hours_carry_limit,
                    (str(self.order_id.date_order),),
                )
            )
        return stretches
