from odoo import fields

from odoo.addons.helpdesk_track_bill.tests.common import TrackBillCommon


class PrepaidCommon(TrackBillCommon):
    """The support company, with a team that draws from its customers' accounts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.prepaid_draw = "order"

    @classmethod
    def _sell_block(cls, hours=10.0, start=None, end=None, date=None, **terms):
        """A confirmed block; days as strings."""
        line = cls._sell(cls.prepaid_product, hours, confirm=False, **terms)
        line.write({"hours_date_start": start, "hours_date_end": end})
        line.order_id.action_confirm()
        if start is None:
            line.hours_date_start = False
        if date:
            line.order_id.date_order = date
        return line

    @classmethod
    def _log_on(cls, ticket, hours, day="2026-03-10", **values):
        return cls._log(ticket, hours, date=day, **values)

    def _get_parts(self, entry):
        """Item and hours of each part of a piece of work."""
        parts = entry | entry.split_part_ids
        return [(part.so_line, round(part.unit_amount, 4)) for part in parts]

    def _check_account(self, lines):
        """C5, and what the stored totals of core say of the same hours."""
        self.env.flush_all()
        self.env.invalidate_all()
        for line in lines:
            periods = line.hours_period_ids.sorted("number")
            self.assertAlmostEqual(
                sum(periods.mapped("hours_granted")), line._get_ordered_hours(), 5
            )
            came = 0.0
            for period in periods:
                self.assertAlmostEqual(period.hours_carried_in, came, 5)
                self.assertAlmostEqual(
                    period.hours_granted
                    + period.hours_carried_in
                    + period.hours_adjusted,
                    period.hours_used
                    + period.hours_left
                    + period.hours_carried_on
                    + period.hours_expired,
                    5,
                )
                came = period.hours_carried_on
            self.assertAlmostEqual(
                sum(periods.mapped("hours_used")),
                line._get_ordered_hours() - line.remaining_hours,
                5,
            )

    @classmethod
    def _to_date(cls, day):
        return fields.Date.to_date(day)
