from . import test_alerts
from . import test_forecast
from . import test_forecasts
from . import test_portal
from . import test_renewal
from . import test_rights
from . import test_smtp
from . import test_tours
