{
    "name": "Prepaid Hours: Statement as Spreadsheet",
    "summary": "The statement of prepaid hours as an XLSX file",
    "version": "19.0.1.0.0",
    "category": "Hidden",
    "author": "Track & Bill Time contributors",
    "license": "AGPL-3",
    "depends": [
        "helpdesk_track_bill_statement",
        "report_xlsx",
    ],
    "data": [
        "report/prepaid_hours_statement_reports.xml",
    ],
    "auto_install": True,
}
