from odoo import models


class ProjectMilestone(models.Model):
    _inherit = "project.milestone"

    def write(self, vals):
        """A milestone's item, which its tasks take, is none for free time (E6b)."""
        if "sale_line_id" not in vals:
            return super().write(vals)
        # sudo: which tasks Odoo computes anew; nothing of them goes out
        tasks = self.env["project.task"].sudo().with_context(active_test=False)
        tasks = tasks.search([("milestone_id", "in", self.ids)])
        with tasks._leave_free_time():
            return super().write(vals)
