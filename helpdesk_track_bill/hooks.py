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
        "linked_sale_order_id": "int4",
        "total_hours": "float8",
        "remaining_hours": "float8",
        "progress": "float8",
        "last_timesheet_activity": "date",
    },
}


def pre_init_hook(env):
    """Create the missing columns; those of the 18.0 addons stay as they are."""
    for table, columns in COLUMNS.items():
        for column, column_type in columns.items():
            if not column_exists(env.cr, table, column):
                create_column(env.cr, table, column, column_type)


def post_init_hook(env):
    """Adopt the data of the community's 18.0 ticket timesheet addons, where present."""
    env.cr.execute(
        """
        UPDATE account_analytic_line entry
           SET ticket_partner_id = ticket.partner_id,
               ticket_team_id = ticket.team_id
          FROM helpdesk_ticket ticket
         WHERE ticket.id = entry.ticket_id
        """
    )
    # the items there are choices of the user: K2 and K3 leave them alone
    env.cr.execute(
        """
        UPDATE helpdesk_ticket ticket
           SET sale_line_partner_id = ticket.commercial_partner_id,
               sale_order_id = item.order_id
          FROM sale_order_line item
         WHERE item.id = ticket.sale_line_id
        """
    )
    env.invalidate_all()
    tickets = env["helpdesk.ticket"].with_context(active_test=False)
    to_link = tickets.search([("sale_line_id", "!=", False)])
    env.add_to_compute(tickets._fields["sale_order_ids"], to_link)
    with_time = tickets.search(
        ["|", ("timesheet_ids", "!=", False), ("planned_hours", "!=", 0)]
    )
    for name in ("total_hours", "progress"):
        env.add_to_compute(tickets._fields[name], with_time)
    env["helpdesk.ticket.team"].with_context(active_test=False).search(
        [("allow_timesheet", "=", True)]
    )._prepare_timesheet_project()
