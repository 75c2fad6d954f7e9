from contextlib import contextmanager

from odoo import models

# what Odoo gives entries an item from
GIVES_ITEMS = {
    "milestone_id",
    "parent_id",
    "partner_id",
    "project_id",
    "sale_line_id",
}


class ProjectTask(models.Model):
    _inherit = "project.task"

    def write(self, vals):
        """What is done to a task gives the time of tickets no item (E6b)."""
        if GIVES_ITEMS.isdisjoint(vals):
            return super().write(vals)
        with self._leave_free_time():
            return super().write(vals)

    @contextmanager
    def _leave_free_time(self):
        """Within, tickets' time on the tasks that has no item is given none (E6b).

        That on their subtasks, too, which take their item.
        """
        entries = self.env["account.analytic.line"]
        free = entries._find_free([("task_id", "child_of", self.ids)])
        with entries._leave_free(free):
            yield
            # what follows from it, before entries could be computed from that
            (self | free.task_id)._recompute_recordset()

    def _get_timesheet(self):
        """A project's Billable leaves the items of tickets' time alone (E6b)."""
        return super()._get_timesheet().filtered(lambda entry: not entry.ticket_id)
