"""Which hours the places of this addon show or sum (W1)."""

WORKED, BILLED, AGREED = "worked", "billed", "agreed"
# Fields in views, by model.
FIELDS = {
    "account.analytic.line": {"unit_amount_rounded": BILLED},
    "helpdesk.ticket": {"billed_hours": BILLED},
    "helpdesk.time.decision": {"hours": BILLED},
    "helpdesk.time.terms": {
        "hours_after": BILLED,
        "hours_before": BILLED,
    },
    "helpdesk.time.terms.line": {
        "hours_after": BILLED,
        "hours_before": BILLED,
    },
    "product.template": {
        "billing_minimum": AGREED,
        "billing_step": AGREED,
    },
    "project.time.type": {"billing_minimum": AGREED},
    "sale.order.line": {
        "billing_minimum": AGREED,
        "billing_step": AGREED,
    },
    "timesheets.analysis.report": {"unit_amount_rounded": BILLED},
}
# What is in the portal and on paper.
TEMPLATES = {
    "helpdesk_track_bill_review.portal_my_timesheets": {BILLED},
    "helpdesk_track_bill_review.portal_ticket_list": {WORKED},
    "helpdesk_track_bill_review.portal_ticket_time": {WORKED},
}
# What reads the column of hours worked itself.
CODE = {
    "_get_amount_by_terms": WORKED,
    "_portal_hours_to_sql": WORKED,
    "_prepare_share": WORKED,
    "_select": WORKED,
    "action_approve": WORKED,
    "copy_data": WORKED,
    "pre_init_hook": WORKED,
    "write": WORKED,
}
