from markupsafe import Markup
from odoo import SUPERUSER_ID, fields, models
from odoo.exceptions import AccessError, UserError
from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from odoo.addons.sale_timesheet_books.tools import get_unit

from .. import time_line


class HelpdeskTicket(models.Model):
    _inherit = "helpdesk.ticket"

    def _log_time_of_mail(self, line, user, message_dict, seen):
        """Log the time of an agent's reply as the agent, or tell why not (M1-M5).

        :param line: the :class:`TimeLine` of the message
        :param user: who wrote it
        :param message_dict: the message as the gateway parsed it
        :param bool seen: whether the agent might see the ticket before writing
        """
        self.ensure_one()
        # sudo: asked for the gateway; the agent may not read colleagues' time
        entries = self.env["account.analytic.line"].sudo()
        if entries.search_count(
            [("email_message_id", "=", message_dict["message_id"])], limit=1
        ):
            return
        agent = self.with_user(user).with_context(lang=user.lang, tz=user.tz or "UTC")
        # what others left to be written is not the entry's to fail of
        self.env.flush_all()
        try:
            if not seen:
                raise AccessError(line.text)
            with self.env.cr.savepoint():
                agent._create_time_of_mail(line, message_dict)
        except UniqueViolation:
            # delivered a second time just now (M3)
            return
        except AccessError:
            reason = agent.env._(
                "You may not log time on this ticket: ask an administrator for the"
                " rights to its team and to timesheets."
            )
            agent._tell_time_not_logged(line, reason, message_dict)
        except OperationalError:
            # the gateway does not run again what meets another transaction, as Odoo
            # does for people: the mail would be lost
            reason = agent.env._(
                "Somebody else was writing on the ticket just now: answer this message"
                " with the line again."
            )
            agent._tell_time_not_logged(line, reason, message_dict)
        except UserError as error:
            agent._tell_time_not_logged(line, error.args[0], message_dict)

    def _create_time_of_mail(self, line, message_dict):
        """Create the time entry, as the agent, with all that is checked of one.

        :raises UserError: where the line or the entry is refused
        """
        self._check_time_line(line)
        ticket = self.with_company(self.company_id)
        hour = get_unit(self.env, "hour")
        # sudo: agents may not read how their company records time
        unit = ticket.company_id.sudo().project_time_mode_id or hour
        ticket.env["account.analytic.line"].create(
            {
                "ticket_id": ticket.id,
                "name": line.description
                or message_dict.get("subject")
                or ticket.display_name,
                "date": self._get_day_of_mail(message_dict),
                "unit_amount": hour._compute_quantity(line.hours, unit, round=False),
                "email_message_id": message_dict["message_id"],
            }
        )

    def _get_day_of_mail(self, message_dict):
        """The day a message was written, where its sender is (M4).

        None is in the future, whatever the sender's clock says.
        """
        now = fields.Datetime.now()
        sent = fields.Datetime.to_datetime(message_dict.get("date")) or now
        return fields.Datetime.context_timestamp(self, min(sent, now)).date()

    def _check_time_line(self, line):
        """Say what is wrong with a line, and how to write it (M5).

        :raises UserError: where no hours can be read of it
        """
        if line.error == time_line.UNREADABLE:
            raise UserError(
                self.env._(
                    "It does not say how long: write hours and minutes, such as"
                    " #time 0:45, #time 45m or #time 1.5h."
                )
            )
        if line.error == time_line.NOTHING:
            raise UserError(
                self.env._("There are no hours in it: enter the time spent.")
            )
        if line.error == time_line.TOO_LONG:
            raise UserError(
                self.env._(
                    "It has more hours than a day: check the decimal separator, or"
                    " send an e-mail for each day."
                )
            )
        if line.error == time_line.TWICE:
            raise UserError(
                self.env._("It stands there more than once: write one line.")
            )

    def _tell_time_not_logged(self, line, reason, message_dict):
        """Answer to the agent alone, who can answer in turn with the right line."""
        subject = message_dict.get("subject") or self.sudo().display_name
        body = Markup("<p>%s</p><blockquote>%s</blockquote><p>%s</p><p>%s</p>") % (
            self.env._("The time in your e-mail was not logged:"),
            line.text,
            reason,
            self.env._(
                "Answer this message with the line as you mean it, and the time is"
                " logged. Customers do not see your answer."
            ),
        )
        partner = self.env.user.partner_id
        # as the system: the agent is told, and did not write it
        self.with_user(SUPERUSER_ID).message_notify(
            partner_ids=partner.ids,
            subject=self.env._("Time not logged: %(subject)s", subject=subject),
            body=body,
        )
