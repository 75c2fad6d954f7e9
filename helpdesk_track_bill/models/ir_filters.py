from odoo import api, models


class IrFilters(models.Model):
    _inherit = "ir.filters"

    @api.model
    def get_filters(
        self,
        model,
        action_id=None,
        embedded_action_id=None,
        embedded_parent_res_id=None,
    ):
        """Name our favorites in the user's language.

        Odoo (19.0) keeps one name of a favorite for all languages. One that somebody
        renamed keeps that name.
        """
        filters = super().get_filters(
            model, action_id, embedded_action_id, embedded_parent_res_id
        )
        if model == "timesheets.analysis.report":
            names = {
                "Last month by customer": self.env._("Last month by customer"),
                "Unbilled by age": self.env._("Unbilled by age"),
            }
            for values in filters:
                if not values["user_ids"]:
                    values["name"] = names.get(values["name"], values["name"])
        return filters
