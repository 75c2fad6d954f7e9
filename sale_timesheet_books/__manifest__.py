{
    "name": "Timesheet Books",
    "summary": "No hour is invoiced twice and none is lost: mends of invoicing timesheets",
    "version": "19.0.1.0.0",
    "category": "Services/Timesheets",
    "author": "Track & Bill Time contributors",
    "license": "AGPL-3",
    "depends": [
        "sale_timesheet",
    ],
}
