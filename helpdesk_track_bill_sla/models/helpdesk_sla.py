from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class HelpdeskSla(models.Model):
    _inherit = "helpdesk.sla"

    # what a policy names stays, also archived: without it, it would be for all tickets
    product_ids = fields.Many2many(
        "product.product",
        string="Products",
        ondelete="restrict",
        domain=[("type", "=", "service"), ("sale_ok", "=", True)],
        context={"active_test": False},
        help="The policy is for tickets whose Sales Order Item is one of these"
        " products, or one of the order items below. Without either it is for all"
        " tickets.",
    )
    # as order items anywhere, only for who may read them (A1); copied below
    sale_line_ids = fields.Many2many(
        "sale.order.line",
        string="Sales Order Items",
        copy=False,
        ondelete="restrict",
        domain=lambda self: self.env["sale.order.line"]._domain_ticket_service(),
        groups="sales_team.group_sale_salesman",
        help="The policy is for tickets with one of these Sales Order Items.",
    )

    @api.constrains("company_id", "product_ids", "sale_line_ids")
    def _check_item_company(self):
        """A policy of a company names nothing of another (A5, SL3)."""
        for sla in self.filtered("company_id"):
            for record in (*sla.product_ids, *sla.sale_line_ids):
                if record.company_id not in (sla.company_id, sla.company_id.browse()):
                    raise ValidationError(
                        self.env._(
                            "The SLA policy %(policy)s is of %(company)s, but"
                            " %(record)s belongs to %(other)s: choose what is of"
                            " %(company)s.",
                            policy=sla.name,
                            company=sla.company_id.name,
                            record=record.display_name,
                            other=record.company_id.name,
                        )
                    )

    def copy(self, default=None):
        """A duplicate is for the same items, whoever may read them (SL1)."""
        duplicates = super().copy(default)
        if "sale_line_ids" not in (default or {}):
            # sudo: managers may not read order items; without them the duplicate
            # would be for all tickets
            for sla, duplicate in zip(self.sudo(), duplicates.sudo(), strict=True):
                duplicate.sale_line_ids = sla.sale_line_ids
        return duplicates

    @api.model
    def _domain_for_item(self, item):
        """Policies that name the item or its product, and those that name none (SL1).

        :param item: a ticket's item, possibly empty
        """
        return (
            (Domain("product_ids", "=", False) & Domain("sale_line_ids", "=", False))
            | Domain("product_ids", "in", item.product_id.ids)
            | Domain("sale_line_ids", "in", item.ids)
        )

    def _names_items(self):
        """Whether the policy is for some items only."""
        self.ensure_one()
        return bool(self.product_ids or self.sale_line_ids)
