from odoo.tools.sql import column_exists, create_column

# Columns of stored computed fields, and those that they are filled from. Made before
# the ORM would make them, they are not computed for every record of a large database;
# those of OCA's 18.0 addons are kept.
COLUMNS = {
    "account_analytic_line": {
        "billing_charge": "varchar",
        "billing_terms": "jsonb",
        "is_billed_amount_edited": "bool",
        "review_state": "varchar",
        "time_type_id": "int4",
        "unit_amount_rounded": "float8",
    },
    "sale_order_line": {
        "billing_minimum": "float8",
        "billing_rounding": "varchar",
        "billing_step": "float8",
    },
}


def pre_init_hook(env):
    """Bill what was worked; rounded hours of OCA's 18.0 addon stay, as set by hand.

    That addon bills the hours worked where its rounded ones are 0.
    """
    for table, columns in COLUMNS.items():
        for column, column_type in columns.items():
            if not column_exists(env.cr, table, column):
                create_column(env.cr, table, column, column_type)
    env.flush_all()
    env.cr.execute(
        """
        UPDATE account_analytic_line
           SET is_billed_amount_edited = COALESCE(
                   NULLIF(unit_amount_rounded, 0) != unit_amount, FALSE
               ),
               unit_amount_rounded = COALESCE(
                   NULLIF(unit_amount_rounded, 0), unit_amount
               ),
               billing_terms = jsonb_build_object(
                   'item', so_line, 'kind', time_type_id
               )
         WHERE project_id IS NOT NULL OR so_line IS NOT NULL
        """
    )


def post_init_hook(env):
    """Adopt what OCA's 18.0 addons knew: kinds of work not billed, rounded hours."""
    if column_exists(env.cr, "project_time_type", "non_billable"):
        env.cr.execute(
            "UPDATE project_time_type SET charge = 'show' WHERE non_billable"
        )
        env["project.time.type"].invalidate_model(["charge"])
    edited = env["account.analytic.line"].search(
        [("is_billed_amount_edited", "=", True)]
    )
    env.cr.execute(
        "UPDATE account_analytic_line SET review_reason = %s"
        " WHERE is_billed_amount_edited AND review_reason IS NULL",
        [env._("Rounded before the review of time")],
    )
    edited.invalidate_recordset(["review_reason"])
    items = edited.so_line
    env.add_to_compute(items._fields["qty_delivered"], items)
    env.flush_all()
