from odoo import fields, models


class HelpdeskTicketLogTime(models.TransientModel):
    _inherit = "helpdesk.ticket.log.time"

    time_type_id = fields.Many2one("project.time.type", "Kind of Work")

    def _prepare_entry_vals(self):
        vals = super()._prepare_entry_vals()
        if self.time_type_id:
            vals["time_type_id"] = self.time_type_id.id
        return vals
