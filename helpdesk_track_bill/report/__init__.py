from . import helpdesk_time_overview
from . import timesheets_analysis_report
