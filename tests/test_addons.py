"""What the manifests say of our addons is what Odoo makes of them."""

import re

import yaml

import database
from addons import ADDON, OURS, get_foundation, get_ours
from common import ROOT
from odoo_server import prepare_base, prepare_compat, prepare_test


def get_installed(name):
    return sorted(database.get_installed(name) & OURS.keys())


def test_addon_is_tested_with_what_installs_itself_along_with_it():
    assert ADDON in get_ours()
    assert get_installed(prepare_test()) == get_ours()


def test_all_addons_are_tested_beside_what_they_are_made_for():
    assert get_ours(compat=True) == list(OURS)
    assert get_installed(prepare_compat()) == list(OURS)


def test_foundation_is_what_others_bring():
    assert not get_installed(prepare_base())
    assert not OURS.keys() & set(get_foundation())


def test_every_addon_is_checked_before_it_is_committed():
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    patterns = {
        hook["id"]: re.compile(hook["files"])
        for repository in hooks["repos"]
        for hook in repository["hooks"]
        if "files" in hook
    }
    folders = {path.name for path in ROOT.iterdir() if path.is_dir()}
    for hook in ("pylint-odoo", "odoo-pre-commit-hooks"):
        checked = {
            folder for folder in folders if patterns[hook].match(f"{folder}/file.py")
        }
        assert checked == OURS.keys()
    for name in OURS:
        assert patterns["po-check"].match(f"{name}/i18n/ro.po")
