from . import test_locked_timer
