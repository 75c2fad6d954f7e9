"""The commands that run inside the development environment's Python."""

import importlib
import os
import signal
import sys
from typing import NamedTuple

from common import DEV


class Command(NamedTuple):
    """Where a command is, and what it needs that not every one does."""

    # the module that holds a function of the command's name
    module: str
    compat: bool = False
    chromium: bool = False


COMMANDS = {
    "compat": Command("suite", compat=True, chromium=True),
    "demo": Command("demo"),
    "dist": Command("dist"),
    "inside": Command("suite", compat=True, chromium=True),
    "i18n": Command("translations", compat=True),
    "lock": Command("lock"),
    "odoo": Command("odoo_server"),
    "outside": Command("suite", compat=True, chromium=True),
    "pytest": Command("suite", compat=True, chromium=True),
    "run": Command("odoo_server"),
    "screenshots": Command("pictures", chromium=True),
    "test": Command("suite", compat=True, chromium=True),
    "upstream": Command("upstream", chromium=True),
}


def main():
    import database  # noqa: PLC0415
    import odoo_server  # noqa: PLC0415

    command, *arguments = sys.argv[1:]
    (DEV / "screenshots").mkdir(exist_ok=True)
    # leave in order, so that the database server stops
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))
    database.use_server()
    os.environ["ODOO_RC"] = str(odoo_server.write_configuration())
    module = importlib.import_module(COMMANDS[command].module)
    try:
        sys.exit(getattr(module, command)(*arguments))
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
