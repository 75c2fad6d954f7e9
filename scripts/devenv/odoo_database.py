"""A database with Odoo in it, and what can be done to it from outside."""

import hashlib
import subprocess
from contextlib import contextmanager

import psycopg2

from addons import ADDON
from odoo_server import ODOO, get_environment

# A customer bought prepaid hours; {hours} is to be filled in
PREPAID_ORDER = """
customer = env["res.partner"].create({{"name": "Customer", "is_company": True}})
product = env["product.product"].create({{
    "name": "Hours",
    "type": "service",
    "service_policy": "ordered_prepaid",
    "uom_id": env.ref("uom.product_uom_hour").id,
}})
order = env["sale.order"].create({{
    "partner_id": customer.id,
    "order_line": [(0, 0, {{"product_id": product.id, "product_uom_qty": {hours}}})],
}})
order.action_confirm()
"""

# What invoices need where no chart of accounts is installed; of `customer` and `env`
ACCOUNTING = """
env["account.journal"].create({"name": "Sales", "code": "S1", "type": "sale"})
income = env["account.account"].create({
    "name": "Income", "code": "400999", "account_type": "income",
})
env["product.category"].search([]).property_account_income_categ_id = income
env["product.product"].search([]).property_account_income_id = income
receivable = env["account.account"].create({
    "name": "Receivable", "code": "100999", "account_type": "asset_receivable",
    "reconcile": True,
})
customer.property_account_receivable_id = receivable
env.company.account_sale_tax_id = False
"""


class Database:
    """A database of one test."""

    def __init__(self, name, options=(), **connection):
        """
        :param options: options for Odoo's command line
        :param connection: where the database is, if not on the environment's server
        """
        self.name = name
        self.options = options
        self.connection = connection

    def odoo(self, *arguments, script=None, **addons_path):
        """Run Odoo's command line; return what it printed.

        :param addons_path: see `odoo_server.write_configuration`
        """
        done = subprocess.run(
            [*ODOO, *arguments, *self.options],
            input=script,
            capture_output=True,
            text=True,
            check=False,
            env=get_environment(**addons_path),
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def load(self, option, *modules, **options):
        """Install (-i) or update (-u) addons, ours if none are named."""
        self.odoo(
            *("-d", self.name, option, ",".join(modules or [ADDON])),
            *("--stop-after-init", "--no-http"),
            **options,
        )

    def run(self, script, **options):
        """Run Python in Odoo's shell and commit; an error fails the test."""
        output = self.odoo(
            *("shell", "-d", self.name, "--no-http", "--log-level=error"),
            **options,
            script=f"{script}\nenv.cr.commit()\nprint('completed')\n",
        )
        assert output.endswith("completed\n"), output

    @contextmanager
    def connect(self):
        """A connection of psycopg2, committed and closed at the end."""
        connection = psycopg2.connect(dbname=self.name, **self.connection)
        try:
            with connection:
                yield connection
        finally:
            connection.close()

    def query(self, statement):
        with self.connect() as connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def fingerprint(self, table, columns="*"):
        """A digest of a table's rows."""
        rows = self.query(f"SELECT {columns} FROM {table} ORDER BY id")
        return hashlib.sha256(repr(rows).encode()).hexdigest()
