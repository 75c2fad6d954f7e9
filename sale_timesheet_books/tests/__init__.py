from . import test_credit
from . import test_free_entries
from . import test_hours_left
from . import test_period
from . import test_rights
