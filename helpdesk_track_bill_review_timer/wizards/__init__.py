from . import helpdesk_timer_stop
from . import hr_timesheet_switch
