"""Fixtures of the tests that look at Odoo from outside."""

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "scripts/devenv"))
from databases import Database

import inside


@pytest.fixture
def database(request):
    """A database with everything that the addon is built on, but without it."""
    inside.prepare_database(inside.BASE_DATABASE, modules=inside.BASE, demo=False)
    name = f"{inside.ADDON}_{request.node.name}"[:63]
    copy = Database(name)
    # Odoo's own way: the files of the database come along
    copy.odoo("db", "duplicate", "-f", inside.BASE_DATABASE, name)
    yield copy
    inside.drop_database(name)
