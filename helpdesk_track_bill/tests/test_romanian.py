from lxml import etree
from odoo.tests import HttpCase, tagged

from .common import TrackBillCommon

MODULES = [
    "account",
    "base",
    "helpdesk_mgmt",
    "helpdesk_mgmt_project",
    "helpdesk_mgmt_sale",
    "helpdesk_track_bill",
    "helpdesk_track_bill_timer",
    "hr_timesheet",
    "mail",
    "portal",
    "project",
    "sale",
    "sale_management",
    "sale_project",
    "sale_timesheet",
    "web",
]
# the same in both languages
SAME = {"Contact", "ID", "Total", "alias"}
ATTRIBUTES = ("string", "placeholder", "help", "title", "confirm")


@tagged("post_install", "-at_install")
class TestRomanian(HttpCase, TrackBillCommon):
    """The screens of a Romanian agent, manager, salesperson and customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("ro_RO")
        cls.env["ir.module.module"].search(
            [("name", "in", MODULES), ("state", "=", "installed")]
        )._update_translations(["ro_RO"], overwrite=True)
        cls.manager = cls._create_user(
            "manager",
            "helpdesk_mgmt.group_helpdesk_manager,hr_timesheet.group_timesheet_manager,"
            "sales_team.group_sale_manager,project.group_project_manager",
            lang="ro_RO",
        )

    def _get_texts(self, model, kind, lang):
        """What a view says, in its order, labels of its fields included."""
        records = self.env[model].with_user(self.manager).with_context(lang=lang)
        labels = records.fields_get(attributes=["string", "help"])
        texts = []
        for node in self._get_view(records, kind).iter(etree.Element):
            texts += [node.get(name) for name in ATTRIBUTES]
            texts += [node.text, node.tail]
            hidden = {node.get("invisible"), node.get("column_invisible")}
            # a kanban loads these fields and shows none of them
            loaded = node.getparent() is not None and node.getparent().tag == "kanban"
            if node.tag in ("field", "label") and not (
                loaded or hidden & {"1", "True"}
            ):
                # fields of sub-lists are of another model
                field = labels.get(node.get("name") or node.get("for"), {})
                texts += [not node.get("string") and field.get("string")]
                texts += [field.get("help")]
        return [" ".join((text or "").split()) for text in texts]

    def test_screens_have_no_english_word(self):
        for model, kinds in (
            ("helpdesk.ticket", ("form", "list", "kanban", "search")),
            ("helpdesk.ticket.team", ("form", "list", "kanban", "search")),
        ):
            for kind in kinds:
                with self.subTest(model=model, kind=kind):
                    english = self._get_texts(model, kind, "en_US")
                    romanian = self._get_texts(model, kind, "ro_RO")
                    self.assertEqual(len(english), len(romanian))
                    left = {
                        before
                        for before, after in zip(english, romanian, strict=True)
                        if before == after
                        and any(map(str.isalpha, before))
                        and before not in SAME
                    }
                    self.assertFalse(left)

    def test_tours_find_the_labels_of_the_guide(self):
        self.customer.write({"name": "Tour Clinic", "email": "tour@example.com"})
        self.prepaid_product.name = "Tour Prepaid Hours"
        self.agent.lang = "ro_RO"
        self._sell_hours(10)
        self.start_tour(
            "/odoo/action-helpdesk_mgmt.helpdesk_ticket_team_action",
            "track_bill_romanian_team",
            login=self.manager.login,
        )
        self.start_tour(
            f"/odoo/{self.team.id}/action-helpdesk_mgmt"
            ".action_helpdesk_ticket_kanban_from_dashboard/new",
            "track_bill_romanian_prepaid",
            login=self.agent.login,
        )
        item = self._sell(self.post_paid_product, 1)
        ticket = self._create_ticket(sale_line_id=item.id)
        self._log(ticket, 3)
        self.start_tour(
            f"/odoo/helpdesk.ticket/{ticket.id}",
            "track_bill_romanian_post_paid",
            login=self.manager.login,
        )
        self.assertEqual(item.qty_delivered, 3)

    def test_messages_are_romanian(self):
        ticket = self._create_ticket(name="Imprimanta")
        self._log(ticket, 1)
        with self.assertRaisesRegex(Exception, "arhivați"):
            ticket.with_context(lang="ro_RO").unlink()
