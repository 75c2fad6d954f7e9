"""What a run of pytest says about itself."""

import json
import os
import signal
from pathlib import Path

import pytest_odoo

import odoo.addons

OUTCOMES = {"passed": set(), "failed": {}}


def pytest_configure(config):
    """Tests of pure modules need no database: ``-p no:odoo`` runs them without one."""
    if not config.pluginmanager.hasplugin("odoo"):
        here = Path(__file__).parent
        for folder in (here, here / ".dev/oca/odoo/addons"):
            odoo.addons.__path__.append(str(folder))
        pytest_odoo.support_subtest()
        pytest_odoo.disable_odoo_test_retry()
        pytest_odoo.monkey_patch_resolve_pkg_root_and_module_name()
    # what is told to end lets fixtures stop their servers, as with Ctrl+C
    signal.signal(signal.SIGTERM, signal.default_int_handler)


def pytest_runtest_logreport(report):
    """Remember what passed, what did not, and why.

    A test that is skipped is no success: a browser that does not start skips its own.
    """
    if report.passed and report.when == "call":
        OUTCOMES["passed"].add(report.nodeid)
    elif not report.passed:
        # of several failures of a test the first one counts
        OUTCOMES["failed"].setdefault(report.nodeid, _get_reason(report))


def pytest_collectreport(report):
    if report.failed:
        OUTCOMES["failed"].setdefault(report.nodeid, _get_reason(report))


def _get_reason(report):
    if report.skipped:
        return "skipped"
    crash = getattr(report.longrepr, "reprcrash", None)
    lines = (crash.message if crash else str(report.longrepr)).strip().splitlines()
    return lines[0] if crash or not lines else lines[-1]


def pytest_sessionfinish(session):
    failed = OUTCOMES["failed"]
    if failed and not session.exitstatus:
        session.exitstatus = 1
    if path := os.environ.get("DEVENV_REPORT"):
        passed = sorted(OUTCOMES["passed"] - failed.keys())
        Path(path).write_text(json.dumps([passed, failed]))
