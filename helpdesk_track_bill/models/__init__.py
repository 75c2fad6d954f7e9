from . import account_analytic_line
from . import account_move
from . import helpdesk_ticket
from . import helpdesk_ticket_team
from . import product_template
from . import res_config_settings
from . import sale_order
from . import sale_order_line
