from . import timesheet_total_mixin
from . import timesheet_settlement
from . import sale_order
from . import sale_order_line
