from odoo import api, fields, models
from odoo.tools import SQL


class TimesheetsAnalysisReport(models.Model):
    _inherit = "timesheets.analysis.report"

    # who may not see tickets learns nothing of them here (A4)
    ticket_id = fields.Many2one(
        "helpdesk.ticket",
        readonly=True,
        groups="helpdesk_mgmt.group_helpdesk_user_own",
    )
    ticket_partner_id = fields.Many2one(
        "res.partner",
        "Ticket Customer",
        readonly=True,
        groups="helpdesk_mgmt.group_helpdesk_user_own",
    )
    ticket_commercial_partner_id = fields.Many2one(
        "res.partner",
        "Ticket Commercial Entity",
        readonly=True,
        groups="helpdesk_mgmt.group_helpdesk_user_own",
    )
    ticket_team_id = fields.Many2one(
        "helpdesk.ticket.team",
        "Helpdesk Team",
        readonly=True,
        groups="helpdesk_mgmt.group_helpdesk_user_own",
    )

    amount = fields.Monetary("Cost")
    # ratio of the sums, whatever they are grouped by
    billable_share = fields.Float(
        "Billable",
        aggregator="avg",
        readonly=True,
        help="Share of the time that draws from sales order items.",
    )
    is_unbilled = fields.Boolean(
        "Not Invoiced",
        readonly=True,
        help="Billed by the hours logged, and on no invoice yet.",
    )
    age = fields.Selection(
        [
            ("a", "0 to 30 days"),
            ("b", "31 to 60 days"),
            ("c", "61 to 90 days"),
            ("d", "Over 90 days"),
        ],
        readonly=True,
        help="Days from the date of the entry to today.",
    )

    @api.model
    def _select(self):
        return (
            super()._select()
            + """,
            A.ticket_id AS ticket_id,
            A.ticket_partner_id AS ticket_partner_id,
            ticket_partner.commercial_partner_id AS ticket_commercial_partner_id,
            A.ticket_team_id AS ticket_team_id,
            CASE WHEN A.so_line IS NULL THEN 0.0 ELSE 1.0 END AS billable_share,
            A.timesheet_invoice_type IN ('billable_time', 'timesheet_revenues')
                AND (
                    A.timesheet_invoice_id IS NULL
                    OR invoice.state = 'cancel'
                    AND invoice.payment_state != 'invoicing_legacy'
                ) AS is_unbilled,
            CASE
                WHEN A.date >= CURRENT_DATE - 30 THEN 'a'
                WHEN A.date >= CURRENT_DATE - 60 THEN 'b'
                WHEN A.date >= CURRENT_DATE - 90 THEN 'c'
                ELSE 'd'
            END AS age
        """
        )

    @api.model
    def _from(self):
        return (
            super()._from()
            + """
            LEFT JOIN account_move invoice ON invoice.id = A.timesheet_invoice_id
            LEFT JOIN res_partner ticket_partner
                ON ticket_partner.id = A.ticket_partner_id
        """
        )

    @api.model
    def _read_group_select(self, aggregate_spec, query):
        """Weigh the billable share by the time: a mean of entries would mislead."""
        if aggregate_spec != "billable_share:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "SUM(%(share)s * %(time)s) / NULLIF(SUM(%(time)s), 0)",
            share=self._field_to_sql(self._table, "billable_share", query),
            time=self._field_to_sql(self._table, "unit_amount", query),
        )
