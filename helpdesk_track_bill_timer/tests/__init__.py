from . import test_timer
from . import test_timer_overnight
from . import test_timer_rights
from . import test_timer_tour
