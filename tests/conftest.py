"""Fixtures of the tests that look at Odoo from outside."""

import re
from contextlib import contextmanager

import pytest

import database
from odoo_database import Database
from odoo_server import prepare_base


@contextmanager
def copied(template, name):
    """A copy of a database, for a while."""
    # PostgreSQL's names are short, and their ends tell them apart
    copy = Database(re.sub(r"\W+", "_", name)[-63:])
    database.copy(template, copy.name)
    try:
        yield copy
    finally:
        database.drop(copy.name)


@pytest.fixture(name="database")
def base_database(request):
    """A database with everything that the addon is built on, but without it."""
    with copied(prepare_base(), request.node.name) as copy:
        yield copy
