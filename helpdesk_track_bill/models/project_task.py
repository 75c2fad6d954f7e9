from odoo import models


class ProjectTask(models.Model):
    _name = "project.task"
    _inherit = ["project.task", "helpdesk.time.total.mixin"]

    # a task that many tickets share is as busy as their item
    _time_totals = frozenset(
        {
            "effective_hours",
            "overtime",
            "progress",
            "remaining_hours",
            "subtask_effective_hours",
            "total_hours_spent",
        }
    )
