from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.sale_timesheet_books.tools import get_unit


class ProductTemplate(models.Model):
    _inherit = "product.template"

    helpdesk_time_warning = fields.Char(
        "Hours Left Warning",
        compute="_compute_helpdesk_time_warning",
        help="Why hours left cannot be counted for this product; empty when they can.",
    )

    @api.depends("type", "service_policy", "uom_id")
    @api.depends_context("lang")
    def _compute_helpdesk_time_warning(self):
        for product in self:
            product.helpdesk_time_warning = product._get_helpdesk_time_warning(
                product.uom_id
            )

    def _get_helpdesk_time_warning(self, unit):
        """Rule P1: hours left exist only for services sold in a unit of time.

        :param unit: the unit that the product is sold in
        :returns: what is wrong and how to mend it, or False
        """
        hour = get_unit(self.env, "hour")
        return (
            self.type == "service"
            and self.service_policy == "ordered_prepaid"
            and bool(unit)
            and not unit._has_common_reference(hour)
            and self.env._(
                "Hours left cannot be counted for a prepaid service sold in"
                " %(unit)s: sell it in Hours, Days or a unit derived from them.",
                unit=unit.name,
            )
        )

    @api.model
    def _domain_helpdesk_time(self):
        """Services that tickets draw from: prepaid by time, or billed by time."""
        # all units of time descend from the one that hours descend from
        reference = int(get_unit(self.env, "hour").parent_path.split("/")[0])
        prepaid = Domain("invoice_policy", "=", "order") & Domain(
            "uom_id", "child_of", reference
        )
        post_paid = Domain("invoice_policy", "=", "delivery") & Domain(
            "service_type", "=", "timesheet"
        )
        return Domain("type", "=", "service") & (prepaid | post_paid)
