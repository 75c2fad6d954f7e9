import ast
import re
import runpy
from pathlib import Path

from odoo.tests import TransactionCase, tagged

HOURS = re.compile(
    r"hours|unit_amount|duration|overtime|qty_delivered$|qty_to_invoice$"
    r"|billing_step|billing_minimum"
)
IN_TEMPLATES = re.compile(r"unit_amount|hours|duration")
WIDGETS = ("float_time", "timesheet_uom")
ADDONS = Path(__file__).parents[2]


def get_ours():
    return {
        manifest.parent.name
        for manifest in ADDONS.glob("*/__manifest__.py")
        if manifest.parent.name.startswith(("helpdesk_track_bill", "sale_timesheet_"))
    }


def get_answers(table):
    """What each addon answers about its places: ``{addon: answers}``.

    Tables are FIELDS of views, TEMPLATES of portal and paper, and CODE that reads the
    column of hours worked itself. Hours that are agreed beforehand, and numbers of
    days, are neither worked nor billed.
    """
    return {
        addon: runpy.run_path(str(file)).get(table, {})
        for addon in get_ours()
        if (file := ADDONS / addon / "tests/places.py").exists()
    }


@tagged("post_install", "-at_install")
class TestPlaces(TransactionCase):
    """W1: each place that shows or sums hours says whether they are worked or billed.

    Who adds a place writes its answer in ``tests/places.py`` of its addon. All other
    code asks ``_read_hours`` and ``_get_hours``, which say it by their argument.
    """

    def _get_addons(self):
        return get_ours() | {
            "hr_timesheet",
            "hr_timesheet_time_control",
            "sale_timesheet",
        }

    def _is_of_hours(self, field, node):
        return field.type in ("float", "integer") and (
            HOURS.search(field.name) or node.get("widget") in WIDGETS
        )

    def _find_fields(self, node, model, addons):
        """Fields of hours in a view that the addons bring or use: (model, field)."""
        for child in node:
            if child.tag == "field":
                field = self.env[model]._fields.get(child.get("name"))
                if field is None:
                    continue
                if self._is_of_hours(field, child) and (
                    field.name.startswith("unit_amount")
                    or not addons.isdisjoint(field._modules)
                ):
                    yield model, field.name
                if field.comodel_name:
                    yield from self._find_fields(child, field.comodel_name, addons)
            elif isinstance(child.tag, str):
                yield from self._find_fields(child, model, addons)

    def test_W1_every_figure_of_a_view_has_its_answer(self):
        addons = self._get_addons()
        views = self.env["ir.ui.view"].search(
            [("type", "!=", "qweb"), ("inherit_id", "=", False)]
        )
        found = {
            place
            for view in views
            if view.model in self.env
            for place in self._find_fields(
                view._get_combined_arch(), view.model, addons
            )
        }
        self.assertIn(("account.analytic.line", "unit_amount_rounded"), found)
        answered = {
            (model, name)
            for answers in get_answers("FIELDS").values()
            for model, names in answers.items()
            for name in names
        }
        self.assertFalse(found - answered)

    def test_W1_every_figure_of_the_portal_has_its_answer(self):
        addons = self._get_addons()
        found = {
            template.xml_id
            for template in self.env["ir.ui.view"].search([("type", "=", "qweb")])
            if template.xml_id.split(".")[0] in addons
            and IN_TEMPLATES.search(template.arch_db)
        }
        self.assertIn("helpdesk_track_bill.portal_ticket_time", found)
        self.assertFalse(found.difference(*get_answers("TEMPLATES").values()))

    def test_W1_all_code_says_which_hours_it_reads(self):
        found = {}
        for addon in get_ours():
            for file in sorted((ADDONS / addon).rglob("*.py")):
                if {"tests", "migrations"}.isdisjoint(file.relative_to(ADDONS).parts):
                    for function in ast.walk(ast.parse(file.read_text())):
                        if isinstance(function, ast.FunctionDef) and any(
                            self._reads_column(node)
                            for statement in function.body
                            for node in ast.walk(statement)
                        ):
                            found.setdefault(addon, set()).add(function.name)
        answers = get_answers("CODE")
        for addon, names in found.items():
            with self.subTest(addon=addon):
                self.assertFalse(names.difference(answers.get(addon, ())))

    def _reads_column(self, node):
        if isinstance(node, ast.Constant):
            value = node.value
            return isinstance(value, str) and re.search(r"\bunit_amount\b", value)
        return isinstance(node, ast.Attribute) and node.attr == "unit_amount"
