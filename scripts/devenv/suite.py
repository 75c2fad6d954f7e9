"""The tests: one run of pytest, or all of them, as many at once as there are cores."""

import json
import os
import subprocess
import sys
import time

import addons
from common import DEV, ROOT, say
from odoo_server import call, get_environment, prepare_compat, prepare_test

INSIDE = ROOT / "scripts/devenv/inside.py"
# where a run says what became of its tests, see conftest.py
REPORT = "DEVENV_REPORT"
OUTSIDE = "tests"
LIFECYCLE = f"{OUTSIDE}/test_lifecycle.py"
CONCURRENCY = f"{OUTSIDE}/test_concurrency.py"
# Runs that do not disturb each other, the longest first: the command and what it is
# given. The first two make their databases meanwhile, which the others use.
RUNS = {
    "beside OCA's other addons": ["compat"],
    "with core and OCA's three": ["inside"],
    "from outside: lifecycle": ["outside", LIFECYCLE],
    "from outside: concurrency": ["outside", CONCURRENCY],
    "from outside": ["outside", f"--ignore={LIFECYCLE}", f"--ignore={CONCURRENCY}"],
}
RUNS_AT_ONCE = 2


# ---------------------------------------------------------------------------
# one run
# ---------------------------------------------------------------------------
def run_pytest(*arguments, paths=(), database=None, compat=False):
    """Run pytest.

    :param paths: what is tested where no argument names anything
    :param database: the database that the tests run in, if they run inside Odoo
    :param bool compat: beside OCA's other addons
    """
    if database:
        plugin = [f"--odoo-database={database}", "--odoo-http"]
        plugin.append("--odoo-extra=max-cron-threads=0")
    else:
        plugin = ["-p", "no:odoo"]
    return call(
        [
            *(sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml")),
            *(f"--rootdir={ROOT}", "-o", f"testpaths={' '.join(paths)}"),
            *(*plugin, *arguments),
        ],
        env=get_environment(compat=compat),
    )


def _get_paths(names):
    folders = [folder for name in names for folder in addons.OURS[name].tests]
    return [str(folder.relative_to(ROOT)) for folder in folders]


def pytest(*arguments):
    """What `inside` and `outside` test."""
    paths = [*_get_paths(addons.get_ours()), OUTSIDE]
    return run_pytest(*arguments, paths=paths, database=prepare_test())


def inside(*arguments):
    """The tests of the addon and of what is installed with it."""
    paths = _get_paths(addons.get_ours())
    return run_pytest(*arguments, paths=paths, database=prepare_test())


def compat(*arguments):
    """The tests of all addons, beside all that they are made for.

    Screens of those that are tested without are walked and checked there alone.
    """
    screens = [
        f"--deselect={path}/{name}"
        for path in _get_paths(addons.get_ours())
        for name in ("test_tours.py", "test_accessibility.py")
    ]
    return run_pytest(
        *screens,
        *arguments,
        paths=_get_paths(addons.get_ours(compat=True)),
        database=prepare_compat(),
        compat=True,
    )


def outside(*arguments):
    """Tests that look at Odoo from outside, and make the databases that they need."""
    return run_pytest(*arguments, paths=[OUTSIDE])


# ---------------------------------------------------------------------------
# all of them
# ---------------------------------------------------------------------------
class Run:
    """One of the runs of the whole suite, in a process of its own."""

    def __init__(self, title, command):
        name = title.replace("'", "").replace(":", "").replace(" ", "-")
        self.title = title
        self.log = DEV / "log" / f"test-{name}.log"
        self.report = self.log.with_suffix(".json")
        self.report.unlink(missing_ok=True)
        self.log.parent.mkdir(exist_ok=True)
        self.start = time.monotonic()
        say(f"Testing {title}")
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(INSIDE), *command],
                env={**os.environ, REPORT: str(self.report)},
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def finish(self):
        """Print what it printed.

        :returns: the names of the tests that passed, and a line for each that did not
        """
        print(self.log.read_text(), end="", flush=True)
        say(f"Tested {self.title} in {time.monotonic() - self.start:.0f} s")
        passed, failed = [], {}
        if self.report.exists():
            passed, failed = json.loads(self.report.read_text())
        if self.process.returncode and not failed:
            failed = {"the run itself": f"exit status {self.process.returncode}"}
        return passed, [
            f"FAILED {self.title}: {name} - {reason}" for name, reason in failed.items()
        ]


def test():
    """Everything, whatever fails; what failed is listed at the end."""
    os.chdir(ROOT)
    waiting = list(RUNS.items())
    running, passed, failed = [], [], []
    try:
        while waiting or running:
            while waiting and len(running) < RUNS_AT_ONCE:
                running.append(Run(*waiting.pop(0)))
            time.sleep(0.2)
            for run in [run for run in running if run.process.poll() is not None]:
                running.remove(run)
                more_passed, more_failed = run.finish()
                passed += more_passed
                failed += more_failed
    finally:
        for run in running:
            run.process.terminate()
        for run in running:
            run.process.wait()
    for line in failed:
        print(line)
    print(f"{len(passed)} passed, {len(failed)} failed", flush=True)
    return 1 if failed else 0
