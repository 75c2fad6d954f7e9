from odoo import models

# what Odoo gives entries an item from
GIVES_ITEMS = {"partner_id", "project_id", "sale_line_id"}


class ProjectTask(models.Model):
    _inherit = "project.task"

    def write(self, vals):
        """What is done to a task gives the time of tickets no item (E6b)."""
        if GIVES_ITEMS.isdisjoint(vals):
            return super().write(vals)
        entries = self.env["account.analytic.line"]
        with entries._leave_free(entries._find_free([("task_id", "in", self.ids)])):
            res = super().write(vals)
            self._recompute_recordset()
        return res

    def _get_timesheet(self):
        """A project's Billable leaves the items of tickets' time alone (E6b)."""
        return super()._get_timesheet().filtered(lambda entry: not entry.ticket_id)
