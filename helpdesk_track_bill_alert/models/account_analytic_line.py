from odoo import models


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    # time that waits for prepaid hours, by when it was written: little of all (AL1)
    _uncovered_index = models.Index("(write_date) WHERE coverage = 'uncovered'")
