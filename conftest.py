def pytest_sessionfinish(session):
    """A browser that does not start skips its tests: that is no success."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter.stats.get("skipped") and not session.exitstatus:
        session.exitstatus = 1
