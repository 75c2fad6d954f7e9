"""Odoo 19: the tree named by ODOO_HOME, or Debian's package unpacked in .dev."""

import os
import shutil
import subprocess
from pathlib import Path

from common import (
    DEV,
    NODE,
    ODOO,
    die,
    digest,
    empty_folder,
    is_current,
    mark_current,
    run,
    say,
)

PACKAGE = "odoo-19"
# What Odoo's package links to, from Debian 12 where it has it: the web client
# needs font-awesome 4.7, and later releases moved some of the fonts.
COMPANION_SUITE = "bookworm"
COMPANIONS = (
    "fonts-font-awesome",
    "fonts-inconsolata",
    "fonts-montserrat",
    "fonts-ocr-b",
    "fonts-roboto-unhinted",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
)
SUITES = ("stable", "testing", "unstable")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
REMEDY = "set ODOO_HOME to an Odoo 19 Community source tree."
SELFIE = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


def ensure_odoo():
    """Return the folder that holds the ``odoo`` package."""
    if os.environ.get("ODOO_HOME"):
        home = Path(os.environ["ODOO_HOME"]).expanduser().resolve()
        release = home / "odoo/release.py"
        if not release.exists() or "version_info = (19," not in release.read_text():
            die(f"ODOO_HOME names {home}, which is not an Odoo 19 source tree.")
        return home
    home = ODOO / "usr/lib/python3/dist-packages"
    key = digest(Path(__file__), str(ODOO))
    if not is_current("odoo", key):
        _unpack()
        _restore_stripped_file(home)
        _check_links(home)
        mark_current("odoo", key)
    return home


def addons_folders(home):
    """Odoo's own addons folders: one in Debian's package, two in the sources."""
    if (home / "odoo/addons/web").is_dir():
        # Debian's other folder, addons, holds the same modules without their data
        return [home / "odoo/addons"]
    return [home / "addons", home / "odoo/addons"]


def _mirrors():
    """The places that this machine is configured to get Debian from."""
    codename = ""
    for line in Path("/etc/os-release").read_text().splitlines():
        name, _sep, value = line.partition("=")
        if name == "VERSION_CODENAME":
            codename = value.strip('"')
    targets = run(
        [
            *("apt-get", "indextargets", "--format"),
            *("$(REPO_URI)|$(RELEASE)", "--no-release-info", "Created-By: Packages"),
        ],
        f"apt-get is missing, so Odoo 19 cannot be fetched from Debian; {REMEDY}",
    )
    found = [target.split("|") for target in targets.splitlines()]
    return list(dict.fromkeys(u for u, r in found if r in (codename, *SUITES)))


def _unpack():
    apt = empty_folder(DEV / "apt")
    for folder in ("state/lists/partial", "cache/archives/partial", "sources", "debs"):
        (apt / folder).mkdir(parents=True)
    options = {
        "Dir::State": apt / "state",
        "Dir::State::status": "/dev/null",
        "Dir::Cache": apt / "cache",
        "Dir::Etc::sourcelist": "/dev/null",
        "Dir::Etc::sourceparts": apt / "sources",
        # the machine's pins are for the machine
        "Dir::Etc::preferences": "/dev/null",
        "Dir::Etc::preferencesparts": "/dev/null",
        "Acquire::Languages": "none",
        # as root, apt would download as a user who cannot enter this folder
        "APT::Sandbox::User": "root",
    }
    private = [f"-o{name}={value}" for name, value in options.items()]

    keyring = f"Signed-By: {KEYRING}\n" if KEYRING.exists() else ""

    def write_source(uri, suite):
        (apt / f"sources/{suite}.sources").write_text(
            f"Types: deb\nURIs: {uri}\nSuites: {suite}\nComponents: main\n{keyring}"
        )

    update = ["apt-get", *private, "-q", "update", "--error-on=any"]
    say("Fetching Odoo 19 from Debian")
    for mirror in _mirrors():
        # third parties name their suites like Debian's
        write_source(mirror, COMPANION_SUITE)
        if subprocess.run(update, capture_output=True, check=False).returncode == 0:
            break
    else:
        die(f"no Debian mirror of this machine answers: check the network or {REMEDY}")
    for suite in SUITES:
        write_source(mirror, suite)
        run(update, f"Debian's package lists cannot be fetched: {REMEDY}")
        if run(["apt-cache", *private, "madison", PACKAGE], REMEDY):
            break
    else:
        die(f"Debian has no package {PACKAGE}; {REMEDY}")
    companions = [
        f"{package}/{COMPANION_SUITE}"
        if f"{COMPANION_SUITE}/main"
        in run(["apt-cache", *private, "madison", package], REMEDY)
        else package
        for package in COMPANIONS
    ]
    run(
        ["apt-get", *private, "-q", "download", PACKAGE, *companions],
        f"Debian's package {PACKAGE} could not be downloaded; {REMEDY}",
        cwd=apt / "debs",
    )
    say("Unpacking Odoo 19")
    empty_folder(ODOO)
    for deb in sorted((apt / "debs").iterdir()):
        run(["dpkg-deb", "-x", deb, ODOO], f"{deb.name} could not be unpacked.")
    shutil.rmtree(apt)


def _restore_stripped_file(home):
    """Debian strips one minified library that every backend page loads."""
    target = home / "odoo/addons" / SELFIE
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(
            NODE / "node_modules/@mediapipe/selfie_segmentation/selfie_segmentation.js",
            target,
        )


def _check_links(home):
    dangling = [
        path
        for path in home.rglob("*")
        if path.is_symlink() and not path.resolve().exists()
    ]
    if dangling:
        die(
            f"Debian's package {PACKAGE} links to files that are missing, such as"
            f" {dangling[0].name}; {REMEDY}"
        )
