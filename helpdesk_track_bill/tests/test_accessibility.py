import json
import logging
import os
import unittest
from pathlib import Path

from lxml import html
from odoo.tests import HttpCase, tagged

from .common import TrackBillCommon

AXE = Path(os.environ.get("DEVENV_NODE_MODULES", ""), "axe-core/axe.min.js")
AXE_URL = "/track_bill/axe.js"
VIOLATIONS = "violations: "
# look at what is there, after opening what {click} names and when {shown} is shown
CHECK = """
    (async () => {{
        const appear = async (selector) => {{
            while (!document.querySelector(selector)) {{
                await new Promise(requestAnimationFrame);
            }}
            return document.querySelector(selector);
        }};
        for (const selector of {clicks}) {{
            (await appear(selector)).click();
        }}
        await appear({shown});
        if (document.querySelector("#wrapwrap")) {{
            // the portal's scripts come after the page, and change it
            await appear("body[is-ready]");
        }}
        const script = document.createElement("script");
        script.src = {axe};
        await new Promise((resolve) => {{
            script.onload = resolve;
            document.head.append(script);
        }});
        await document.fonts.ready;
        // what is yet to come would be found on one of two screens only
        await new Promise((resolve) => {{
            let quiet = setTimeout(resolve, 500);
            const observer = new MutationObserver(() => {{
                clearTimeout(quiet);
                quiet = setTimeout(resolve, 500);
            }});
            observer.observe(document.body, {{childList: true, subtree: true}});
        }});
        // what fades in has no contrast yet
        const moves = document
            .getAnimations()
            .filter((move) => Number.isFinite(move.effect.getComputedTiming().endTime));
        await Promise.allSettled(moves.map((move) => move.finished));
        // core's headers of optional columns and of buttons: the base's have none;
        // core's messages: read when the screen stands already
        const exclude = [".o_list_controller", "th.o_list_button", ".o-mail-Thread"];
        const context = {{include: {root}, exclude}};
        const {{violations}} = await axe.run(context);
        const getTag = ({{html}}) => html.match(/^<[^>]*>/)[0];
        const found = violations.map(({{id, nodes}}) => [id, nodes.map(getTag)]);
        console.log({prefix} + JSON.stringify(Object.fromEntries(found)));
        console.log("test successful");
    }})();
"""
# the client without its menu, the portal's page without header and footer
ROOT = ".o_action_manager, #wrap"
TAB = ".o_notebook a[name=timesheets]"


@unittest.skipUnless(AXE.is_file(), "axe-core comes with the development environment")
class AxeCase(HttpCase):
    """What axe-core finds on a page."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.attachment"].create(
            {
                "name": "axe.js",
                "url": AXE_URL,
                "raw": AXE.read_bytes(),
                "mimetype": "text/javascript",
                "public": True,
            }
        )

    def _check(self, path, login, clicks, shown, root=ROOT):
        """The nodes that violate each of axe-core's rules."""
        code = CHECK.format(
            axe=json.dumps(AXE_URL),
            clicks=json.dumps(clicks),
            shown=json.dumps(shown),
            root=json.dumps(root),
            prefix=json.dumps(VIOLATIONS),
        )
        messages = []
        handler = logging.Handler()
        handler.emit = lambda record: messages.append(record.getMessage())
        console = self._logger.getChild("browser")
        console.setLevel(logging.INFO)
        console.addHandler(handler)
        self.browser_js(path, code, "document.readyState === 'complete'", login=login)
        console.removeHandler(handler)
        (message,) = (text for text in messages if VIOLATIONS in text)
        return json.loads(message.split(VIOLATIONS, 1)[1])

    def _compare(self, path, login, shown, clicks=()):
        """Our screen, after clicks on what we add, against the base's.

        Core violates some rules at each tab of a form, so one more tab violates them
        once more: only a kind of node that the base's screen does not have counts.
        """
        ours = self._check(path, login, clicks, shown)
        self._get_extensions().active = False
        base = self._check(path, login, [], shown)
        self._check_kinds(ours, base)

    def _check_kinds(self, ours, base):
        for rule, nodes in ours.items():
            known = {self._get_kind(node) for node in base.get(rule, [])}
            with self.subTest(rule=rule):
                self.assertFalse(
                    [node for node in nodes if self._get_kind(node) not in known]
                )

    def _get_kind(self, node):
        """The element and its classes, of the text of a start tag."""
        element = html.fragment_fromstring(node)
        return element.tag, element.get("class")


@tagged("post_install", "-at_install")
class TestAccessibility(AxeCase, TrackBillCommon):
    """No screen has more violations found by axe-core than without our views."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.show_timesheet_portal = True
        cls.agent.group_ids |= cls.env.ref("helpdesk_mgmt.group_helpdesk_manager")
        cls._sell_hours(1)
        cls.ticket = cls._create_ticket()
        cls._log(cls.ticket, 3)

    def test_team(self):
        self._compare(
            f"/odoo/helpdesk.ticket.team/{self.team.id}",
            self.agent.login,
            ".o_form_view .o_form_sheet",
        )

    def test_dashboard(self):
        self._compare(
            "/odoo/helpdesk-dashboard", self.agent.login, ".o_kanban_view .o_primary"
        )

    def test_ticket(self):
        self._compare(
            f"/odoo/helpdesk.ticket/{self.ticket.id}",
            self.agent.login,
            ".o_form_view .o_notebook",
            [TAB],
        )

    def test_tickets(self):
        self._compare(
            "/odoo/helpdesk-tickets", self.agent.login, ".o_list_view .o_data_row"
        )

    def test_portal(self):
        customer = self._create_user(
            "portal", "base.group_portal", partner_id=self.contact.id
        )
        for path in ("/my/tickets", f"/my/ticket/{self.ticket.id}"):
            with self.subTest(path=path):
                self._get_extensions().active = True
                self._compare(path, customer.login, "#wrap")
