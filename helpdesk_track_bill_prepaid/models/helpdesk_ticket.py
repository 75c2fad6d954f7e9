from odoo import fields, models


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    sale_line_by_hand = fields.Boolean(
        "Item Chosen by Hand",
        copy=False,
        groups="base.group_user",
        export_string_translation=False,
        help="The ticket's item was chosen by a user: time draws from it first (D2).",
    )
    prepaid_draw = fields.Selection(related="team_id.prepaid_draw")
    prepaid_hours_usable = fields.Float(
        "Usable Prepaid Hours",
        compute="_compute_prepaid_hours_usable",
        compute_sudo=True,
        groups="base.group_user",
        help="Prepaid hours that the customer can use today.",
    )

    def _compute_prepaid_hours_usable(self):
        for company, tickets in self.grouped("company_id").items():
            usable = self.env["prepaid.account"]._get_usable_hours(
                tickets.commercial_partner_id._origin, company._origin
            )
            for ticket in tickets:
                ticket.prepaid_hours_usable = usable.get(
                    ticket.commercial_partner_id._origin, 0.0
                )

    def _choose_item(self):
        """On teams that draw in order, the first that can be drawn from today (D2)."""
        drawing = self.filtered(lambda ticket: ticket.team_id.prepaid_draw == "order")
        chosen = super(HelpdeskTicket, self - drawing)._choose_item()
        accounts = self.env["prepaid.account"].sudo()
        lines = self.env["sale.order.line"]
        billable = drawing.filtered(
            lambda ticket: (
                ticket.team_id.allow_billable and ticket.commercial_partner_id
            )
        )
        for (customer, company), tickets in billable.grouped(
            lambda ticket: (ticket.commercial_partner_id, ticket.company_id)
        ).items():
            today = company._get_hours_today()
            account = accounts._open(
                customer._origin, company._origin, days=(today, today)
            )
            first = next((block for block, _room in account.candidates(today)), None)
            for ticket in tickets:
                chosen[ticket] = lines.browse(first or ())
        return chosen

    def _note_choice(self):
        """An item other than the one that would come by itself is chosen by hand."""
        res = super()._note_choice()
        drawing = self.filtered(lambda ticket: ticket.team_id.prepaid_draw == "order")
        own = drawing._choose_item()
        for ticket in drawing:
            by_hand = bool(ticket.sale_line_id) and ticket.sale_line_id != own.get(
                ticket
            )
            if ticket.sale_line_by_hand != by_hand:
                ticket.sale_line_by_hand = by_hand
        return res

    def _advance_items(self):
        """Move on to the next block where the system's choice is used up (D2)."""
        waiting = self.filtered(lambda ticket: not ticket.sale_line_by_hand)
        chosen = waiting._choose_item()
        for ticket in waiting:
            old, item = ticket.sale_line_id, chosen.get(ticket)
            if item and item != old and not (old and old._is_drawable_by(ticket)):
                ticket._note_next_item(old, item)
                ticket.sale_line_id = item

    def _note_next_item(self, old, new):
        self.message_post(
            body=self.env._(
                "Time now draws from %(new)s; %(old)s has no hours left.",
                new=new.sudo()._get_hours_name(),
                old=old.sudo()._get_hours_name()
                if old
                else self.env._("what came before"),
            )
        )
