from . import test_kind_of_work
