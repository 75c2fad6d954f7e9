from pathlib import Path

import pytest_odoo

import odoo.addons


def pytest_configure(config):
    """Tests of pure modules need no database: ``-p no:odoo`` runs them without one."""
    if not config.pluginmanager.hasplugin("odoo"):
        odoo.addons.__path__.append(str(Path(__file__).parent))
        pytest_odoo.support_subtest()
        pytest_odoo.disable_odoo_test_retry()
        pytest_odoo.monkey_patch_resolve_pkg_root_and_module_name()


def pytest_sessionfinish(session):
    """A browser that does not start skips its tests: that is no success."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter.stats.get("skipped") and not session.exitstatus:
        session.exitstatus = 1
