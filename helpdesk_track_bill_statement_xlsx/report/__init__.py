from . import prepaid_hours_statement_xlsx
