from odoo.tools.sql import column_exists, create_column

# Columns of stored computed fields. Made before the ORM would make them, they are not
# computed for every record of a large database: nothing was logged on tickets yet.
COLUMNS = {
    "account_analytic_line": {
        "ticket_id": "int4",
        "ticket_partner_id": "int4",
        "ticket_team_id": "int4",
    },
    "helpdesk_ticket": {
        "sale_line_id": "int4",
        "sale_line_partner_id": "int4",
        "sale_order_id": "int4",
        "total_hours": "float8",
        "remaining_hours": "float8",
        "progress": "float8",
        "remaining_hours_available": "bool",
        "last_timesheet_activity": "date",
    },
}


def pre_init_hook(env):
    """Create the missing columns; those of the 18.0 addons stay as they are."""
    create_columns(env.cr)


def create_columns(cr):
    """Create the missing columns of :data:`COLUMNS`, empty."""
    for table, columns in COLUMNS.items():
        for column, column_type in columns.items():
            if not column_exists(cr, table, column):
                create_column(cr, table, column, column_type)


def post_init_hook(env):
    """Adopt the data of the community's 18.0 ticket timesheet addons, where present.

    By SQL, which takes a large database a minute instead of an hour.
    """
    env.flush_all()
    _adopt_entries(env.cr)
    _adopt_items(env.cr)
    _adopt_hours(env.cr, env.ref("uom.product_uom_hour").id)
    adopt_prepaid_items(env)
    env.invalidate_all()
    env["helpdesk.ticket.team"].with_context(active_test=False).search(
        [("allow_timesheet", "=", True)]
    )._prepare_timesheet_project()


def uninstall_hook(env):
    """Tickets without a description, which the base demands, get an empty one."""
    env.cr.execute(
        "UPDATE helpdesk_ticket SET description = '' WHERE description IS NULL"
    )


def _adopt_entries(cr):
    """Entries know their ticket's customer and team."""
    cr.execute(
        """
        UPDATE account_analytic_line entry
           SET ticket_partner_id = ticket.partner_id,
               ticket_team_id = ticket.team_id
          FROM helpdesk_ticket ticket
         WHERE ticket.id = entry.ticket_id
        """
    )


def _adopt_items(cr):
    """The items are choices of the user, which K2 and K3 leave alone."""
    cr.execute(
        """
        UPDATE helpdesk_ticket ticket
           SET sale_line_partner_id = ticket.partner_id,
               sale_order_id = item.order_id
          FROM sale_order_line item
         WHERE item.id = ticket.sale_line_id
        """
    )


def adopt_prepaid_items(env):
    """Tickets know whether their item counts hours left.

    All items of a product sold in the same unit do, or none.
    """
    groups = env["sale.order.line"]._read_group(
        [("ticket_ids", "any", [("active", "in", (True, False))])],
        ["product_id", "product_uom_id"],
        ["id:recordset"],
    )
    for _product, _unit, items in groups:
        if items[0].remaining_hours_available:
            env.cr.execute(
                """
                UPDATE helpdesk_ticket
                   SET remaining_hours_available = TRUE
                 WHERE sale_line_id = ANY(%s)
                """,
                [items.ids],
            )


def _adopt_hours(cr, hour_id):
    """Tickets with time or an estimate know what is spent and left."""
    cr.execute(
        """
        UPDATE helpdesk_ticket ticket
           SET total_hours = COALESCE(spent.hours, 0),
               last_timesheet_activity = spent.latest,
               remaining_hours = planned - COALESCE(spent.hours, 0),
               progress = COALESCE(100 * spent.hours / NULLIF(planned, 0), 0)
          FROM (
               SELECT id, COALESCE(planned_hours, 0) AS planned FROM helpdesk_ticket
               ) estimate
          LEFT JOIN (
               SELECT entry.ticket_id,
                      round(
                          sum(
                              unit_amount * COALESCE(unit.factor, hour.factor)
                              / hour.factor
                          )::numeric,
                          6
                      )::float8 AS hours,
                      max(entry.date) AS latest
                 FROM account_analytic_line entry
                 JOIN uom_uom hour ON hour.id = %s
                 LEFT JOIN uom_uom unit ON unit.id = entry.product_uom_id
                WHERE entry.ticket_id IS NOT NULL
                GROUP BY entry.ticket_id
               ) spent ON spent.ticket_id = estimate.id
         WHERE ticket.id = estimate.id
           AND (spent.ticket_id IS NOT NULL OR planned != 0)
        """,
        [hour_id],
    )
