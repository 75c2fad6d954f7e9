from itertools import pairwise

from odoo import api, models

# in hours
A_SECOND = 1 / 3600


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    @api.constrains("time_start", "time_stop", "unit_amount")
    def _check_time_start_stop(self):
        """Parts are placed within the time that was checked as a whole (D3).

        Entries without begin and end have nothing to check, nor a query each.
        """
        # pylint: disable=missing-return  # a constraint has nothing to return
        if not self._is_writing_parts():
            timed = self.filtered(lambda entry: entry._has_begin_and_end())
            super(AccountAnalyticLine, timed)._check_time_start_stop()

    def _has_begin_and_end(self):
        self.ensure_one()
        return bool(self.time_start or self.time_stop)

    def _write_part(self, part):
        res = super()._write_part(part)
        if self._has_begin_and_end():
            self._begin_at(self.time_start)
        return res

    def _apply_plan(self, plan):
        """Parts that follow each other still do, whatever their hours are now (D3)."""
        timed = self.filtered(lambda entry: entry._has_begin_and_end())
        works = self.browse(
            dict.fromkeys((entry.split_from_id or entry).id for entry in timed)
        ).filtered(lambda first: first._is_followed_in_time())
        res = super()._apply_plan(plan)
        for first in works.exists():
            first._follow_in_time(first._get_later_parts())
        return res

    def _get_later_parts(self):
        """The other parts of the work on the day of the first, in order."""
        self.ensure_one()
        return self.split_part_ids.filtered(
            lambda part: part.date == self.date and part._has_begin_and_end()
        ).sorted("id")

    def _is_followed_in_time(self):
        """Whether no part of the work was moved to another time of the day."""
        parts = self | self._get_later_parts()
        return all(
            abs(part.time_start - before.time_stop) < A_SECOND
            for before, part in pairwise(parts)
        )

    def _follow_in_time(self, parts):
        """Parts begin where the one before ends (D3)."""
        # pylint: disable=missing-return  # there is nothing to return
        super()._follow_in_time(parts)
        if self._has_begin_and_end():
            before = self
            for part in parts:
                part._begin_at(before.time_stop)
                before = part

    def _begin_at(self, hour):
        """Begin at an hour of the day, and end when the hours worked are over."""
        stop = hour + self._get_hours(billed=False)
        # placing parts follows from a write that was checked
        self._as_parts().write({"time_start": hour, "time_stop": stop})
