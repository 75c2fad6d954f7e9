{
    "name": "Timesheet Totals That Never Wait",
    "summary": "Many users log time on one item at once, and none waits or fails",
    "version": "19.0.1.0.0",
    "category": "Services/Timesheets",
    "author": "Track & Bill Time contributors",
    "license": "AGPL-3",
    # whose invoices drain what is pending
    "depends": [
        "sale_timesheet_books",
    ],
    "data": [
        "security/ir.model.access.csv",
        "data/ir_cron_data.xml",
    ],
    "uninstall_hook": "uninstall_hook",
}
