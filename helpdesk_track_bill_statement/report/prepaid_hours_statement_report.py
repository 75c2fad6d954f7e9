from odoo import api, models


class PrepaidHoursStatementReport(models.AbstractModel):
    """The printed statement: of records, or of a span that the portal shows."""

    _name = "report.helpdesk_track_bill_statement.report_statement"
    _description = "Printed Statement of Prepaid Hours"

    @api.model
    def _get_report_values(self, docids, data=None):
        """:param data: of the superuser, ``sheets`` read with the reader's rights"""
        # not of others: data of a report's address are anybody's
        sheets = self.env.su and (data or {}).get("sheets")
        if not sheets:
            lang = self.env.context.get("statement_lang")
            sheets = []
            for statement in self.env["prepaid.hours.statement"].browse(docids):
                # of the customer, whoever prints it
                lang_of = lang or statement.sudo().partner_id.lang or self.env.lang
                sheets.append(
                    {
                        **statement.with_context(lang=lang_of)._get_sheet(),
                        "lang": lang_of,
                    }
                )
        return {"sheets": sheets}
