"""Which hours the places of this addon show or sum (W1)."""

WORKED = "worked"
# What reads the column of hours worked itself.
CODE = {
    "_create_time_of_mail": WORKED,
}
