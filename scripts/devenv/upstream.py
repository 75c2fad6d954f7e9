"""The suites that the addon builds on, without it and with it."""

import os
from pathlib import Path
from xml.etree import ElementTree

import addons
import database
from addons import ADDON
from common import DEV, OCA, die, say
from odoo_server import ODOO, QUIET, call, prepare_database
from suite import run_pytest

UPSTREAM_DATABASE = f"{ADDON}_upstream"
UPSTREAM_MODULES = [
    "hr_timesheet",
    "sale_project",
    "sale_timesheet",
    "helpdesk_mgmt",
    "helpdesk_mgmt_project",
    "helpdesk_mgmt_sale",
]


def upstream():
    """Run the suites that the addon builds on without it and with it, and compare."""
    without, with_addon = f"{UPSTREAM_DATABASE}_without", f"{UPSTREAM_DATABASE}_with"
    prepare_database(without, addons.get_foundation(), demo=True)
    database.copy(without, with_addon)
    if call([*ODOO, "-d", with_addon, "-i", ADDON, *QUIET]):
        die("the database with the addon could not be prepared, see above.")
    places = [*os.environ["DEVENV_ODOO_ADDONS"].split(","), str(OCA / "odoo/addons")]
    suites = [
        str(Path(place, module, "tests"))
        for module in UPSTREAM_MODULES
        for place in places
        if Path(place, module, "tests").is_dir()
    ]
    results = {}
    for name in (without, with_addon):
        say(f"Running the suites in {name}")
        report = DEV / "log" / f"{name}.xml"
        report.unlink(missing_ok=True)
        status = run_pytest(
            *(*suites, "--no-summary", f"--junitxml={report}"), database=name
        )
        if status not in (0, 1) or not report.exists():
            die(f"the suites did not run to their end in {name}.")
        results[name] = {
            f"{case.get('classname')}.{case.get('name')}": ", ".join(
                sorted(child.tag for child in case if child.tag in ("failure", "error"))
            )
            or "passed"
            for case in ElementTree.parse(report).iter("testcase")
            if case.find("skipped") is None
        }
    before, after = results[without], results[with_addon]
    print(f"{'suite':45}{'without':>12}{'with':>12}   passed of all")
    for suite in UPSTREAM_MODULES:
        counts = []
        for outcome in (before, after):
            own = [done for name, done in outcome.items() if f".{suite}." in name]
            counts.append(f"{own.count('passed')} of {len(own)}")
        print(f"{suite:45}{counts[0]:>12}{counts[1]:>12}")
    different = [
        name
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]
    for name in different:
        print(f"{name}: {before.get(name)} without, {after.get(name)} with the addon")
    print(f"{len(different)} differences")
    return 1 if different else 0
