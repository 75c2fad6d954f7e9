from . import test_rounding
from . import test_hours_to_bill
from . import test_review
from . import test_time_to_bill
from . import test_rights
