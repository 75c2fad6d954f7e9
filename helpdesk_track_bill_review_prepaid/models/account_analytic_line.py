from odoo import api, models

# beside hours worked, what decides hours to bill
BILLING_FIELDS = {
    "is_billed_amount_edited",
    "no_charge_reason_id",
    "time_type_id",
    "unit_amount_rounded",
}


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    @api.model
    def _get_drawn_fields(self):
        """Other hours to bill draw other hours (W1)."""
        return super()._get_drawn_fields() | BILLING_FIELDS

    def _get_work(self):
        """Parts of one piece of work count as one entry for its minimum (W3)."""
        first = self.split_from_id or self
        return first | first.split_part_ids

    def _prepare_part_hours(self, part, amount):
        """Split by hours to bill, hours worked in proportion (W3).

        The part keeps the proportion as its terms: steps and minimums have decided
        about the whole.
        """
        worked, billed = self.unit_amount, self.unit_amount_rounded
        if not billed or worked == billed:
            return (
                {}
                if worked and not billed
                else super()._prepare_part_hours(part, amount)
            )
        if amount == billed:
            # all of it: the terms that decided stay
            return {}
        share = worked * amount / billed
        return {
            "unit_amount": share,
            "billing_terms": {
                "item": part.item or None,
                "kind": self.time_type_id.id or None,
                "factor": amount / share,
            },
        }

    def _write_part(self, part):
        res = super()._write_part(part)
        self._bill_parts()
        return res

    def _create_parts(self, vals_list):
        parts = super()._create_parts(vals_list)
        parts._bill_parts()
        return parts

    def _bill_parts(self):
        """Written terms keep what follows from them from being computed."""
        self.env.add_to_compute(self._fields["unit_amount_rounded"], self)
