from email import message_from_bytes, policy

from odoo.tools import file_open, html2plaintext

from odoo.addons.helpdesk_track_bill.tests.common import TrackBillCommon

TICKET_MESSAGE = "<ticket@example.com>"


class MailCommon(TrackBillCommon):
    """The support company; its agent answers a customer's message by e-mail."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the gateway takes more messages of one sender for a loop
        cls.env["ir.config_parameter"].set_param("mail.gateway.loop.threshold", 100)
        cls.agent.write({"email": "ana@example.com", "tz": "Europe/Bucharest"})
        cls.agent.notification_type = "email"
        cls.contact.email = "dana@example.com"
        cls.ticket = cls._create_ticket()
        cls.ticket.message_subscribe(cls.contact.ids)
        message = cls.ticket.message_post(
            body="It hums.",
            author_id=cls.contact.id,
            message_type="email",
            subtype_xmlid="mail.mt_comment",
        )
        message.message_id = TICKET_MESSAGE

    @classmethod
    def _read_mail(cls, name):
        path = f"helpdesk_track_bill_mail/tests/data/{name}.eml"
        with file_open(path, "rb") as file:
            return file.read()

    @classmethod
    def _compose(cls, text="#time 0:45\nWorks again.", **headers):
        """A mail of the agent's that answers the ticket, as bytes."""
        message = message_from_bytes(
            cls._read_mail("plain_first_line"), policy=policy.SMTP
        )
        for name, value in headers.items():
            header = name.replace("_", "-")
            del message[header]
            if value is not None:
                message[header] = value
        message.set_content(text)
        return message.as_bytes()

    @classmethod
    def _receive(cls, mail, user=None):
        """What a mail server hands to the gateway; returns the message it becomes."""
        before = cls.ticket.message_ids
        gateway = cls.env["mail.thread"].with_user(user or cls.env.user)
        gateway.message_process(None, mail)
        return (cls.ticket.message_ids - before).filtered(
            lambda message: message.message_type == "email"
        )

    @classmethod
    def _get_answers(cls):
        """What the agent was told, as text."""
        messages = cls.env["mail.message"].search(
            [
                ("message_type", "=", "user_notification"),
                ("model", "=", "helpdesk.ticket"),
                ("partner_ids", "in", cls.agent.partner_id.ids),
            ],
            order="id",
        )
        return [html2plaintext(message.body) for message in messages]
