from odoo import api, models
from odoo.exceptions import ValidationError

# what Odoo gives entries an item from
GIVES_ITEMS = {"allow_billable", "partner_id", "sale_line_employee_ids", "sale_line_id"}


class ProjectProject(models.Model):
    _inherit = "project.project"

    def write(self, vals):
        """What is done to a project gives the time of tickets no item (E6b)."""
        if vals.keys().isdisjoint(GIVES_ITEMS):
            return super().write(vals)
        with self._leave_free_time():
            return super().write(vals)

    def _leave_free_time(self):
        """Within, tickets' time on the projects without an item stays so (E6b)."""
        return self.env["account.analytic.line"]._leave_free_of(
            self, [("project_id", "in", self.ids)]
        )

    @api.constrains("company_id")
    def _check_company_of_tickets(self):
        """The project of tickets with time stays in their company (A5)."""
        tickets = self.env["helpdesk.ticket"].with_context(active_test=False)
        domain = [
            ("project_id", "in", self.filtered("company_id").ids),
            ("team_id.allow_timesheet", "=", True),
        ]
        for project, company in tickets._read_group(
            domain, ["project_id", "company_id"]
        ):
            if company != project.company_id:
                raise ValidationError(
                    self.env._(
                        "The project %(project)s records the time of tickets of"
                        " %(other)s: it cannot move to %(company)s, create a project"
                        " there instead.",
                        project=project.name,
                        other=company.name,
                        company=project.company_id.name,
                    )
                )
