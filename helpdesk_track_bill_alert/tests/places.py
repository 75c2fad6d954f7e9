"""Which hours the places of this addon show or sum (W1)."""

BILLED, AGREED = "billed", "agreed"
# Fields in views, by model.
FIELDS = {
    "prepaid.hours.alert.rule": {"limit_hours": AGREED},
    "prepaid.hours.block": {"hours_likely_expired": BILLED},
}
# What is in the portal and on paper.
TEMPLATES = {
    "helpdesk_track_bill_alert.portal_breadcrumbs": {AGREED},
    "helpdesk_track_bill_alert.portal_hours_to_order": {BILLED},
    "helpdesk_track_bill_alert.portal_my_home": {BILLED},
}
