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

    def _leave_free_time(self):
        """Within, tickets' time on the tasks that has no item is given none (E6b).

        That on their subtasks, too, which take their item.
        """
        return self.env["account.analytic.line"]._leave_free_of(
            self, [("task_id", "child_of", self.ids)]
        )

    def _get_timesheet(self):
        """A project's Billable leaves the items of tickets' time alone (E6b)."""
        return super()._get_timesheet().filtered(lambda entry: not entry.ticket_id)
