from odoo.tools import SQL
from odoo.tools.sql import column_exists, create_column

# Columns of stored fields on large tables: made before the ORM would make them, they
# are not computed for every row.
COLUMNS = {
    "account_analytic_line": {
        "coverage": "varchar",
        "coverage_data": "jsonb",
        "hours_period_id": "int4",
        "split_from_id": "int4",
    },
    "sale_order_line": {
        "hours_adjusted": "float8",
        "hours_carry_over_cap": "float8",
        "hours_date_end": "date",
        "hours_date_start": "date",
        "hours_days_given": "jsonb",
        "hours_period": "varchar",
    },
}
# What existing items are agreed to be, without writing a row: PostgreSQL keeps the
# default of a new column for the rows that were there.
AGREED = {
    "hours_carry_over": "none",
    "hours_overrun": "negative",
    "hours_usable_from": "confirmed",
}


def pre_init_hook(env):
    """Add columns to large tables in no time."""
    for table, columns in COLUMNS.items():
        for column, column_type in columns.items():
            if not column_exists(env.cr, table, column):
                create_column(env.cr, table, column, column_type)
    for column, value in AGREED.items():
        if not column_exists(env.cr, "sale_order_line", column):
            name = SQL.identifier(column)
            env.cr.execute(
                SQL(
                    """
                    ALTER TABLE sale_order_line ADD COLUMN %s varchar DEFAULT %s;
                    ALTER TABLE sale_order_line ALTER COLUMN %s DROP DEFAULT
                    """,
                    name,
                    value,
                    name,
                )
            )


def post_init_hook(env):
    """Give the prepaid items that were sold before their one open period."""
    env["sale.order.line"].search(
        env["sale.order.line"]._domain_ticket_prepaid()
    )._sync_hours_periods()
