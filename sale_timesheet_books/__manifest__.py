{
    "name": "Timesheet Books",
    "summary": "Mends of invoicing timesheets: no hour twice and none lost",
    "version": "19.0.1.0.0",
    "category": "Services/Timesheets",
    "author": "Track & Bill Time contributors",
    "license": "AGPL-3",
    "depends": [
        "sale_timesheet",
    ],
}
