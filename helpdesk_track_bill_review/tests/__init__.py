from . import test_rounding
from . import test_hours_to_bill
from . import test_review
from . import test_time_to_bill
from . import test_rights
from . import test_books
from . import test_hooks
from . import test_quick_log
