from odoo import models
from odoo.tools import format_date


class PrepaidHoursStatementXlsx(models.AbstractModel):
    """The statement's sheet, as it is printed, in cells: hours with decimals (S2)."""

    _name = "report.helpdesk_track_bill_statement_xlsx.statement"
    _inherit = "report.report_xlsx.abstract"
    _description = "Statement of Prepaid Hours as Spreadsheet"

    def generate_xlsx_report(self, workbook, data, statements):
        formats = {
            "bold": workbook.add_format({"bold": True}),
            "hours": workbook.add_format({"num_format": "0.00"}),
            "total": workbook.add_format({"bold": True, "num_format": "0.00"}),
        }
        for statement in statements:
            statement = statement.with_context(
                lang=statement.sudo().partner_id.lang or self.env.lang
            )
            sheet = statement._get_sheet()
            self._fill(
                workbook.add_worksheet(statement.env._("Prepaid Hours")),
                self._prepare_block_rows(statement, sheet),
                formats,
            )
            self._fill(
                workbook.add_worksheet(statement.env._("Time per Ticket")),
                self._prepare_time_rows(statement, sheet),
                formats,
            )

    def _fill(self, worksheet, rows, formats):
        """Rows of cells; texts stay texts, whatever they look like."""
        worksheet.set_column(0, 1, 40)
        worksheet.set_column(2, 10, 14)
        for number, (kind, cells) in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, int):
                    # whole minutes
                    form = formats["total" if kind == "bold" else "hours"]
                    worksheet.write_number(number, column, cell / 60, form)
                elif cell:
                    worksheet.write_string(number, column, cell, formats.get(kind))

    def _prepare_block_rows(self, statement, sheet):
        env = statement.env
        names = {
            "opening": env._("Opening"),
            "corrected": env._("Corrected"),
            "bought": env._("Bought"),
            "carried": env._("Carried Over"),
            "adjusted": env._("Adjusted"),
            "used": env._("Used"),
            "expired": env._("Expired"),
            "closing": env._("Left"),
        }

        def tell(figures):
            return [
                -figures[name] if name in ("used", "expired") else figures[name]
                for name in names
            ]

        yield "bold", [statement.display_name]
        if sheet["note"]:
            yield None, [sheet["note"]]
        yield None, []
        yield "bold", [env._("Prepaid Hours"), env._("Period"), *names.values()]
        for block in sheet["blocks"]:
            yield None, [block["name"], "", *tell(block["figures"])]
            for period in block["periods"]:
                yield None, ["", period["name"], *tell(period["figures"])]
        yield "bold", [env._("Total"), "", *tell(sheet["total"])]

    def _prepare_time_rows(self, statement, sheet):
        env = statement.env
        yield (
            "bold",
            [
                env._("Ticket"),
                env._("Drawn From"),
                env._("Date"),
                env._("Who"),
                env._("Hours"),
            ],
        )
        for row in sheet["rows"]:
            yield (
                None,
                [
                    row["ticket"]["name"],
                    row["block"],
                    format_date(env, row["date"]),
                    row["who"],
                    row["minutes"],
                ],
            )
        for name, minutes in (
            (env._("Other tickets"), sheet["other_tickets"]),
            (env._("Other work"), sheet["other_work"]),
        ):
            if minutes:
                yield None, [name, "", "", "", minutes]
        yield "bold", [env._("Total"), "", "", "", sheet["total"]["used"]]
