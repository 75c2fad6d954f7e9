from . import helpdesk_ticket_log_time
from . import helpdesk_time_decision
from . import helpdesk_time_invoice
from . import helpdesk_time_invoice_line
from . import helpdesk_time_terms
from . import helpdesk_time_terms_line
