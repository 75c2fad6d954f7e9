from . import helpdesk_sla
from . import helpdesk_ticket
from . import helpdesk_ticket_sla
