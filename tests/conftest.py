"""Databases to install the addon in, and Odoo to run on them."""

import hashlib
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest

sys.path.append(str(Path(__file__).parents[1] / "scripts/devenv"))
import inside


class Database:
    """A database of one test, and what can be done to it from outside."""

    def __init__(self, name):
        self.name = name

    def odoo(self, *arguments, script=None):
        """Run Odoo's command line; return what it printed."""
        done = subprocess.run(
            [*inside.ODOO, *arguments],
            input=script,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def load(self, option):
        """Install (-i) or update (-u) the addon."""
        self.odoo(
            *("-d", self.name, option, inside.ADDON, "--stop-after-init", "--no-http")
        )

    def run(self, script):
        """Run Python in Odoo's shell and commit; an error fails the test."""
        output = self.odoo(
            *("shell", "-d", self.name, "--no-http", "--log-level=error"),
            script=f"{script}\nenv.cr.commit()\nprint('completed')\n",
        )
        assert output.endswith("completed\n"), output

    def query(self, statement):
        connection = psycopg2.connect(dbname=self.name)
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(statement)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def fingerprint(self, table, columns="*"):
        """A digest of a table's rows."""
        rows = self.query(f"SELECT {columns} FROM {table} ORDER BY id")
        return hashlib.sha256(repr(rows).encode()).hexdigest()


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
