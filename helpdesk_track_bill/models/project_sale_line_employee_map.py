from odoo import api, models


class ProjectSaleLineEmployeeMap(models.Model):
    _inherit = "project.sale.line.employee.map"

    # Rates of employees give the time of tickets no item (E6b): a project's customer
    # follows from them, its item from that, and entries from both.

    @api.model_create_multi
    def create(self, vals_list):
        projects = self.env["project.project"].browse(
            vals["project_id"] for vals in vals_list if vals.get("project_id")
        )
        with projects._leave_free_time():
            return super().create(vals_list)

    def write(self, vals):
        with self.project_id._leave_free_time():
            return super().write(vals)

    def unlink(self):
        with self.project_id._leave_free_time():
            return super().unlink()
