from . import test_begin_end
