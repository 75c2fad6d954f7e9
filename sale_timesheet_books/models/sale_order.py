from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _create_invoices(self, grouped=False, final=False, date=None):
        """What a period left out stays to be invoiced.

        Core (19.0) writes the quantities of the period as those to invoice, and
        leaves them there on items of which the period had nothing: an invoice without
        a period would not find their time.
        """
        self.order_line._drain_pending_totals()
        moves = super()._create_invoices(grouped=grouped, final=final, date=date)
        context = self.env.context
        if context.get("timesheet_start_date") or context.get("timesheet_end_date"):
            lines = self.order_line
            self.env.add_to_compute(lines._fields["qty_to_invoice"], lines)
        return moves

    def _compute_project_ids(self):
        """Accountants open the order of an invoice, without rights on sales.

        Core (19.0) searches projects by ``reinvoiced_sale_order_id``, which is for
        salespeople, with the rights of whoever reads the order.
        """
        # pylint: disable=missing-return  # a compute has nothing to return
        projects = self.env["project.project"]
        field = projects._fields["reinvoiced_sale_order_id"]
        if projects._has_field_access(field, "read"):
            super()._compute_project_ids()
            return
        # sudo: searched only; what the user may not read is left out below
        super(SaleOrder, self.sudo())._compute_project_ids()
        for order in self:
            found = order.sudo().project_ids.sudo(self.env.su)
            order.project_ids = found._filtered_access("read")
            order.sudo().project_count = len(order.project_ids.filtered("active"))

    def _compute_show_hours_recorded_button(self):
        """Orders open for those who log time and have no rights on projects.

        Core (19.0) reads ``project_count``, which is for project users, where the user
        sees no time on the order: neither an order nor a new quotation can be opened.
        """
        # pylint: disable=missing-return  # a compute has nothing to return
        orders = self
        if not self._has_field_access(self._fields["project_count"], "read"):
            # as far as the user may see time: it stays in the cache
            self.mapped("timesheet_count")
            # sudo: asked only whether the order has a project
            orders = self.sudo()
        super(SaleOrder, orders)._compute_show_hours_recorded_button()
