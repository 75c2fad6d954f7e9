import logging
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_date, format_duration
from psycopg2.errors import UniqueViolation

from ..alerts import add_up, is_armed, is_crossed, read_balance
from .prepaid_hours_alert_rule import KINDS

_logger = logging.getLogger(__name__)

# alerts that are told between two commits
TOLD_AT_ONCE = 200
# how long an e-mail is tried that no mail server takes
RETRIED_FOR = timedelta(days=7)
ACTIVITY = "helpdesk_track_bill_alert.mail_activity_prepaid_hours"


class PrepaidHoursAlert(models.Model):
    """A rule that a customer's hours crossed: found once, told once (AL3).

    The row comes first, in a transaction of its own; who tells locks it and marks it in
    the transaction that queues the mail.
    """

    _name = "prepaid.hours.alert"
    _description = "Alert of Prepaid Hours"
    _order = "id desc"

    rule_id = fields.Many2one(
        "prepaid.hours.alert.rule", required=True, ondelete="cascade"
    )
    kind = fields.Selection(
        KINDS,
        "When",
        compute="_compute_kind",
        store=True,
        precompute=True,
        help="What the rule was about when it told.",
    )
    company_id = fields.Many2one("res.company", required=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", "Customer", required=True, index=True, ondelete="cascade"
    )
    line_id = fields.Many2one(
        "sale.order.line",
        "Block",
        index="btree_not_null",
        ondelete="cascade",
        help="The block that crossed the rule; empty: all of the customer.",
    )
    item_id = fields.Many2one(
        "sale.order.line",
        "Item to Renew",
        required=True,
        index=True,
        ondelete="cascade",
    )
    granted = fields.Float(
        required=True,
        digits=0,
        help="Hours that were granted until then: more of them arm the rule again.",
    )
    hours = fields.Float(help="Hours left, overrun, or used without being paid.")
    date_end = fields.Date("Last Day")
    date = fields.Date("Found On", required=True)
    state = fields.Selection(
        [("new", "To Tell"), ("told", "Told")], required=True, default="new"
    )
    block_name = fields.Char(
        "Prepaid Hours", compute="_compute_block_name", compute_sudo=True
    )
    text = fields.Char(
        compute="_compute_text", help="What happened, in the reader's language."
    )
    lead_id = fields.Many2one(
        "prepaid.hours.alert",
        "Told With",
        index="btree_not_null",
        ondelete="set null",
        help="The alert whose message tells of this one.",
    )
    told_alert_ids = fields.One2many(
        "prepaid.hours.alert", "lead_id", "Alerts of the Message"
    )
    renewal_id = fields.Many2one(
        "sale.order.line",
        compute="_compute_renewal_id",
        compute_sudo=True,
        help="The open renewal of these hours.",
    )
    renewal_name = fields.Char(
        "Renewal Quotation",
        compute="_compute_renewal_id",
        compute_sudo=True,
        help="The quotation that renews these hours.",
    )

    # once per rule and crossing, whoever looks at the same time (AL3)
    _crossing_unique = models.UniqueIndex(
        "(rule_id, kind, partner_id, COALESCE(line_id, 0), granted)"
    )
    _new_index = models.Index("(id) WHERE state = 'new'")

    # ------------------------------------------------------------------
    # Computes
    # ------------------------------------------------------------------
    @api.depends("rule_id")
    def _compute_kind(self):
        for alert in self:
            alert.kind = alert.rule_id.kind

    @api.depends("partner_id", "text")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for alert in self:
            alert.display_name = f"{alert.partner_id.name or ''}: {alert.text}"

    @api.depends("line_id", "item_id")
    @api.depends_context("lang")
    def _compute_block_name(self):
        for alert in self:
            # sudo by the field: a name without prices (A1)
            alert.block_name = alert.item_id._get_hours_name() if alert.item_id else ""

    @api.depends("kind", "hours", "date_end", "line_id")
    @api.depends_context("lang")
    def _compute_text(self):
        for alert in self:
            text = alert._get_sentence()
            if alert.line_id:
                text = f"{alert.block_name}: {text}"
            alert.text = text

    def _get_sentence(self):
        """What happened, without prices and names of people (AL2)."""
        self.ensure_one()
        words = {
            "hours": format_duration(self.hours),
            "day": format_date(self.env, self.date_end),
        }
        if self.kind == "ends":
            return self.env._("%(hours)s prepaid hours end on %(day)s", **words)
        if self.kind == "overrun":
            return self.env._("%(hours)s hours used beyond the prepaid hours", **words)
        if self.kind == "unpaid":
            return self.env._("%(hours)s hours used that are not paid yet", **words)
        if not self.hours:
            return self.env._("No prepaid hours left")
        return self.env._("%(hours)s prepaid hours left", **words)

    @api.depends("item_id")
    def _compute_renewal_id(self):
        renewals = self.item_id._get_open_renewals()
        for alert in self:
            alert.renewal_id = renewals.get(alert.item_id)
            # sudo by the field: a name without prices
            alert.renewal_name = alert.renewal_id.order_id.name

    # ------------------------------------------------------------------
    # Finding (AL1)
    # ------------------------------------------------------------------
    @api.model
    def _find(self, customers, company):
        """Write an alert for each rule that customers' hours crossed.

        Figures are the engine's; each customer's blocks are read at once.

        :param customers: commercial entities
        :raises UserError: where terms of a block contradict each other
        """
        rules = self.env["prepaid.hours.alert.rule"].search(
            [("company_id", "=", company.id)]
        )
        balances = self._read_balances(customers, company)
        told = self._read_told(rules, customers)
        today = company._get_today()
        found = []
        for customer, by_block in balances.items():
            whole = add_up(by_block.values(), today)
            newest = max(by_block, key=lambda line: (line.order_id.date_order, line.id))
            for rule in rules:
                subjects = [(newest.browse(), newest, whole)]
                if rule.scope == "block":
                    subjects = [(line, line, by_block[line]) for line in by_block]
                found += [
                    self._prepare_alert(rule, customer, block, item, balance, today)
                    for block, item, balance in subjects
                    if is_crossed(rule.kind, rule._get_limit(), balance, today)
                    and is_armed(
                        rule.kind,
                        rule._get_limit(),
                        balance,
                        told.get((rule, customer, block)),
                    )
                ]
        return self._create_once(found)

    @api.model
    def _prepare_alert(self, rule, customer, block, item, balance, today):
        hours = {"overrun": balance.overdrawn, "unpaid": balance.unpaid}
        return {
            "rule_id": rule.id,
            "company_id": rule.company_id.id,
            "partner_id": customer.id,
            "line_id": block.id,
            "item_id": item.id,
            "granted": round(balance.granted, 4),
            "hours": hours.get(rule.kind, balance.usable),
            "date_end": balance.end,
            "date": today,
        }

    @api.model
    def _create_once(self, vals_list):
        """Create alerts; where another worker did so meanwhile, that one counts."""
        if not vals_list:
            return self.browse()
        try:
            with self.env.cr.savepoint():
                return self.create(vals_list)
        except UniqueViolation:
            if len(vals_list) == 1:
                return self.browse()
            return self.browse().union(
                *(self._create_once([vals]) for vals in vals_list)
            )

    @api.model
    def _read_balances(self, customers, company):
        """The balance of each block: ``{customer: {block: balance}}``."""
        lines = self.env["sale.order.line"].sudo()
        blocks = lines._find_blocks_of(customers, company)
        unpaid = blocks._read_unpaid_hours()
        today = company._get_today()
        balances = defaultdict(dict)
        for line, standing in blocks._get_standings().items():
            if standing:
                customer = line.order_partner_id.commercial_partner_id
                balances[customer][line] = read_balance(standing, today, unpaid[line])
        return balances

    @api.model
    def _read_told(self, rules, customers):
        """What a rule last told of a customer or block: hours granted, hours (AL3).

        What it told when it was about something else counts no longer.
        """
        rows = self.search_fetch(
            [("rule_id", "in", rules.ids), ("partner_id", "in", customers.ids)],
            ["rule_id", "kind", "partner_id", "line_id", "granted", "hours"],
            order="granted",
        ).filtered(lambda row: row.kind == row.rule_id.kind)
        return {
            (row.rule_id, row.partner_id, row.line_id): (row.granted, row.hours)
            for row in rows
        }

    # ------------------------------------------------------------------
    # Telling (AL2)
    # ------------------------------------------------------------------
    @api.model
    def _tell_some(self, after=0):
        """Tell of some alerts that no other worker tells of; all of a customer at once.

        What cannot be told stays for the next run and stops nothing else.

        :param after: id of the alert after which to begin
        :returns: id of the last alert looked at, 0 where there is none
        """
        waiting = self.search(
            [("state", "=", "new"), ("id", ">", after)], limit=TOLD_AT_ONCE, order="id"
        )
        # a message tells all that there is of a customer
        mine = self.search(
            [
                ("state", "=", "new"),
                ("partner_id", "in", waiting.partner_id.ids),
                ("company_id", "in", waiting.company_id.ids),
            ],
            order="id",
        ).try_lock_for_update()
        groups = mine.grouped(lambda alert: (alert.company_id, alert.partner_id))
        self._tell_groups(list(groups.values()))
        return waiting[-1:].id or 0

    @api.model
    def _tell_groups(self, groups):
        """Tell what cannot be told all at once one by one.

        :param groups: alerts by customer and company
        """
        if not groups:
            return
        try:
            with self.env.cr.savepoint():
                self._tell(groups)
        except Exception:  # a template that an administrator broke, for one
            if len(groups) == 1:
                _logger.exception("Alerts %s cannot be told.", groups[0].ids)
                return
            for group in groups:
                self._tell_groups([group])

    @api.model
    def _tell(self, groups):
        """Tell of alerts: for each customer one activity, one e-mail, one quotation."""
        leads = self.browse()
        for alerts in groups:
            by_mail = alerts.filtered(lambda alert: alert.rule_id.notify_customer)
            alerts.state = "told"
            for told in (by_mail, alerts - by_mail):
                told.lead_id = told[:1]
            leads |= by_mail[:1]
        every = self.union(*groups)
        items = every.filtered(lambda alert: alert.rule_id.renew).item_id
        # who has bought already what comes next needs no quotation
        items.filtered(lambda line: line.hours_state != "upcoming")._renew_hours()
        every.filtered(lambda alert: alert.rule_id.notify_salesperson)._schedule()
        leads._mail_readers()

    def _get_salesperson(self):
        """Who is told of the hours: the order's salesperson, else the customer's."""
        order = self.item_id.order_id
        return order.user_id or order.partner_id.user_id

    def _schedule(self):
        """Give each salesperson one activity per customer, in their language (AL3)."""
        kind = self.env.ref(ACTIVITY)
        model = self.env["ir.model"]._get_id("sale.order")
        vals_list = []
        for (_customer, _company, user), alerts in self.grouped(
            lambda alert: (
                alert.partner_id,
                alert.company_id,
                alert._get_salesperson(),
            )
        ).items():
            if not user:
                continue
            names = alerts.with_context(lang=user.lang).mapped("display_name")
            vals_list.append(
                {
                    "activity_type_id": kind.id,
                    "automated": True,
                    "date_deadline": alerts[0].date,
                    "res_id": alerts[0].item_id.order_id.id,
                    "res_model_id": model,
                    "summary": ", ".join(dict.fromkeys(names)),
                    "user_id": user.id,
                }
            )
        activities = self.env["mail.activity"].with_context(
            mail_activity_quick_update=True
        )
        activities.create(vals_list)

    def _read_readers(self):
        """Contacts that are told, by alert and language: ``{lang: {alert: contacts}}``.

        Those of the customer that are marked Prepaid Hours.
        """
        contacts = self.env["res.partner"]
        readers = contacts.search(
            contacts._domain_prepaid_readers()
            & Domain("commercial_partner_id", "in", self.partner_id.ids)
        )
        by_customer = readers.grouped("commercial_partner_id")
        found = defaultdict(dict)
        for alert in self:
            own = by_customer.get(alert.partner_id, readers.browse())
            for lang, contacts in own.grouped("lang").items():
                found[lang][alert] = contacts
        return found

    def _mail_readers(self):
        """Queue the e-mails, in each reader's language; sent by core's own action."""
        template = self.env.ref(
            "helpdesk_track_bill_alert.mail_template_prepaid_hours",
            raise_if_not_found=False,
        )
        if not template:
            return
        for lang, contacts in self._read_readers().items():
            mails = template.with_context(reader_lang=lang).send_mail_batch(
                [alert.id for alert in contacts]
            )
            for mail in mails:
                mail.recipient_ids = contacts[self.browse(mail.res_id)]

    @api.model
    def _retry_mails(self):
        """Queue e-mails again that no mail server took; core tries each but once.

        Not what a server refused for its address or content.
        """
        # sudo: mails are the queue's own
        failed = self.env["mail.mail"].sudo()
        failed.search(
            [
                ("model", "=", self._name),
                ("state", "=", "exception"),
                ("failure_type", "in", (False, "unknown", "mail_smtp")),
                ("create_date", ">", fields.Datetime.now() - RETRIED_FOR),
            ]
        ).mark_outgoing()

    # ------------------------------------------------------------------
    # The scheduled action
    # ------------------------------------------------------------------
    @api.model
    def _look(self, company):
        """Find and tell what there is of a company, in one transaction."""
        checks = self.env["prepaid.hours.check"]
        checks._note_changed(company)
        while checks._check_some():
            pass
        last = 0
        while last := self._tell_some(last):
            pass

    @api.model
    def _cron_alert(self):
        """Find what changed, look, and tell; in batches, the next run goes on."""
        cron = self.env["ir.cron"]
        checks = self.env["prepaid.hours.check"]
        self._retry_mails()
        rules = self.env["prepaid.hours.alert.rule"]
        for (company,) in rules._read_group([], ["company_id"]):
            checks._note_changed(company)
            cron._commit_progress()
        while done := checks._check_some():
            if not cron._commit_progress(done, remaining=checks.search_count([])):
                return
        last = 0
        while last := self._tell_some(last):
            left = self.search_count([("state", "=", "new"), ("id", ">", last)])
            if not cron._commit_progress(1, remaining=left):
                return

    # ------------------------------------------------------------------
    # Actions
    # ------------------------------------------------------------------
    def action_renew_hours(self):
        """Make or open the renewal of the hours (R1)."""
        self.check_access("read")
        return self.item_id.action_renew_hours()
