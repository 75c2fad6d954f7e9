"""Which hours the places of this addon show or sum (W1): they name hours to order."""

AGREED = "agreed"
# What is in the portal.
TEMPLATES = {
    "helpdesk_track_bill_alert_statement.portal_hours_to_order": {AGREED},
    "helpdesk_track_bill_alert_statement.portal_my_prepaid_hours": {AGREED},
}
