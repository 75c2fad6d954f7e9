from . import test_sale_project
