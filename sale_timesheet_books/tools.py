"""What several models need."""


def get_unit(env, name):
    """A unit of core; ``env.ref`` asks the database each time whether it exists."""
    unit_id = env["ir.model.data"]._xmlid_to_res_id(f"uom.product_uom_{name}", True)
    return env["uom.uom"].browse(unit_id)
