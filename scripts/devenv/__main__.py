"""Set up the development environment, then run one command inside it."""

import os
import shutil
import sys

from browser import ensure_chromium
from common import DEV, OCA, OCA_COMPAT, ROOT, VENV, die, exclusive, stop_server
from inside import COMMANDS
from node_env import ensure_node
from odoo_source import addons_folders, ensure_odoo
from python_env import check_version, ensure_oca, ensure_venv, link_odoo

# what needs nothing of the environment, and nothing but it
CLEAN, SETUP = "clean", "setup"


def main():
    command, *arguments = sys.argv[1:] or ["help"]
    names = sorted([*COMMANDS, CLEAN, SETUP])
    if command not in names:
        die(f"unknown command {command!r}, expected one of {', '.join(names)}.")
    if command == CLEAN:
        clean()
        return
    check_version()
    if any(character.isspace() for character in str(DEV)):
        die("PostgreSQL does not start below a path with spaces: clone elsewhere.")
    needs = COMMANDS.get(command)
    with exclusive():
        ensure_venv()
        ensure_node()
        odoo_home = ensure_odoo()
        link_odoo(odoo_home)
        ensure_oca(OCA)
        if needs and needs.compat:
            ensure_oca(OCA_COMPAT)
        if needs and needs.chromium:
            ensure_chromium()
    if command == SETUP:
        return
    environment = {
        **os.environ,
        "HYPOTHESIS_STORAGE_DIRECTORY": str(DEV / "hypothesis"),
        "PRE_COMMIT_HOME": str(DEV / "pre-commit"),
        "DEVENV_NODE_MODULES": str(DEV / "node/node_modules"),
        "DEVENV_ODOO_ADDONS": ",".join(map(str, addons_folders(odoo_home))),
        "PATH": os.pathsep.join(
            [
                str(VENV / "bin"),
                str(DEV / "node/node_modules/.bin"),
                os.environ.get("PATH", os.defpath),
            ]
        ),
    }
    inside = ROOT / "scripts/devenv/inside.py"
    python = str(VENV / "bin/python")
    os.execve(python, [python, str(inside), command, *arguments], environment)


def clean():
    """Stop the database server, if it runs, and remove the environment."""
    stop_server(DEV / "postgres")
    shutil.rmtree(DEV, ignore_errors=True)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
