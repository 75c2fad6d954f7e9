from odoo import api, models


class ProjectSaleLineEmployeeMap(models.Model):
    _inherit = "project.sale.line.employee.map"

    # Rates of employees give the time of tickets no item (E6b): a project's customer
    # follows from them, its item from that, and entries from both.

    @api.model_create_multi
    def create(self, vals_list):
        default = self.env.context.get("default_project_id")
        projects = self._get_projects(
            vals.get("project_id", default) for vals in vals_list
        )
        with projects._leave_free_time():
            return super().create(vals_list)

    def write(self, vals):
        projects = self.project_id | self._get_projects([vals.get("project_id")])
        with projects._leave_free_time():
            return super().write(vals)

    def unlink(self):
        with self.project_id._leave_free_time():
            return super().unlink()

    def _get_projects(self, values):
        field = self._fields["project_id"]
        ids = (field.convert_to_cache(value, self) for value in values)
        return self.env["project.project"].browse(filter(None, ids))
