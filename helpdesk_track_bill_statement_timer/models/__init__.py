from . import account_analytic_line
from . import prepaid_hours_statement
