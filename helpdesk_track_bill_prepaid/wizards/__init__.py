from . import prepaid_hours_redraw
from . import prepaid_hours_why_not
from . import sale_order_line_hours_adjust
