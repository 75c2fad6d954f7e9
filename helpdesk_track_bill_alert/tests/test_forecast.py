from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from odoo.tests import BaseCase, tagged

from ..forecast import DAYS_AHEAD, Calendar, Stretch, foresee, measure, walk

TODAY = date(2026, 3, 10)
OFFICE = Calendar(range(5))
NEVER = date.max

explore = settings(
    max_examples=200,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

DAYS = st.integers(-60, 200).map(lambda number: TODAY + timedelta(days=number))
HOURS = st.floats(0.05, 200)
CALENDARS = st.builds(
    Calendar,
    st.sets(st.integers(0, 6), min_size=1),
    st.lists(DAYS, max_size=10),
)


@st.composite
def stretches(draw):
    """Blocks of one stretch, and an allowance whose stretches follow each other."""
    found = []
    for block in range(draw(st.integers(0, 3))):
        start = draw(st.none() | DAYS)
        end = draw(st.none() | DAYS)
        if start and end and end < start:
            start, end = end, start
        if not end or end >= TODAY:
            found.append(Stretch(block, draw(HOURS), start, end))
    start = draw(DAYS)
    for _number in range(draw(st.integers(0, 4))):
        end = start + timedelta(days=29)
        if end >= TODAY:
            carry = draw(st.sampled_from([0.0, 2.0, float("inf")]))
            found.append(Stretch(9, draw(HOURS), start, end, carry))
        start = end + timedelta(days=1)
    return found


USED = st.lists(
    st.tuples(
        st.integers(0, 90).map(lambda number: TODAY - timedelta(days=number)), HOURS
    ),
    max_size=30,
)


@tagged("post_install", "-at_install")
class TestForecast(BaseCase):
    # --- the calendar -------------------------------------------------
    @explore
    @given(CALENDARS, DAYS, st.integers(0, 100))
    def test_F1_working_days_are_counted(self, calendar, first, days):
        last = first + timedelta(days=days)
        one_by_one = sum(
            day.weekday() in calendar.weekdays and day not in calendar.holidays
            for day in (first + timedelta(days=number) for number in range(days + 1))
        )
        self.assertEqual(calendar.count(first, last), one_by_one)

    @explore
    @given(CALENDARS, DAYS, st.integers(1, 60))
    def test_F1_the_working_day_of_a_number_is_found(self, calendar, first, number):
        day = calendar.find(first, number)
        self.assertEqual(calendar.count(first, day), number)
        self.assertEqual(calendar.count(first, day - timedelta(days=1)), number - 1)

    # --- the walk -----------------------------------------------------
    def test_F1_hours_last_for_their_working_days(self):
        # 2026-03-10 is a Tuesday
        for hours, day in ((1, "2026-03-11"), (3, "2026-03-13"), (4, "2026-03-16")):
            found = walk([Stretch(1, hours)], 1, TODAY, OFFICE)
            self.assertEqual(str(found.lasts_until), day)
            self.assertEqual(str(found.emptied[1]), day)

    def test_F1_an_end_comes_before_the_pace(self):
        found = walk([Stretch(1, 50, end=date(2026, 3, 31))], 1, TODAY, OFFICE)
        self.assertEqual(str(found.lasts_until), "2026-03-31")
        self.assertAlmostEqual(found.expired[1], 50 - 15)

    def test_F1_the_first_to_expire_is_used_first(self):
        late = Stretch(1, 5, end=date(2026, 12, 31))
        soon = Stretch(2, 5, end=date(2026, 3, 31))
        found = walk([late, soon], 1, TODAY, OFFICE)
        self.assertEqual(str(found.emptied[2]), "2026-03-17")
        self.assertEqual(str(found.lasts_until), "2026-03-24")
        self.assertFalse(found.expired)

    def test_F1_what_is_carried_over_counts(self):
        month = [
            Stretch(1, 30, date(2026, 3, 1), date(2026, 3, 31), carry)
            for carry in (0, 5, 100)
        ]
        following = Stretch(1, 10, date(2026, 4, 1), date(2026, 4, 30))
        ends = [
            str(walk([first, following], 1, TODAY, OFFICE).lasts_until)
            for first in month
        ]
        self.assertEqual(ends, ["2026-04-14", "2026-04-21", "2026-04-30"])

    def test_F1_without_hours_they_last_until_today(self):
        self.assertEqual(walk([], 1, TODAY, OFFICE).lasts_until, TODAY)

    @explore
    @given(stretches(), st.floats(0.01, 20), CALENDARS)
    def test_F1_nothing_is_used_twice(self, supply, pace, calendar):
        found = walk(supply, pace, TODAY, calendar)
        total = sum(stretch.hours for stretch in supply)
        self.assertLessEqual(sum(found.expired.values()), total + 1e-6)
        for block, hours in found.expired.items():
            own = sum(one.hours for one in supply if one.block == block)
            self.assertLessEqual(hours, own + 1e-6)

    @explore
    @given(stretches(), st.floats(0.01, 20), st.floats(1, 5), CALENDARS)
    def test_F1_more_a_day_never_lasts_longer(self, supply, pace, factor, calendar):
        slow = walk(supply, pace, TODAY, calendar)
        fast = walk(supply, pace * factor, TODAY, calendar)
        self.assertLessEqual(fast.lasts_until or NEVER, slow.lasts_until or NEVER)

    @explore
    @given(stretches(), st.floats(0.01, 20), HOURS)
    def test_F1_another_open_block_never_shortens(self, supply, pace, hours):
        alone = walk(supply, pace, TODAY, OFFICE)
        more = walk([*supply, Stretch(99, hours)], pace, TODAY, OFFICE)
        self.assertGreaterEqual(more.lasts_until or NEVER, alone.lasts_until or NEVER)

    # --- the pace -----------------------------------------------------
    def _work(self, hours, weeks, until=TODAY, weekdays=range(5)):
        days = (until - timedelta(days=number) for number in range(weeks * 7))
        return [(day, hours) for day in days if day.weekday() in weekdays]

    def test_F1_a_steady_pace_is_found(self):
        pace = measure(self._work(2, 13), TODAY, OFFICE)
        self.assertAlmostEqual(pace.likely, 2)
        self.assertAlmostEqual(pace.high, 2)

    def test_F1_a_weekly_rhythm_is_a_pace_per_working_day(self):
        yesterday = TODAY - timedelta(days=1)
        since = TODAY - timedelta(weeks=13)
        mondays = self._work(5, 13, yesterday, [0])
        pace = measure(mondays, TODAY, OFFICE, since=since)
        self.assertAlmostEqual(pace.likely, 1)

    def test_F1_a_young_account_is_not_thinned_out(self):
        pace = measure(self._work(2, 2), TODAY, OFFICE)
        self.assertAlmostEqual(pace.likely, 2)

    def test_F1_what_stopped_has_no_latest_day(self):
        used = self._work(2, 5, TODAY - timedelta(weeks=5))
        found = foresee(used, len(used), [Stretch(1, 20)], TODAY, OFFICE)
        self.assertIsNone(found.latest)
        self.assertLess(found.earliest, found.lasts_until)

    def test_F1_not_enough_data_below_three_entries(self):
        used = [(TODAY, 1.0), (TODAY - timedelta(days=1), 1.0)]
        self.assertIsNone(foresee(used, 2, [Stretch(1, 20)], TODAY, OFFICE))
        self.assertIsNotNone(foresee(used, 3, [Stretch(1, 20)], TODAY, OFFICE))

    @explore
    @given(USED, stretches(), CALENDARS)
    def test_F1_the_range_holds_the_day(self, used, supply, calendar):
        found = foresee(used, len(used), supply, TODAY, calendar)
        if len(used) < 3:
            self.assertIsNone(found)
        if found:
            middle = found.lasts_until or NEVER
            self.assertLessEqual(found.earliest or NEVER, middle)
            self.assertLessEqual(middle, found.latest or NEVER)
            self.assertLessEqual(TODAY, found.earliest or NEVER)
            farthest = TODAY + timedelta(days=DAYS_AHEAD)
            self.assertTrue(found.latest is None or found.latest <= farthest)
