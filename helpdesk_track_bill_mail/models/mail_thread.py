from markupsafe import Markup
from odoo import api, models

from ..time_line import take_time_line

# Precedence "list" is not among them: a group that passes a team's mail on says it of
# each message, also of what somebody wrote.
AUTOMATIC_PRECEDENCE = {"auto_reply", "bulk", "junk"}
AUTOMATIC_HEADERS = (
    "X-Auto-Reply",
    "X-Autoreply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Failed-Recipients",
)


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _message_route_process(self, message, message_dict, routes):
        """Log the time that an agent's reply carries (M1).

        The line is taken out before anybody is told of the message, which is itself
        never refused.
        """
        ticket, user = self._get_reply_of_agent(message, message_dict, routes)
        line = ticket and take_time_line(message_dict.get("body") or "")
        if line:
            # before the gateway makes the sender a follower, who may see more
            seen = ticket.with_user(user).has_access("read")
            # what was sanitized by the gateway, less a line
            message_dict["body"] = Markup(line.body)
        res = super()._message_route_process(message, message_dict, routes)
        if line:
            ticket._log_time_of_mail(line, user, message_dict, seen)
        return res

    @api.model
    def _get_reply_of_agent(self, message, message_dict, routes):
        """The ticket that a message answers and the colleague who wrote it (M2).

        :returns: (ticket, user), both empty where it is anything else: of a customer,
            an automatic reply, a new ticket
        """
        tickets, users = self.env["helpdesk.ticket"], self.env["res.users"]
        if len(routes or ()) != 1 or self._is_automatic_mail(message, message_dict):
            return tickets, users
        ((model, thread_id, _values, _user_id, alias),) = routes
        if model != tickets._name or not thread_id:
            return tickets, users
        # the route's user is the gateway's own where it knows nobody
        user = self._mail_find_user_for_gateway(message_dict["email_from"], alias=alias)
        # sudo: who wrote it is asked for the gateway, as whoever it runs
        user = user.sudo()
        if not user or user.partner_id.id != message_dict["author_id"]:
            return tickets, users
        if not user._is_internal():
            return tickets, users
        return tickets.browse(thread_id), user

    @api.model
    def _is_automatic_mail(self, message, message_dict):
        """Whether no one wrote the message: a bounce, a reply during holidays."""
        submitted = str(message.get("Auto-Submitted", "no")).strip().lower()
        precedence = str(message.get("Precedence", "")).strip().lower()
        return bool(
            message_dict.get("is_bounce")
            or submitted.partition(";")[0].strip() != "no"
            or precedence in AUTOMATIC_PRECEDENCE
            or any(message.get(header) is not None for header in AUTOMATIC_HEADERS)
        )
