from odoo import api, fields, models
from odoo.exceptions import UserError


class HelpdeskTicketLogTime(models.TransientModel):
    _name = "helpdesk.ticket.log.time"
    _description = "Log time on a ticket"

    ticket_id = fields.Many2one(
        "helpdesk.ticket", required=True, readonly=True, ondelete="cascade"
    )
    # a ticket that is about to be closed without any time
    closing = fields.Boolean(readonly=True, export_string_translation=False)
    hours = fields.Float("Hours Spent")
    name = fields.Char("Description")
    date = fields.Date(required=True, default=fields.Date.context_today)
    sale_line_id = fields.Many2one(
        "sale.order.line",
        "Sales Order Item",
        compute="_compute_sale_line_id",
        compute_sudo=False,
        store=True,
        readonly=False,
        help="Sales order item that this time draws from. Without one, it is"
        " non-billable.",
    )
    has_items = fields.Boolean(
        compute="_compute_has_items",
        compute_sudo=False,
        export_string_translation=False,
    )
    # as the user: the client names the ticket, and who may not read it learns nothing
    encode_uom_in_days = fields.Boolean(
        related="ticket_id.encode_uom_in_days", related_sudo=False
    )
    company_id = fields.Many2one(related="ticket_id.company_id", related_sudo=False)
    commercial_partner_id = fields.Many2one(
        related="ticket_id.commercial_partner_id", related_sudo=False
    )

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends("ticket_id")
    def _compute_sale_line_id(self):
        """The time draws from the ticket's item, unless another one is picked."""
        self.ticket_id.check_access("read")
        for wizard in self:
            ticket = wizard.ticket_id
            wizard.sale_line_id = ticket and ticket._get_drawn_item()

    @api.depends("ticket_id")
    def _compute_has_items(self):
        """Whether there is an item to pick instead of the ticket's own (K4)."""
        self.ticket_id.check_access("read")
        for wizard in self:
            # sudo: agents may not read items; whether there are some is all they see
            ticket = wizard.ticket_id.sudo()
            items = self.env["sale.order.line"].sudo()
            wizard.has_items = ticket.allow_billable and bool(
                items.search_count(
                    items._domain_drawable(
                        ticket.commercial_partner_id.ids, ticket.company_id.ids
                    )
                    & fields.Domain("id", "!=", ticket.sale_line_id.id),
                    limit=1,
                )
            )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def action_log(self):
        """Log the time as an ordinary entry of the user (E1).

        :raises UserError: where no hours were entered
        """
        self.ensure_one()
        if not self.hours > 0:
            raise UserError(
                self.env._(
                    "There are no hours to log on the ticket %(ticket)s: enter the"
                    " hours spent.",
                    ticket=self.ticket_id.display_name,
                )
            )
        self.env["account.analytic.line"].create(self._prepare_entry_vals())
        return self._close()

    def action_no_time(self):
        """Close the ticket without time, and remember that this was said."""
        self.ensure_one()
        self.ticket_id.no_time_needed = True
        return self._close()

    # ------------------------------------------------------------------
    # Business methods
    # ------------------------------------------------------------------
    def _prepare_entry_vals(self):
        """Values of the entry; what other addons ask for is to be added here."""
        self.ensure_one()
        vals = {
            "ticket_id": self.ticket_id.id,
            "date": self.date,
            "name": self.name or "/",
            "unit_amount": self.hours,
        }
        if self.sale_line_id != self.ticket_id._get_drawn_item():
            vals["so_line"] = self.sale_line_id.id
        return vals

    @api.model
    def _close(self):
        """Close the dialog, and tell the client that it was answered."""
        return {"type": "ir.actions.act_window_close", "infos": {"answered": True}}
