"""The lock files of requirements/."""

import os

from common import REQUIREMENTS
from odoo_server import call


def lock():
    """Renew the lock files from what the inputs ask for."""
    compile_ = ["uv", "pip", "compile", "--generate-hashes", "--no-annotate", "-q"]
    compile_ += ["--custom-compile-command", "make lock", "--python-version", "3.10"]
    for name, options in (
        ("dev", ["--universal", "--override", str(REQUIREMENTS / "overrides.txt")]),
        ("oca", ["--no-deps"]),
        ("oca-compat", ["--no-deps"]),
    ):
        status = call(
            [
                *(*compile_, *options, "--upgrade", str(REQUIREMENTS / f"{name}.in")),
                *("-o", str(REQUIREMENTS / f"{name}.txt")),
            ]
        )
        if status:
            return status
    os.chdir(REQUIREMENTS)
    return call(
        [
            *("npm", "install", "--package-lock-only", "--ignore-scripts"),
            "--omit-lockfile-registry-resolved",
        ]
    )
