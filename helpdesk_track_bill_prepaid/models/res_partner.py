from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResPartner(models.Model):
    _inherit = "res.partner"

    # for the rules on periods; not restricted, as rules are everybody's
    prepaid_ticket_ids = fields.One2many(
        "helpdesk.ticket", "commercial_partner_id", export_string_translation=False
    )
    # what hours left are counted from; not restricted either
    prepaid_period_ids = fields.One2many(
        "sale.order.line.hours.period", "partner_id", export_string_translation=False
    )
    prepaid_hours_left = fields.Float(
        compute="_compute_prepaid_hours_left",
        groups="base.group_user",
        help="Prepaid hours that the commercial entity can use today, in the current"
        " company.",
    )
    notify_prepaid_hours = fields.Boolean(
        "Prepaid Hours",
        help="The contact gets e-mails on the prepaid hours of its customer, where the"
        " company sends them.",
    )

    @api.depends("commercial_partner_id.prepaid_period_ids.line_id.hours_usable")
    @api.depends_context("company", "uid")
    def _compute_prepaid_hours_left(self):
        """Nothing for who may see no block of the customer (A1)."""
        blocks = self.env["prepaid.hours.block"]
        seen = self.browse()
        if blocks.has_access("read"):
            seen = seen.union(
                *(
                    customer
                    for (customer,) in blocks._read_group(
                        [("partner_id", "in", self.commercial_partner_id.ids)],
                        ["partner_id"],
                    )
                )
            )
        usable = self.env["prepaid.account"]._get_usable_hours(seen, self.env.company)
        for partner in self:
            partner.prepaid_hours_left = usable.get(
                partner.commercial_partner_id._origin, 0.0
            )

    @api.model
    def _domain_prepaid_readers(self):
        """Contacts that get e-mails on the prepaid hours of their customers."""
        return Domain("notify_prepaid_hours", "=", True) & Domain("email", "!=", False)

    # ------------------------------------------------------------------
    # One at a time
    # ------------------------------------------------------------------
    def _hold(self):
        """Let one transaction at a time decide on customers, until it ends.

        Who waited for another one, or began before it was done, fails, as its picture
        of the database is old, and is run again by Odoo: then it finds what was
        decided.
        """
        if self:
            self.env.cr.execute(
                SQL(
                    "UPDATE res_partner SET id = id WHERE id IN %s",
                    tuple(sorted(self.ids)),
                )
            )

    def _share(self):
        """Let nobody hold customers until the transaction ends; many share them.

        Who waited for one that held them, or began before it was done, fails as in
        :meth:`_hold`.
        """
        if self:
            self.env.cr.execute(
                SQL(
                    "SELECT FROM res_partner WHERE id IN %s ORDER BY id FOR SHARE",
                    tuple(self.ids),
                )
            )

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def action_redraw_prepaid_hours(self):
        """Open the preview of drawing the customer's time anew (D7)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Redraw Prepaid Hours"),
            "res_model": "prepaid.hours.redraw",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_partner_id": self.commercial_partner_id.id},
        }

    def action_view_prepaid_hours(self):
        """Open the customer's blocks."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "helpdesk_track_bill_prepaid.action_hours_block"
        )
        return {
            **action,
            "domain": [("partner_id", "in", self.commercial_partner_id.ids)],
        }
