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

    @api.depends("type", "service_policy", "service_type", "uom_id")
    @api.depends_context("lang")
    def _compute_helpdesk_time_warning(self):
        for product in self:
            product.helpdesk_time_warning = product._get_helpdesk_time_warning(
                product.uom_id, product.service_type == "timesheet"
            )

    def _get_helpdesk_time_warning(self, unit, by_time):
        """Rule P1: hours left exist only for services sold in a unit of time.

        And only where time is what is delivered: programs and imports that give no
        more than the invoicing policy make services delivered by hand, which core
        calls prepaid all the same.

        :param unit: the unit that the product is sold in
        :param by_time: whether time entries are what is delivered
        :returns: what is wrong and how to mend it, or False
        """
        if self.type != "service" or self.service_policy != "ordered_prepaid":
            return False
        if unit and not unit._has_common_reference(get_unit(self.env, "hour")):
            return self.env._(
                "Hours left cannot be counted for a prepaid service sold in"
                " %(unit)s: sell it in Hours, Days or a unit derived from them.",
                unit=unit.name,
            )
        return bool(unit and not by_time) and self.env._(
            "Hours left cannot be counted for a prepaid service whose delivery is"
            " entered by hand: choose its invoicing policy again, then sell it on a new"
            " line."
        )

    @api.model
    def _domain_helpdesk_time(self):
        """Services that tickets draw from: prepaid by time, or billed by time."""
        # all units of time descend from the one that hours descend from
        reference = int(get_unit(self.env, "hour").parent_path.split("/")[0])
        prepaid = Domain("invoice_policy", "=", "order") & Domain(
            "uom_id", "child_of", reference
        )
        post_paid = Domain("invoice_policy", "=", "delivery")
        by_time = Domain("type", "=", "service") & Domain(
            "service_type", "=", "timesheet"
        )
        return by_time & (prepaid | post_paid)
