"""The virtual environment and the OCA addons, from hash-pinned lock files."""

import shutil
import subprocess
import sys
from pathlib import Path

from common import (
    REQUIREMENTS,
    VENV,
    apt_install,
    die,
    digest,
    empty_folder,
    is_current,
    mark_current,
    run,
    say,
)

NO_DOWNLOAD = (
    "the Python packages could not be downloaded or installed; check the network"
    " and pip's own configuration."
)


def check_version():
    if not (3, 10) <= sys.version_info[:2] <= (3, 13):
        die(
            f"Odoo 19 needs Python 3.10 to 3.13 and this is {sys.version.split()[0]};"
            " name another one in the environment variable PYTHON."
        )


def ensure_venv():
    lock = REQUIREMENTS / "dev.txt"
    key = digest(lock, sys.version, str(VENV))
    if is_current("venv", key):
        return
    try:
        import ensurepip  # noqa: F401, PLC0415
    except ImportError:
        apt_install("python3-venv", "Python's venv module is missing")
    say("Installing Python packages")
    shutil.rmtree(VENV, ignore_errors=True)
    run(
        [sys.executable, "-m", "venv", VENV], "the virtual environment was not created."
    )
    run(
        [
            *(VENV / "bin/pip", "install", "--require-hashes", "--no-deps"),
            *("--only-binary", ":all:", "-r", lock),
        ],
        NO_DOWNLOAD,
    )
    mark_current("venv", key)


def link_odoo(odoo_home):
    """Make ``import odoo`` work in the virtual environment."""
    purelib = subprocess.run(
        [
            str(VENV / "bin/python"),
            "-c",
            "import sysconfig; print(sysconfig.get_path('purelib'), end='')",
        ],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    ).stdout
    pth = Path(purelib, "odoo_source.pth")
    if not pth.exists() or pth.read_text() != f"{odoo_home}\n":
        written = pth.with_suffix(".new")
        written.write_text(f"{odoo_home}\n")
        written.replace(pth)


def ensure_oca(folder):
    """Unpack OCA addons; pip must not look for a distribution ``odoo``."""
    lock = REQUIREMENTS / f"{folder.name}.txt"
    key = digest(lock, str(folder))
    if is_current(folder.name, key):
        return
    say("Installing OCA addons")
    empty_folder(folder)
    run(
        [
            *(VENV / "bin/pip", "install", "--require-hashes", "--no-deps"),
            *("--target", folder, "-r", lock),
        ],
        NO_DOWNLOAD,
    )
    mark_current(folder.name, key)
