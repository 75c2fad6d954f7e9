from odoo import fields, models


class AccountAnalyticLine(models.Model):
    _inherit = "account.analytic.line"

    # of further parts of the same work none: each mail stands once (M3)
    email_message_id = fields.Char(
        "Logged by E-Mail",
        copy=False,
        readonly=True,
        export_string_translation=False,
        help="Message-Id of the e-mail that the time was logged by.",
    )

    _email_message_id_unique = models.UniqueIndex(
        "(email_message_id) WHERE email_message_id IS NOT NULL"
    )
