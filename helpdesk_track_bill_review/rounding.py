"""Hours worked to hours to bill (W2), without Odoo."""

# Shares of a step below this are what floats leave of a multiple.
TOLERANCE = 1e-6


def get_hours_to_bill(
    worked, factor=1.0, charge=True, step=0.0, rounding="up", minimum=0.0
):
    """Decide what hours worked are billed as, in this order.

    The kind of work: whether it is charged, and by which factor; then the step with
    its rounding; then the minimum. No hours stay no hours. Negative hours correct
    others: they take back what those bill.

    :param worked: hours worked
    :param factor: 1.5 bills 1:30 for an hour
    :param charge: whether the kind of work is charged at all
    :param step: hours that are billed whole; 0: each minute for itself
    :param rounding: ``up``, ``nearest`` or ``down``, to multiples of the step
    :param minimum: hours billed at least
    :returns: hours
    """
    if not charge or not worked or not factor:
        return 0.0
    if worked < 0:
        return -get_hours_to_bill(-worked, factor, charge, step, rounding, minimum)
    return max(_round_to_step(worked * factor, step, rounding), minimum)


def _round_to_step(hours, step, rounding):
    if step <= 0:
        return hours
    steps = hours / step
    whole = round(steps)
    if abs(steps - whole) <= TOLERANCE:
        return hours
    if rounding == "up":
        whole = int(steps) + 1
    elif rounding == "down":
        whole = int(steps)
    else:
        # a half goes up, as in core
        whole = int(steps + 0.5)
    return whole * step
