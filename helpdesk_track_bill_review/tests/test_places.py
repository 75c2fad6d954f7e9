import ast
import re
from pathlib import Path

from odoo.tests import TransactionCase, tagged

WORKED, BILLED = "worked", "billed"
# neither: agreed beforehand, or a number of days
AGREED = "agreed"

# What figures are on the screens: fields of hours in views, by model.
FIELDS = {
    "account.analytic.line": {
        "unit_amount": WORKED,
        "unit_amount_rounded": BILLED,
    },
    "account.move": {"timesheet_total_duration": WORKED},
    "helpdesk.ticket": {
        "billed_hours": BILLED,
        "hours_of_colleagues": WORKED,
        "hours_on_other_items": BILLED,
        "planned_hours": AGREED,
        "prepaid_hours_usable": BILLED,
        "remaining_hours": WORKED,
        "remaining_hours_so": BILLED,
        "total_hours": WORKED,
    },
    "helpdesk.ticket.team": {"week_hours": WORKED},
    "helpdesk.time.decision": {"hours": BILLED},
    "helpdesk.time.terms": {"hours_after": BILLED, "hours_before": BILLED},
    "helpdesk.time.terms.line": {"hours_after": BILLED, "hours_before": BILLED},
    "helpdesk.timer.stop": {"hours": WORKED},
    "hr.timesheet.switch": {
        "running_timer_duration": WORKED,
        "running_timer_hours": WORKED,
    },
    "prepaid.hours.alert.rule": {"limit_hours": AGREED},
    "prepaid.hours.redraw.line": {"hours_after": BILLED, "hours_before": BILLED},
    "product.template": {"billing_minimum": AGREED, "billing_step": AGREED},
    "project.project": {
        "allocated_hours": AGREED,
        "effective_hours": WORKED,
        "remaining_hours": WORKED,
    },
    "project.task": {
        "allocated_hours": AGREED,
        "effective_hours": WORKED,
        "overtime": WORKED,
        "remaining_hours": WORKED,
        "remaining_hours_so": BILLED,
        "subtask_effective_hours": WORKED,
        "total_hours_spent": WORKED,
    },
    "project.time.type": {"billing_minimum": AGREED},
    "report.project.task.user": {
        "allocated_hours": AGREED,
        "effective_hours": WORKED,
        "overtime": WORKED,
        "remaining_hours": WORKED,
        "remaining_hours_percentage": WORKED,
        "remaining_hours_so": BILLED,
    },
    "res.config.settings": {"hours_closing_days": AGREED},
    "res.partner": {"prepaid_hours_left": BILLED},
    "sale.order": {"hours_to_cover": BILLED, "timesheet_total_duration": WORKED},
    "sale.order.line": {
        "billing_minimum": AGREED,
        "billing_step": AGREED,
        "hours_carry_over_cap": AGREED,
        "hours_usable": BILLED,
        "qty_delivered": BILLED,
        "qty_to_invoice": BILLED,
        "remaining_hours": BILLED,
    },
    "sale.order.line.hours.adjust": {"hours": BILLED},
    "sale.order.line.hours.period": {
        "hours_adjusted": BILLED,
        "hours_carried_in": BILLED,
        "hours_carried_on": BILLED,
        "hours_expired": BILLED,
        "hours_granted": AGREED,
        "hours_left": BILLED,
        "hours_likely_expired": BILLED,
        "hours_used": BILLED,
    },
    "timesheets.analysis.report": {
        "billable_time": WORKED,
        "non_billable_time": WORKED,
        "unit_amount": WORKED,
        "unit_amount_rounded": BILLED,
    },
}
# What figures are in the portal and on paper.
TEMPLATES = {
    "helpdesk_track_bill.portal_hours": {WORKED, BILLED},
    "helpdesk_track_bill.portal_hours_left": {BILLED},
    "helpdesk_track_bill.portal_ticket_list": {WORKED},
    "helpdesk_track_bill.portal_ticket_time": {BILLED},
    "helpdesk_track_bill_alert.portal_breadcrumbs": {AGREED},
    "helpdesk_track_bill_alert.portal_hours_to_order": {BILLED},
    "helpdesk_track_bill_alert.portal_my_home": {BILLED},
    "helpdesk_track_bill_review.portal_my_timesheets": {BILLED},
    "helpdesk_track_bill_review.portal_ticket_list": {WORKED},
    "helpdesk_track_bill_review.portal_ticket_time": {WORKED},
    "hr_timesheet.portal_my_task": {AGREED},
    "hr_timesheet.portal_my_task_allocated_hours_template": {AGREED},
    "hr_timesheet.portal_my_timesheets": {WORKED},
    "hr_timesheet.portal_tasks_list_inherit": {WORKED},
    "hr_timesheet.portal_timesheet_table": {WORKED},
    "hr_timesheet.timesheet_table": {WORKED},
    "sale_timesheet.portal_my_timesheets_inherit": {BILLED},
    "sale_timesheet.portal_timesheet_table_inherit": {BILLED},
}
# What our code does with the column of hours worked itself. All other code asks
# _read_hours and _get_hours, which say which hours they are by their argument.
COLUMN = {
    "helpdesk_track_bill": {"_adopt_hours": WORKED},
    "helpdesk_track_bill_prepaid": {"_prepare_part_hours": BILLED},
    "helpdesk_track_bill_review": {
        "_get_amount_by_terms": WORKED,
        "_select": WORKED,
        "action_approve": WORKED,
        "pre_init_hook": WORKED,
    },
    "helpdesk_track_bill_review_prepaid": {
        "_apply_terms": WORKED,
        "_prepare_part_hours": WORKED,
    },
    "helpdesk_track_bill_timer": {
        "_domain_timer_running": WORKED,
        "_is_timer_running": WORKED,
        "_stop_timer": WORKED,
        "_timesheet_get_portal_domain": WORKED,
        "post_init_hook": WORKED,
    },
    "sale_timesheet_books": {
        "_get_fields_of_invoice": WORKED,
        "_get_hours_field": WORKED,
    },
}

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


@tagged("post_install", "-at_install")
class TestPlaces(TransactionCase):
    """W1: each place that shows or sums hours says whether they are worked or billed.

    Who adds a place writes its answer above.
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
        answered = {(model, name) for model in FIELDS for name in FIELDS[model]}
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
        self.assertFalse(found - TEMPLATES.keys())

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
        self.assertEqual(
            {
                addon: names - COLUMN.get(addon, {}).keys()
                for addon, names in found.items()
                if names - COLUMN.get(addon, {}).keys()
            },
            {},
        )

    def _reads_column(self, node):
        if isinstance(node, ast.Constant):
            value = node.value
            return isinstance(value, str) and re.search(r"\bunit_amount\b", value)
        return isinstance(node, ast.Attribute) and node.attr == "unit_amount"
