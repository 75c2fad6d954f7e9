MODELS = ("helpdesk.time.settlement", "helpdesk.time.total.mixin")
# what hung on them, by the model that external identifiers name
TABLES = {
    "ir.actions.server": "ir_act_server",
    "ir.cron": "ir_cron",
    "ir.model": "ir_model",
    "ir.model.access": "ir_model_access",
    "ir.model.constraint": "ir_model_constraint",
    "ir.model.fields": "ir_model_fields",
    "ir.model.inherit": "ir_model_inherit",
}


def migrate(cr, version):
    """Totals that never wait moved to sale_timesheet_settle: forget their models.

    The table stays until the end of the update: it says which totals are pending.
    """
    cr.execute(
        """
        DELETE FROM ir_cron cron
         USING ir_act_server action, ir_model model
         WHERE action.id = cron.ir_actions_server_id
           AND model.id = action.model_id
           AND model.model IN %s
        """,
        [MODELS],
    )
    # access, fields, and the cron's action go along
    cr.execute("DELETE FROM ir_model WHERE model IN %s", [MODELS])
    for model, table in TABLES.items():
        cr.execute(
            f"""
            DELETE FROM ir_model_data data
             WHERE data.module = 'helpdesk_track_bill'
               AND data.model = %s
               AND NOT EXISTS (SELECT FROM {table} WHERE id = data.res_id)
            """,
            [model],
        )
