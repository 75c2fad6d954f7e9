from . import account_analytic_line
from . import prepaid_account
from . import prepaid_hours_statement
from . import res_company
from . import res_config_settings
from . import res_partner
from . import sale_order_line_hours_adjustment
