from . import sale_order_template_line
