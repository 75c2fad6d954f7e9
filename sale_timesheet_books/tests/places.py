"""Which hours the places of this addon show or sum (W1)."""

WORKED = "worked"
# What reads the column of hours worked itself.
CODE = {
    "_get_fields_of_invoice": WORKED,
    "_get_hours_field": WORKED,
}
