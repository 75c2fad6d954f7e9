from io import BytesIO

from odoo.tests import tagged
from openpyxl import load_workbook

from odoo.addons.helpdesk_track_bill_statement.tests.common import StatementCommon


@tagged("post_install", "-at_install")
class TestXlsx(StatementCommon):
    def _read(self, statement):
        content, kind = self.env["ir.actions.report"]._render_xlsx(
            "helpdesk_track_bill_statement_xlsx.action_report_statement_xlsx",
            statement.ids,
            {},
        )
        self.assertEqual(kind, "xlsx")
        workbook = load_workbook(BytesIO(content))
        return [[[cell.value for cell in row] for row in page] for page in workbook]

    def test_S2_the_spreadsheet_says_what_is_printed(self):
        block = self._sell_block(10, "2026-03-01", "2026-12-31")
        hostile = self._create_ticket(name="=1+1")
        self._log_on(hostile, 1.5, "2026-03-10")
        self._log_on(hostile, 0.25, "2026-03-11")
        statement = self._state()
        blocks, time = self._read(statement)
        sheet = statement._get_sheet()
        row = next(row for row in blocks if row[0] == block._get_hours_name())
        self.assertEqual(row[2:], [0, 0, 10, 0, 0, -1.75, 0, 8.25])
        self.assertEqual(blocks[-1][-1] * 60, sheet["total"]["closing"])
        self.assertEqual([row[4] for row in time[1:]], [1.5, 0.25, 1.75])
        self.assertIn("=1+1", time[1][0])
        self.assertEqual(time[-1][4] * 60, sheet["total"]["used"])

    def test_S3_several_statements_have_their_own_sheets(self):
        self._sell_block(10, "2026-03-01", "2026-12-31")
        self._sell_block(5, "2026-03-01", partner=self.other_customer)
        other = self._state(partner_id=self.other_customer.id)
        statements = self._state() | other | self._state("2026-02-01")
        pages = self._read(statements)
        self.assertEqual(
            [page[0][0] for page in pages[::2]],
            [statement.display_name for statement in statements],
        )
