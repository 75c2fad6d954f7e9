"""Which hours the places of this addon show or sum (W1)."""

AGREED = "agreed"
# Fields in views, by model.
FIELDS = {
    "sale.order.template.line": {"hours_carry_over_cap": AGREED},
}
