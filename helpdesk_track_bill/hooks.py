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
    """Adopt the data of the community's 18.0 ticket timesheet addons, where present.

    By SQL, which takes a large database a minute instead of an hour.
    """
    env.flush_all()
    _adopt_entries(env.cr)
    # where helpdesk_mgmt_sale_project is, orders of a ticket are of one project
    _adopt_items(env.cr, hasattr(env["helpdesk.ticket"], "_check_unique_project"))
    _adopt_hours(env.cr, env.ref("uom.product_uom_hour").id)
    env.invalidate_all()
    env["helpdesk.ticket.team"].with_context(active_test=False).search(
        [("allow_timesheet", "=", True)]
    )._prepare_timesheet_project()


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


def _adopt_items(cr, of_one_project):
    """The items are choices of the user, which K2 and K3 leave alone.

    Their orders join those of the ticket (K6).

    :param of_one_project: whether all orders of a ticket have the same project
    """
    cr.execute(
        """
        WITH linked AS (
            SELECT ticket.id AS ticket_id, item.order_id
              FROM helpdesk_ticket ticket
              JOIN sale_order_line item ON item.id = ticket.sale_line_id
              JOIN sale_order joining ON joining.id = item.order_id
             WHERE NOT EXISTS (
                   SELECT FROM helpdesk_ticket_sale_order_rel link
                     JOIN sale_order other ON other.id = link.sale_order_id
                    WHERE link.helpdesk_ticket_id = ticket.id
                      AND (
                          other.id = joining.id
                          OR (%s AND other.project_id != joining.project_id)
                      )
                   )
        ), joined AS (
            INSERT INTO helpdesk_ticket_sale_order_rel
                        (helpdesk_ticket_id, sale_order_id)
            SELECT ticket_id, order_id FROM linked
        )
        UPDATE helpdesk_ticket ticket
           SET sale_line_partner_id = ticket.commercial_partner_id,
               sale_order_id = item.order_id,
               linked_sale_order_id = linked.order_id
          FROM helpdesk_ticket before
          JOIN sale_order_line item ON item.id = before.sale_line_id
          LEFT JOIN linked ON linked.ticket_id = before.id
         WHERE before.id = ticket.id
        """,
        [of_one_project],
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
