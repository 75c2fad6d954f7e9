"""A few rows of a database many times over, made by SQL, for the scripts beside it."""

# each copy has ids of its own, so far from the originals
STEP = 1_000_000
# what of a row points to rows that are copied along
SHIFTED = {
    "res_partner": ("id", "commercial_partner_id", "parent_id"),
    "sale_order": ("id", "partner_id", "partner_invoice_id", "partner_shipping_id"),
    "sale_order_line": ("id", "order_id", "order_partner_id"),
    "sale_order_line_hours_period": ("id", "line_id", "partner_id"),
    "account_analytic_line": ("id", "so_line", "hours_period_id", "partner_id"),
}


def create_product(env):
    """A prepaid service, sold in hours."""
    return env["product.product"].create(
        {
            "name": "Hours",
            "type": "service",
            "service_policy": "ordered_prepaid",
            "uom_id": env.ref("uom.product_uom_hour").id,
        }
    )


def copy(env, rows, times, apart):
    """Copy rows so many times, with what they point to.

    :param dict rows: ids by table, none further from another than the copies
    :param apart: how far the ids of one copy are from those of the next
    """
    env.flush_all()
    for table, ids in rows.items():
        env.cr.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
            "   AND is_generated = 'NEVER'",
            [table],
        )
        columns = [f'"{name}"' for (name,) in env.cr.fetchall()]
        values = [
            f"{name} + copies.place * {apart} + {STEP}"
            if name.strip('"') in SHIFTED[table]
            else name
            for name in columns
        ]
        env.cr.execute(
            f"INSERT INTO {table} ({', '.join(columns)})"
            f" SELECT {', '.join(values)} FROM {table},"
            f"  generate_series(1, {times}) copies(place) WHERE id IN %s",
            [tuple(ids)],
        )


def finish(env):
    """Commit, and let PostgreSQL know its new rows."""
    env.cr.commit()
    env.cr._cnx.autocommit = True
    env.cr.execute("VACUUM ANALYZE")
    env.cr._cnx.autocommit = False
    env.invalidate_all()
