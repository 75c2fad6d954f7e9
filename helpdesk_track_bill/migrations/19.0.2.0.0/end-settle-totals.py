from odoo import SUPERUSER_ID, api

# stored sums of logged time that 19.0.1.0.0 could put off
TOTALS = {
    "helpdesk.ticket": (
        "last_timesheet_activity",
        "progress",
        "remaining_hours",
        "total_hours",
    ),
    "project.task": (
        "effective_hours",
        "overtime",
        "progress",
        "remaining_hours",
        "subtask_effective_hours",
        "total_hours_spent",
    ),
    "sale.order": ("invoice_status",),
    "sale.order.line": (
        "invoice_status",
        "qty_delivered",
        "qty_to_invoice",
        "remaining_hours",
        "untaxed_amount_to_invoice",
    ),
}


def migrate(cr, version):
    """Add up the totals that were pending, now that all addons are loaded."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    cr.execute(
        """
        SELECT res_model, array_agg(DISTINCT res_id)
          FROM helpdesk_time_settlement
         GROUP BY res_model
        """
    )
    for model, ids in cr.fetchall():
        records = env[model].browse(ids).exists()
        for name in TOTALS[model]:
            env.add_to_compute(records._fields[name], records)
    env.flush_all()
    cr.execute("DROP TABLE helpdesk_time_settlement")
