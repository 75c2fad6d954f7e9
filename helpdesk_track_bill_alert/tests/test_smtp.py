import email
from email.policy import default
from unittest.mock import patch

from odoo.tests import tagged

from .common import AlertCommon
from .smtp_server import serve


@tagged("post_install", "-at_install")
class TestSmtp(AlertCommon):
    """Alerts are sent to a mail server that really answers."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        servers = cls.env["ir.mail_server"]
        # Odoo's own switch: no test sends e-mail unless it says so
        cls.startClassPatcher(
            patch.object(type(servers), "_disable_send", lambda self: False)
        )
        servers.search([]).active = False
        cls.server = servers.create(
            {"name": "Local", "smtp_host": "127.0.0.1", "smtp_port": 1}
        )
        cls._set_rules({"kind": "hours", "limit_hours": 2})
        cls._sell_to(1)

    def test_AL3_a_mail_server_that_is_down_loses_no_alert(self):
        with serve() as (port, _messages):
            self.server.smtp_port = port
        # nobody listens there any more
        alert = self._find_alerts()
        mail = self._get_mails()
        mail.send()
        self.assertEqual((alert.state, mail.state), ("told", "exception"))
        self.env["prepaid.hours.alert"]._retry_mails()
        self.assertEqual(mail.state, "outgoing")
        with serve(port) as (_port, messages):
            mail.send()
        (message,) = (email.message_from_bytes(raw, policy=default) for raw in messages)
        self.assertIn(self.contact.email, message["To"])
        self.assertEqual(
            message["Subject"], f"Your prepaid hours at {self.company.name}"
        )
        body = message.get_body(("html",)).get_content()
        self.assertIn("01:00 prepaid hours left", body)
        self.assertFalse(mail.exists())

    def test_AL3_what_a_server_refused_is_not_tried_for_ever(self):
        self._find_alerts()
        mail = self._get_mails()
        mail.write({"state": "exception", "failure_type": "mail_email_invalid"})
        self.env["prepaid.hours.alert"]._retry_mails()
        self.assertEqual(mail.state, "exception")
