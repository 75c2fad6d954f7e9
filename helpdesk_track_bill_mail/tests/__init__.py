from . import test_mail
from . import test_time_line
