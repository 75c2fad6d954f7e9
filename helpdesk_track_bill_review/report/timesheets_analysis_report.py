from odoo import api, fields, models

# as core writes the revenue of an entry
WORKED = ("(A.unit_amount / sol_product_uom", "A.unit_amount * SOL.price_unit")


class TimesheetsAnalysisReport(models.Model):
    _inherit = "timesheets.analysis.report"

    unit_amount_rounded = fields.Float("Hours to Bill", readonly=True)

    @api.model
    def _select(self):
        """Revenue is of hours to bill, cost of hours worked (W1)."""
        select = super()._select()
        for expression in WORKED:
            select = select.replace(
                expression,
                expression.replace("A.unit_amount", "A.unit_amount_rounded"),
            )
        return f"{select}, A.unit_amount_rounded AS unit_amount_rounded"
