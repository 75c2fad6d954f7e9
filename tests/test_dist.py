"""What `make dist` writes is installed as the README says, beside a bare Odoo."""

import ast
import os
import re
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

import dist
from addons import ADDON, OURS, get_ours
from common import DEV, OCA, ROOT


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    dist.build(folder)
    return folder


def get_version(addon):
    return ast.literal_eval((addon.path / "__manifest__.py").read_text())["version"]


def test_every_addon_has_a_wheel_of_its_version(built):
    assert sorted(path.name for path in built.glob("*.whl")) == sorted(
        f"odoo_addon_{addon.name}-{get_version(addon)}-py3-none-any.whl"
        for addon in OURS.values()
    )


def test_zip_holds_every_file_of_every_addon(built):
    tracked = subprocess.run(
        ["git", "ls-files", *OURS], capture_output=True, check=True, cwd=ROOT, text=True
    )
    files = {
        name
        for name in tracked.stdout.splitlines()
        # it is for the wheel
        if not name.endswith("/pyproject.toml")
    }
    with zipfile.ZipFile(built / f"{ADDON}.zip") as archive:
        assert {entry for entry in archive.namelist() if entry[-1] != "/"} == files


def test_zip_on_an_addons_path(built, database, tmp_path):
    with zipfile.ZipFile(built / f"{ADDON}.zip") as archive:
        archive.extractall(tmp_path)
    database.load("-i", ours=tmp_path)
    assert_installed(database)


def get_requirement():
    """What the README and the administrators' guide tell pip to install."""
    command = re.compile(r"^    pip install --find-links dist (\S+)$", re.MULTILINE)
    found = {
        name
        for page in ("README.md", "docs/administrators.md")
        for name in command.findall((ROOT / page).read_text())
    }
    [requirement] = found
    return requirement


def test_wheels_in_a_virtual_environment(built, database, tmp_path):
    environment = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    python = environment / "bin/python"
    # beside an Odoo that has all it needs: that of this environment, and OCA's three
    purelib = sysconfig.get_path("purelib")
    [odoo_home] = {
        os.path.dirname(os.path.dirname(folder))
        for folder in os.environ["DEVENV_ODOO_ADDONS"].split(",")
        if folder.endswith("/odoo/addons")
    }
    folder = sysconfig.get_path("purelib", vars={"base": str(environment)})
    with open(f"{folder}/beside.pth", "w") as file:
        file.write(f"{purelib}\n{odoo_home}\n{OCA}\n")
    # what Odoo needs itself is not for pip to look for
    metadata = Path(folder, "odoo-19.0.dist-info/METADATA")
    metadata.parent.mkdir()
    metadata.write_text("Metadata-Version: 2.1\nName: odoo\nVersion: 19.0\n")
    subprocess.run(
        [
            *(python, "-m", "pip", "install", "--quiet", "--no-index"),
            *("--find-links", built, get_requirement()),
        ],
        check=True,
        # no other places that the machine has wheels in
        env={**os.environ, "PIP_CONFIG_FILE": os.devnull, "PIP_FIND_LINKS": ""},
    )
    assert sorted(os.listdir(f"{folder}/odoo/addons")) == get_ours()
    done = subprocess.run(
        [
            # without an addons path: Odoo looks for addons where Python does
            *(python, "-I", "-m", "odoo", "-c", os.devnull, "-D", DEV / "data"),
            *("-d", database.name, "-i", ADDON, "--stop-after-init", "--no-http"),
        ],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert_installed(database)


def assert_installed(database):
    """Whether the addon is there, and what is to come along with it."""
    rows = database.query("SELECT name FROM ir_module_module WHERE state = 'installed'")
    assert sorted({name for (name,) in rows} & OURS.keys()) == get_ours()
