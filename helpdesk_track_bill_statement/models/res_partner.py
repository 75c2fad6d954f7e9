from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _get_stated_customers(self):
        """The customers whose statements have what buyers bought.

        Buyers themselves, too: who had a statement may have joined a company since.
        """
        return self.commercial_partner_id | self

    def action_view_prepaid_statements(self):
        """Open the statements of the customer's prepaid hours."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "helpdesk_track_bill_statement.action_prepaid_hours_statement"
        )
        customers = self.commercial_partner_id
        return {
            **action,
            "domain": [("partner_id", "in", customers.ids)],
            "context": {"default_partner_id": customers[:1].id},
        }
