import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..alerts import LEAST

_logger = logging.getLogger(__name__)

# customers that are looked at between two commits
CHECKED_AT_ONCE = 500
# what was written at a time is seen by others at most so much later: longer than a
# request lives
LATE = timedelta(minutes=20)


class PrepaidHoursCheck(models.Model):
    """A customer whose prepaid hours changed and may be near a limit (AL3).

    Filled from an index on what was written, never by who saves time; emptied in
    batches. To look twice does no harm: alerts are unique.
    """

    _name = "prepaid.hours.check"
    _description = "Prepaid Hours to Look At"
    _order = "id"
    _log_access = False

    company_id = fields.Many2one("res.company", required=True, ondelete="cascade")
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade"
    )

    _partner_unique = models.UniqueIndex("(company_id, partner_id)")

    # ------------------------------------------------------------------
    # Filling
    # ------------------------------------------------------------------
    @api.model
    def _note_changed(self, company):
        """Note the customers whose hours changed since the last time.

        And, once a day, those of whom something ends, or ended since.
        """
        # sudo: the marks are nobody's but this action's
        company = company.sudo()
        rules = self.env["prepaid.hours.alert.rule"].search(
            [("company_id", "=", company.id)]
        )
        today = company._get_today()
        since = company.hours_alert_since
        changed = [self._select_lines(company, since), self._select_uncovered(since)]
        if company.hours_alert_day != today:
            changed.append(self._select_ending(company, rules, today))
            changed.append(self._select_invoices(company))
        self.env.flush_all()
        if rules:
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO prepaid_hours_check (company_id, partner_id)
                    SELECT %(company)s, changed.id
                      FROM (%(changed)s) AS changed (id)
                     WHERE EXISTS (%(near)s)
                        ON CONFLICT DO NOTHING
                    """,
                    company=company.id,
                    changed=SQL(" UNION ").join(changed),
                    near=self._select_near(company, rules, today),
                )
            )
        company.write(
            {
                "hours_alert_since": self.env.cr.now() - LATE,
                "hours_alert_day": today,
            }
        )

    @api.model
    def _select_lines(self, company, since):
        """Customers of blocks that were written: totals of the hours are on them."""
        return SQL(
            """
            SELECT customer.commercial_partner_id
              FROM sale_order_line line
              JOIN res_partner customer ON customer.id = line.order_partner_id
             WHERE line.company_id = %s
               AND line.state = 'sale'
               AND line.is_service IS TRUE
               AND %s
            """,
            company.id,
            SQL("line.write_date >= %s", since) if since else SQL("TRUE"),
        )

    @api.model
    def _select_uncovered(self, since):
        """Customers with time that no hours cover: it is on no line."""
        return SQL(
            """
            SELECT ticket.commercial_partner_id
              FROM account_analytic_line entry
              JOIN helpdesk_ticket ticket ON ticket.id = entry.ticket_id
             WHERE entry.coverage = 'uncovered'
               AND %s
            """,
            SQL("entry.write_date >= %s", since) if since else SQL("TRUE"),
        )

    @api.model
    def _select_ending(self, company, rules, today):
        """Customers of whom something ends within the days of the rules, or ended."""
        last = company.hours_alert_day or today
        return SQL(
            """
            SELECT period.partner_id
              FROM sale_order_line_hours_period period
             WHERE period.company_id = %s
               AND period.date_end BETWEEN %s AND %s
            """,
            company.id,
            last - timedelta(days=1),
            today + timedelta(days=self._get_most(rules, "ends")),
        )

    @api.model
    def _select_invoices(self, company):
        """Customers of blocks to be paid whose invoices changed, payments among it."""
        return SQL(
            """
            SELECT customer.commercial_partner_id
              FROM sale_order_line line
              JOIN res_partner customer ON customer.id = line.order_partner_id
              JOIN sale_order_line_invoice_rel link ON link.order_line_id = line.id
              JOIN account_move_line invoiced ON invoiced.id = link.invoice_line_id
              JOIN account_move move ON move.id = invoiced.move_id
             WHERE line.company_id = %s
               AND line.state = 'sale'
               AND line.hours_usable_from IN ('invoiced', 'paid')
               AND line.qty_delivered > 0
               AND move.write_date >= %s
            """,
            company.id,
            (company.hours_alert_day or fields.Date.today()) - timedelta(days=2),
        )

    @api.model
    def _select_near(self, company, rules, today):
        """Blocks of a changed customer that may be near a limit.

        Where each block is far from each limit, all together are. It only saves to ask
        the engine, whose figures decide: terms that it takes to know the hours left are
        near.
        """
        return SQL(
            """
            SELECT 1
              FROM res_partner customer
              JOIN sale_order_line line ON line.order_partner_id = customer.id
             WHERE customer.commercial_partner_id = changed.id
               AND line.company_id = %(company)s
               AND line.state = 'sale'
               AND line.is_service IS TRUE
               AND EXISTS (SELECT 1 FROM sale_order_line_hours_period period
                            WHERE period.line_id = line.id)
               AND (line.remaining_hours < %(hours)s
                    OR (line.product_uom_qty - line.qty_delivered) * 100
                       < %(percent)s * line.product_uom_qty
                    OR line.hours_date_end <= %(day)s
                    OR line.hours_period IS NOT NULL
                    OR line.hours_usable_from IN ('invoiced', 'paid')
                    OR line.hours_adjusted <> 0)
            """,
            company=company.id,
            hours=max(self._get_most(rules, "hours"), LEAST),
            percent=self._get_most(rules, "percent"),
            day=today + timedelta(days=self._get_most(rules, "ends")),
        )

    @api.model
    def _get_most(self, rules, kind):
        """The widest limit of a kind."""
        limits = [rule._get_limit() for rule in rules if rule.kind == kind]
        return max(limits, default=0)

    # ------------------------------------------------------------------
    # Emptying
    # ------------------------------------------------------------------
    @api.model
    def _check_some(self):
        """Look at some customers that no other worker looks at.

        :returns: how many were looked at
        """
        some = self.search([], limit=CHECKED_AT_ONCE).try_lock_for_update()
        for company, checks in some.grouped("company_id").items():
            checks._find_alerts(company)
        found = len(some)
        some.unlink()
        return found

    def _find_alerts(self, company):
        """Write the alerts of customers; bad terms of one do not stop the others."""
        alerts = self.env["prepaid.hours.alert"]
        try:
            alerts._find(self.partner_id, company)
        except UserError as error:
            if len(self) == 1:
                _logger.warning(
                    "Prepaid hours of %s: %s", self.partner_id.display_name, error
                )
                return
            for check in self:
                check._find_alerts(company)
