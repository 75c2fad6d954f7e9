"""Which hours the places of this addon show or sum (W1)."""

WORKED = "worked"
# What reads the column of hours worked itself.
CODE = {
    "_apply_terms": WORKED,
    "_is_decided_alone": WORKED,
    "_prepare_part_hours": WORKED,
}
