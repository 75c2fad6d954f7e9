"""Which hours the places of this addon show or sum (W1)."""

BILLED, AGREED = "billed", "agreed"
# What is in the portal and on paper.
TEMPLATES = {
    "helpdesk_track_bill_statement.portal_breadcrumbs": {BILLED},
    "helpdesk_track_bill_statement.portal_my_home": {BILLED},
    "helpdesk_track_bill_statement.portal_my_prepaid_hours": {BILLED},
    "helpdesk_track_bill_statement.portal_prepaid_block": {BILLED},
    "helpdesk_track_bill_statement.report_statement_document": {BILLED},
    "helpdesk_track_bill_statement.statement_blocks": {BILLED, AGREED},
    "helpdesk_track_bill_statement.statement_figures": {BILLED},
    "helpdesk_track_bill_statement.statement_hours": {BILLED},
    "helpdesk_track_bill_statement.statement_others": {BILLED},
}
