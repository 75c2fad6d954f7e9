from hypothesis import given
from hypothesis import strategies as st
from odoo.tests import BaseCase

from ..rounding import get_hours_to_bill

HOURS = st.integers(1, 24 * 60).map(lambda minutes: minutes / 60)
STEPS = st.sampled_from([0.0, 1 / 60, 0.1, 1 / 6, 0.25, 0.5, 1.0, 4.0])
ROUNDINGS = st.sampled_from(["up", "nearest", "down"])
MINIMUMS = st.sampled_from([0.0, 0.25, 0.5, 1.0])
FACTORS = st.sampled_from([0.5, 1.0, 1.5, 2.0])
# a second: what floats lose is far less
EPSILON = 1 / 3600


class TestRounding(BaseCase):
    """Rule W2 as a function: properties of hours to bill."""

    def test_W2_examples(self):
        for worked, terms, billed in (
            (1.0, {"factor": 1.5}, 1.5),
            (7 / 60, {"step": 0.25}, 0.25),
            (0.5, {"step": 0.25}, 0.5),
            (31 / 60, {"step": 0.25}, 0.75),
            (1.125, {"step": 0.25, "rounding": "nearest"}, 1.25),
            (1.1, {"step": 0.25, "rounding": "nearest"}, 1.0),
            (1.2, {"step": 0.25, "rounding": "down"}, 1.0),
            (0.1, {"minimum": 0.5}, 0.5),
            (0.1, {"step": 1.0, "rounding": "down", "minimum": 0.5}, 0.5),
            (2.0, {"charge": False, "minimum": 0.5}, 0.0),
            (1 / 3, {"factor": 1.5, "step": 0.5}, 0.5),
            (-0.1, {"minimum": 0.5}, -0.5),
        ):
            with self.subTest(worked=worked, **terms):
                self.assertAlmostEqual(get_hours_to_bill(worked, **terms), billed)

    @given(FACTORS, STEPS, ROUNDINGS, MINIMUMS)
    def test_W2_no_hours_stay_no_hours(self, factor, step, rounding, minimum):
        self.assertEqual(
            get_hours_to_bill(0.0, factor, True, step, rounding, minimum), 0
        )

    @given(HOURS, STEPS)
    def test_W2_up_never_bills_less(self, worked, step):
        billed = get_hours_to_bill(worked, step=step, rounding="up")
        self.assertGreaterEqual(billed, worked - EPSILON)
        self.assertLess(billed, worked + step + EPSILON)

    @given(HOURS, STEPS)
    def test_W2_down_never_bills_more(self, worked, step):
        billed = get_hours_to_bill(worked, step=step, rounding="down")
        self.assertLessEqual(billed, worked + EPSILON)
        self.assertGreater(billed, worked - step - EPSILON)

    @given(HOURS, STEPS)
    def test_W2_nearest_is_within_half_a_step(self, worked, step):
        billed = get_hours_to_bill(worked, step=step, rounding="nearest")
        self.assertLessEqual(abs(billed - worked), step / 2 + EPSILON)

    @given(HOURS, HOURS, FACTORS, STEPS, ROUNDINGS, MINIMUMS)
    def test_W2_more_work_never_bills_less(
        self, less, more, factor, step, rounding, minimum
    ):
        less, more = sorted((less, more))
        terms = (factor, True, step, rounding, minimum)
        self.assertLessEqual(
            get_hours_to_bill(less, *terms), get_hours_to_bill(more, *terms) + EPSILON
        )

    @given(HOURS, FACTORS, STEPS, ROUNDINGS, MINIMUMS)
    def test_W2_the_minimum_is_a_floor(self, worked, factor, step, rounding, minimum):
        billed = get_hours_to_bill(worked, factor, True, step, rounding, minimum)
        self.assertGreaterEqual(billed, minimum)

    @given(st.integers(1, 100), STEPS, ROUNDINGS)
    def test_W2_multiples_of_the_step_are_billed_exactly(self, times, step, rounding):
        worked = times * step
        self.assertEqual(
            get_hours_to_bill(worked, step=step, rounding=rounding), worked
        )

    @given(HOURS, STEPS, ROUNDINGS, MINIMUMS)
    def test_W2_a_correction_takes_back_what_it_corrects(
        self, worked, step, rounding, minimum
    ):
        terms = (1.0, True, step, rounding, minimum)
        self.assertEqual(
            get_hours_to_bill(-worked, *terms), -get_hours_to_bill(worked, *terms)
        )
