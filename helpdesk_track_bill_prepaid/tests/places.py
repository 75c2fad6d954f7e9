"""Which hours the places of this addon show or sum (W1)."""

BILLED, AGREED = "billed", "agreed"
# Fields in views, by model.
FIELDS = {
    "helpdesk.ticket": {"prepaid_hours_usable": BILLED},
    "prepaid.hours.block": {
        "hours_adjusted": BILLED,
        "hours_expired": BILLED,
        "hours_granted": AGREED,
        "hours_left": BILLED,
        "hours_usable": BILLED,
        "hours_used": BILLED,
    },
    "prepaid.hours.redraw.line": {
        "hours_after": BILLED,
        "hours_before": BILLED,
    },
    "prepaid.hours.why.not": {"hours": BILLED},
    "product.template": {
        "hours_carry_over_cap": AGREED,
        "hours_validity": AGREED,
    },
    "res.config.settings": {"hours_closing_days": AGREED},
    "res.partner": {"prepaid_hours_left": BILLED},
    "sale.order": {"hours_to_cover": BILLED},
    "sale.order.line": {
        "hours_carry_over_cap": AGREED,
        "hours_usable": BILLED,
    },
    "sale.order.line.hours.adjust": {"hours": BILLED},
    "sale.order.line.hours.period": {
        "hours_adjusted": BILLED,
        "hours_carried_in": BILLED,
        "hours_carried_on": BILLED,
        "hours_expired": BILLED,
        "hours_granted": AGREED,
        "hours_left": BILLED,
        "hours_used": BILLED,
    },
}
# What is in the portal and on paper.
TEMPLATES = {
    "helpdesk_track_bill_prepaid.hours_ledger": {BILLED},
    "helpdesk_track_bill_prepaid.report_saleorder_document": {AGREED},
    "helpdesk_track_bill_prepaid.sale_order_portal_content": {AGREED},
}
# What reads the column of hours worked itself.
CODE = {
    "_prepare_part_hours": BILLED,
    # the part of the work, whichever hours are told of it
    "_share_reason": BILLED,
}
