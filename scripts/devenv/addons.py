"""The addons of this repository, and those that they are built on, by their manifests.

Standard library only: also what runs outside the development environment reads it.
"""

import ast
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from common import OCA, OCA_COMPAT, ROOT

# the addon that the others are about, whose databases carry its name
ADDON = "helpdesk_track_bill"


@dataclass(frozen=True)
class Addon:
    """What the manifest in an addon's folder says."""

    path: Path
    depends: frozenset
    # the addons beside which it installs itself; None for those that do not
    beside: frozenset | None

    @property
    def name(self):
        return self.path.name

    @property
    def tests(self):
        """The folder with its tests, if it has any."""
        return [self.path / "tests"] if (self.path / "tests").is_dir() else []

    @property
    def tours(self):
        """The scripts with its browser tours."""
        return sorted((self.path / "static/tests/tours").glob("*.js"))

    @property
    def template(self):
        """Its translation template; an addon without texts has none."""
        return self.path / "i18n" / f"{self.name}.pot"


@cache
def read(folder):
    """The addons of a folder, by name.

    :rtype: dict[str, Addon]
    """
    return {
        manifest.parent.name: _parse(manifest)
        for manifest in sorted(Path(folder).glob("*/__manifest__.py"))
    }


def _parse(manifest):
    values = ast.literal_eval(manifest.read_text())
    depends = frozenset(values.get("depends", ["base"]))
    # those of a country install themselves for companies of it alone
    beside = not values.get("countries") and values.get("auto_install", False)
    if isinstance(beside, bool):
        beside = depends if beside else None
    else:
        beside = frozenset(beside)
    return Addon(manifest.parent, depends, beside)


OURS = read(ROOT)


def get_known(*, compat):
    """Every addon that an Odoo of the development environment finds, by name.

    :param bool compat: whether OCA's addons of oca-compat.txt are beside
    """
    folders = [OCA / "odoo/addons", *os.environ["DEVENV_ODOO_ADDONS"].split(",")]
    if compat:
        folders.append(OCA_COMPAT / "odoo/addons")
    known = dict(OURS)
    for folder in folders:
        known = {**read(folder), **known}
    return known


def get_installed(names, *, compat=False):
    """What Odoo installs when it installs these addons, by the manifests alone.

    :param names: names of addons
    :param bool compat: see `get_known`
    :returns: names of addons, those that install themselves among them
    :rtype: set[str]
    """
    known = get_known(compat=compat)
    installed = set()
    missing = [*names, "base"]
    while missing:
        for name in missing:
            _add(name, known, installed)
        missing = [
            name
            for name, addon in known.items()
            if name not in installed
            and addon.beside is not None
            and addon.beside <= installed
        ]
    return installed


def _add(name, known, installed):
    if name not in installed:
        installed.add(name)
        for other in known[name].depends:
            _add(other, known, installed)


def get_foundation():
    """What the addon needs from others, as names of addons.

    That is what our addons depend on that are installed with it.
    """
    depends = set().union(*(OURS[name].depends for name in get_ours()))
    return sorted(depends - OURS.keys())


def get_ours(*, compat=False):
    """The names of our addons that are installed with the addon.

    :param bool compat: with all addons that ours are made for, where all ours are
    """
    names = sorted(OURS) if compat else [ADDON]
    return [
        name for name in sorted(get_installed(names, compat=compat)) if name in OURS
    ]
