from lxml import etree, html
from odoo.fields import Domain
from odoo.tests import HttpCase, tagged

from .common import TrackBillCommon

MODULES = [
    "account",
    "base",
    "helpdesk_mgmt",
    "helpdesk_mgmt_project",
    "helpdesk_mgmt_sale",
    "hr_timesheet",
    "mail",
    "portal",
    "project",
    "sale",
    "sale_management",
    "sale_project",
    "sale_timesheet",
    "sale_timesheet_books",
    "sale_timesheet_settle",
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
        names = Domain("name", "in", MODULES) | Domain(
            "name", "=like", "helpdesk_track_bill%"
        )
        cls.env["ir.module.module"].search(
            names & Domain("state", "=", "installed")
        )._update_translations(["ro_RO"], overwrite=True)
        cls.manager = cls._create_user(
            "manager",
            "helpdesk_mgmt.group_helpdesk_manager,hr_timesheet.group_timesheet_manager,"
            "sales_team.group_sale_manager,project.group_project_manager,"
            "base.group_system",
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

    def _find_english(self, english, romanian):
        """The words that stayed English, of two lists in the same order."""
        self.assertEqual(len(english), len(romanian))
        return {
            before
            for before, after in zip(english, romanian, strict=True)
            if before == after and any(map(str.isalpha, before)) and before not in SAME
        }

    def test_screens_have_no_english_word(self):
        for model, kinds in (
            ("helpdesk.ticket", ("form", "list", "kanban", "search")),
            ("helpdesk.ticket.team", ("form", "list", "kanban", "search")),
        ):
            for kind in kinds:
                with self.subTest(model=model, kind=kind):
                    english = self._get_texts(model, kind, "en_US")
                    romanian = self._get_texts(model, kind, "ro_RO")
                    self.assertFalse(self._find_english(english, romanian))

    def test_core_screens_have_no_english_word_of_ours(self):
        """Core leaves words of its own untranslated: those are not looked at."""
        for model, kinds in (
            ("account.analytic.line", ("list", "search", "calendar")),
            ("product.template", ("form",)),
            ("res.config.settings", ("form",)),
            ("sale.order", ("form",)),
            ("timesheets.analysis.report", ("search",)),
        ):
            for kind in kinds:
                with self.subTest(model=model, kind=kind):
                    self._get_extensions().active = True
                    english = self._get_texts(model, kind, "en_US")
                    romanian = self._get_texts(model, kind, "ro_RO")
                    self._get_extensions().active = False
                    base = set(self._get_texts(model, kind, "en_US"))
                    ours = set(english) - base
                    self.assertTrue(ours)
                    self.assertFalse(ours & self._find_english(english, romanian))

    def test_portal_pages_have_no_english_word_of_ours(self):
        self.team.show_timesheet_portal = True
        self._sell_hours(10)
        ticket = self._create_ticket()
        entry = self._log(ticket, 2)
        data = {entry.name, entry.employee_id.name, self.prepaid_product.name}
        portal_user = self._create_user(
            "portal", "base.group_portal", partner_id=self.contact.id
        )

        def get_texts(path, lang):
            # without the cookie of the page before
            self.authenticate(portal_user.login, portal_user.login)
            page = self.url_open(path, cookies={"frontend_lang": lang})
            (wrap,) = html.fromstring(page.content).xpath("//*[@id='wrap']")
            return {" ".join(text.split()) for text in wrap.itertext()}

        found = set()
        for path in ("/my/tickets", f"/my/ticket/{ticket.id}"):
            with self.subTest(path=path):
                self._get_extensions().active = True
                english = get_texts(path, "en_US")
                romanian = get_texts(path, "ro_RO")
                self._get_extensions().active = False
                ours = english - get_texts(path, "en_US") - data - SAME
                ours = {text for text in ours if any(map(str.isalpha, text))}
                self.assertFalse(ours & romanian)
                found |= ours
        self.assertTrue(found)

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
