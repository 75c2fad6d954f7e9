from . import test_account
from . import test_draw
from . import test_engine
from . import test_orders
from . import test_terms
