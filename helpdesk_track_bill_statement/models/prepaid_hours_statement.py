import logging
from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain
from odoo.tools import date_utils, format_date

_logger = logging.getLogger(__name__)

# what locking writes, and what a locked statement says beside its note
LOCKING = {"lines", "state"}
STATED = {"company_id", "date_from", "date_to", "partner_id"}


class PrepaidHoursStatement(models.Model):
    """A statement of prepaid hours that is printed, sent and locked (S1-S4).

    It stores no figure until it is locked: see ``statement.py``.
    """

    _name = "prepaid.hours.statement"
    _description = "Statement of Prepaid Hours"
    _inherit = "mail.thread"
    _order = "date_to desc, id desc"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        "Customer",
        required=True,
        index=True,
        ondelete="restrict",
        check_company=True,
        help="The commercial entity whose prepaid hours are stated.",
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    date_from = fields.Date(
        "From", required=True, default=lambda self: self._get_last_month()[0]
    )
    date_to = fields.Date(
        "Until",
        required=True,
        default=lambda self: self._get_last_month()[1],
        help="The last day that is stated, and until which time is locked.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("locked", "Locked")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    note = fields.Text(help="Shown to the customer on the statement.")
    lines = fields.Json(copy=False, readonly=True, export_string_translation=False)
    mailed_on = fields.Datetime("Sent On", copy=False, readonly=True)
    preview = fields.Html(compute="_compute_preview", sanitize=False)

    # "until when is a customer's time locked?" is asked for each entry written
    _lock_index = models.Index(
        "(partner_id, company_id, date_to) WHERE state = 'locked'"
    )

    # ------------------------------------------------------------------
    # Computes and checks
    # ------------------------------------------------------------------
    @api.model
    def _get_last_month(self):
        """First and last day of the month before the company's today."""
        first = date_utils.start_of(self.env.company._get_today(), "month")
        first = date_utils.subtract(first, months=1)
        return first, date_utils.end_of(first, "month")

    @api.depends("partner_id", "date_from", "date_to")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for statement in self:
            statement.display_name = self.env._(
                "%(customer)s, %(first)s to %(last)s",
                customer=statement.partner_id.name,
                first=format_date(self.env, statement.date_from),
                last=format_date(self.env, statement.date_to),
            )

    @api.depends("partner_id", "company_id", "date_from", "date_to", "state")
    @api.depends_context("lang")
    def _compute_preview(self):
        """The figures as they are printed; of saved statements, which rules guard."""
        for statement in self:
            statement.preview = statement._origin and self.env["ir.qweb"]._render(
                "helpdesk_track_bill_statement.statement_blocks",
                {"sheet": statement._origin._get_sheet()},
            )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for statement in self:
            if statement.date_from > statement.date_to:
                raise ValidationError(
                    self.env._(
                        "The statement of %(customer)s ends before it begins: change"
                        " one of the days.",
                        customer=statement.partner_id.name,
                    )
                )

    # ------------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            if any(LOCKING & vals.keys() for vals in vals_list):
                self._raise_not_accountant()
            # nor by a context or a user's defaults
            vals_list = [
                {**vals, "state": "draft", "lines": False} for vals in vals_list
            ]
        return super().create([self._prepare_customer(vals) for vals in vals_list])

    def write(self, vals):
        if not self.env.su and LOCKING & vals.keys():
            self._raise_not_accountant()
        if STATED & vals.keys():
            self._check_draft()
        return super().write(self._prepare_customer(vals))

    @api.model
    def _prepare_customer(self, vals):
        """Hours are a commercial entity's, whichever contact was chosen."""
        if not vals.get("partner_id"):
            return vals
        partner = self.env["res.partner"].browse(vals["partner_id"])
        return {**vals, "partner_id": partner.commercial_partner_id.id}

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        self._check_draft()

    def _check_draft(self):
        for statement in self:
            if statement.state == "locked":
                raise UserError(
                    self.env._(
                        "The statement %(statement)s is locked: unlock it first.",
                        statement=statement.display_name,
                    )
                )

    # ------------------------------------------------------------------
    # Locking (S4)
    # ------------------------------------------------------------------
    @api.model
    def _get_locks(self, customers, companies):
        """Until when time is locked: ``{(customer, company): day}``."""
        if not customers:
            return {}
        # sudo: time is locked for everybody
        rows = self.sudo()._read_group(
            Domain("state", "=", "locked")
            & Domain("partner_id", "in", customers.ids)
            & Domain("company_id", "in", companies.ids),
            ["partner_id", "company_id"],
            ["date_to:max"],
        )
        return {
            (customers.browse(customer.id), companies.browse(company.id)): day
            for customer, company, day in rows
        }

    @api.model
    def _get_closing(self, customer, company, day):
        """Closing minutes of locked statements that end on a day; None: none does.

        Customers that were merged have several.

        :returns: ``{(block, number of the period): minutes}``
        """
        # sudo: the next statement opens with it, whoever may read this one
        locked = self.sudo().search(
            Domain("state", "=", "locked")
            & Domain("partner_id", "=", customer.id)
            & Domain("company_id", "=", company.id)
            & Domain("date_to", "=", day)
        )
        if not locked:
            return None
        accounts = self.env["prepaid.account"]
        return {
            (line.block, line.number): line.figures.closing
            for statement in locked
            for line in accounts._unpack_lines(statement.lines)
        }

    def _check_accountant(self):
        self.check_access("write")
        if not self.env.su and not self.env.user.has_group(
            "account.group_account_invoice"
        ):
            self._raise_not_accountant()

    def _raise_not_accountant(self):
        raise AccessError(
            self.env._(
                "Statements of prepaid hours are locked and unlocked by accountants:"
                " ask one of them."
            )
        )

    def action_lock(self):
        """Freeze the customer's time up to the last day, and keep the figures (S4).

        :raises AccessError: for others than accountants
        :raises UserError: where the last day is not over
        """
        self._check_accountant()
        account = self.env["prepaid.account"].sudo()
        for statement in self.filtered(lambda statement: statement.state == "draft"):
            company = statement.company_id
            if statement.date_to >= company._get_today():
                raise UserError(
                    self.env._(
                        "The statement %(statement)s cannot be locked before its last"
                        " day is over: choose an earlier one.",
                        statement=statement.display_name,
                    )
                )
            customer = statement.partner_id
            # who writes time of days that are over shares the customer: all that was
            # written before is committed now, and who comes later finds the lock;
            # sudo: accountants may not change every customer
            customer.sudo()._hold()
            blocks = account._get_blocks(customer, company)
            locks = self._get_locks(customer, company)
            until = locks.get((customer, company), date.min)
            account._check_all_seen(
                blocks, until + timedelta(days=1), statement.date_to
            )
            drawn_up, _entries = account._draw_up(
                blocks,
                customer,
                company,
                statement.date_from,
                statement.date_to,
            )
            # sudo: accountants lock by this action alone
            statement.sudo().write(
                {"state": "locked", "lines": account._pack_lines(drawn_up.lines)}
            )
            statement.message_post(body=self.env._("Locked."))
        self.env["account.analytic.line"].invalidate_model(["hours_locked_until"])

    def action_unlock(self):
        """Ask for the reason (S4)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Unlock"),
            "res_model": "prepaid.hours.statement.unlock",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_statement_id": self.id},
        }

    def _unlock(self, reason):
        """Let time of the statement change again; who did it and why is noted (S4).

        :raises UserError: where a later statement of the customer is locked
        """
        self.ensure_one()
        self._check_accountant()
        # sudo: accountants may not change every customer
        self.partner_id.sudo()._hold()
        locks = self._get_locks(self.partner_id, self.company_id)
        until = locks.get((self.partner_id, self.company_id))
        if until and until > self.date_to:
            raise UserError(
                self.env._(
                    "A later statement of %(customer)s is locked, until %(date)s:"
                    " unlock that one first.",
                    customer=self.partner_id.name,
                    date=format_date(self.env, until),
                )
            )
        # sudo: accountants unlock by this action alone
        self.sudo().write({"state": "draft", "lines": False})
        self.message_post(body=self.env._("Unlocked: %(reason)s", reason=reason))
        self.env["account.analytic.line"].invalidate_model(["hours_locked_until"])

    # ------------------------------------------------------------------
    # Printing
    # ------------------------------------------------------------------
    def _get_sheet(self, sees=None):
        """What is printed: for the customer, in their language.

        Figures of a locked statement are those that were locked.
        """
        self.ensure_one()
        self.check_access("read")
        account = self.env["prepaid.account"].sudo()
        # sudo: the whole account counts, for who may read the statement
        statement = self.sudo()
        sheet = account._get_sheet(
            statement.partner_id,
            statement.company_id,
            statement.date_from,
            statement.date_to,
            sees,
        )
        sheet["note"] = statement.note
        sheet["locked"] = statement.state == "locked"
        if sheet["locked"]:
            lines = account._unpack_lines(statement.lines)
            names = account._name_items([line.block for line in lines])
            sheet.update(account._prepare_blocks(lines, names))
        return sheet

    def _get_report_base_filename(self):
        self.ensure_one()
        return self.env._(
            "Prepaid hours %(customer)s %(date)s",
            customer=self.partner_id.name,
            date=self.date_to,
        )

    def action_print(self):
        return self.env.ref(
            "helpdesk_track_bill_statement.action_report_statement"
        ).report_action(self)

    def action_send(self):
        """Open an e-mail to the customer's marked contacts, with the PDF."""
        self.ensure_one()
        template = self.env.ref("helpdesk_track_bill_statement.mail_template_statement")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send Statement"),
            "res_model": "mail.compose.message",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_model": self._name,
                "default_res_ids": self.ids,
                "default_template_id": template.id,
                "default_partner_ids": (self._get_recipients() or self.partner_id).ids,
                "default_composition_mode": "comment",
                "mark_statement_as_sent": True,
            },
        }

    def message_post(self, **kwargs):
        """A statement that somebody sent to the customer is not mailed again (S3)."""
        if self.env.context.get("mark_statement_as_sent"):
            customers = self._get_recipients() or self.partner_id
            if not set(kwargs.get("partner_ids") or ()).isdisjoint(customers.ids):
                # sudo: who may send the statement writes nothing else of it
                self.sudo().mailed_on = fields.Datetime.now()
        return super().message_post(**kwargs)

    # ------------------------------------------------------------------
    # Monthly mail (S3)
    # ------------------------------------------------------------------
    def _get_recipients(self):
        """Contacts of the customers that are marked "Prepaid Hours"."""
        contacts = self.env["res.partner"]
        return contacts.search(
            contacts._domain_prepaid_readers()
            & Domain("commercial_partner_id", "in", self.partner_id.ids)
        )

    @api.model
    def _cron_mail(self):
        """Send the statements of last month, each once; the next run goes on."""
        cron = self.env["ir.cron"]
        companies = self.env["res.company"].search([("prepaid_hours_mail", "=", True)])
        to_mail = [
            (customer, self.with_company(company))
            for company in companies
            for customer in self.with_company(company)._find_customers_to_mail()
        ]
        for number, (customer, statements) in enumerate(to_mail, 1):
            statements._mail_last_month(customer)
            if not cron._commit_progress(1, remaining=len(to_mail) - number):
                return

    @api.model
    def _find_customers_to_mail(self):
        """Customers of the current company who get the statement of last month."""
        lines = self.env["sale.order.line"]
        contacts = self.env["res.partner"]
        marked = contacts.search(contacts._domain_prepaid_readers())
        customers = lines._find_blocks_of(
            marked.commercial_partner_id, self.env.company
        ).order_partner_id.commercial_partner_id
        mailed = self.search(
            self._domain_last_month()
            & Domain("partner_id", "in", customers.ids)
            & Domain("mailed_on", "!=", False)
        )
        return customers - mailed.partner_id

    @api.model
    def _domain_last_month(self):
        """Statements of the current company on last month."""
        first, last = self._get_last_month()
        return (
            Domain("company_id", "=", self.env.company.id)
            & Domain("date_from", "=", first)
            & Domain("date_to", "=", last)
        )

    @api.model
    def _mail_last_month(self, customer):
        """Send a customer's statement of last month to the marked contacts."""
        first, last = self._get_last_month()
        statement = self.search(
            self._domain_last_month() & Domain("partner_id", "=", customer.id), limit=1
        )
        try:
            with self.env.cr.savepoint():
                statement = statement or self.create(
                    {
                        "partner_id": customer.id,
                        "company_id": self.env.company.id,
                        "date_from": first,
                        "date_to": last,
                    }
                )
                statement._mail()
        except UserError as error:
            # no PDF, for example: the others do not wait for it
            _logger.warning("No statement for %s: %s", customer.id, error)

    def _mail(self):
        """Send the statement; each contact reads it in their own language.

        The PDF is kept on the customer.
        """
        self.ensure_one()
        self.mailed_on = fields.Datetime.now()
        if not self._get_sheet()["blocks"]:
            return
        template = self.env.ref("helpdesk_track_bill_statement.mail_template_statement")
        for lang, contacts in self._get_recipients().grouped("lang").items():
            mail = self.env["mail.mail"].browse(
                template.with_context(statement_lang=lang).send_mail(
                    self.id,
                    email_values={"recipient_ids": [Command.set(contacts.ids)]},
                )
            )
            for attachment in mail.attachment_ids:
                attachment.copy(
                    {"res_model": "res.partner", "res_id": self.partner_id.id}
                )
