from . import test_figures
from . import test_lock
from . import test_mail
from . import test_portal
from . import test_statement
from . import test_tours
from . import test_two_at_once
