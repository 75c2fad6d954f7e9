"""What an Odoo elsewhere is given: a wheel for each addon and a ZIP of all."""

import os
import sys
import zipfile
from pathlib import PurePosixPath

import addons
from addons import ADDON
from common import ROOT, empty_folder, run

# where a wheel has its addon
INSIDE_A_WHEEL = PurePosixPath("odoo/addons")


def dist():
    for path in build(ROOT / "dist"):
        print(path.relative_to(ROOT))


def build(folder):
    """Write the wheels and the ZIP into a folder of their own, and return their paths.

    Nothing is downloaded: what builds them is in the environment.
    """
    empty_folder(folder)
    run(
        [
            *(sys.executable, "-m", "pip", "wheel", "--quiet", "--wheel-dir", folder),
            *("--no-build-isolation", "--no-deps", "--no-index"),
            *(addon.path for addon in addons.OURS.values()),
        ],
        "the wheels could not be built.",
        # the version of the manifest alone, whatever was committed since
        env={**os.environ, "WHOOL_POST_VERSION_STRATEGY_OVERRIDE": "none"},
    )
    wheels = sorted(folder.glob("*.whl"))
    return [*wheels, _zip(folder / f"{ADDON}.zip", wheels)]


def _zip(path, wheels):
    """Write the addons of wheels as folders of an addons path."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for wheel in wheels:
            with zipfile.ZipFile(wheel) as source:
                for entry in source.infolist():
                    name = PurePosixPath(entry.filename)
                    if name.is_relative_to(INSIDE_A_WHEEL):
                        content = source.read(entry)
                        entry.filename = str(name.relative_to(INSIDE_A_WHEEL))
                        target.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return path
