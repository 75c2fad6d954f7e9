from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL, format_duration, formatLang

from ..tools import is_id

# Fewer hours than this are what rounding leaves of a used-up item.
SMALLEST_HOURS_LEFT = 0.005

# Context: the customer of the ticket whose item is chosen.
TICKET_KEY = "ticket_commercial_partner_id"


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    ticket_ids = fields.One2many(
        "helpdesk.ticket",
        "sale_line_id",
        string="Tickets",
        help="Tickets whose time draws from this item.",
    )
    ticket_count = fields.Integer("Tickets Count", compute="_compute_ticket_count")

    helpdesk_time_warning = fields.Char(
        "Hours Left Warning",
        compute="_compute_helpdesk_time_warning",
        help="Why hours left cannot be counted for this item; empty when they can.",
    )

    # prepaid items that still have hours: a few of a long history (K2)
    _open_prepaid_index = models.Index("(order_id) WHERE remaining_hours > 0")
    # prepaid items that more was logged on than sold: few of all
    _over_prepaid_index = models.Index("(remaining_hours) WHERE remaining_hours < 0")

    @api.depends("name", "order_id.name")
    @api.depends_context("item_name_of_list", TICKET_KEY)
    def _compute_display_name(self):
        """Name items in lists as their order does, by what is read of them anyway.

        Core compares each line with the description of its product in the customer's
        language, which takes a list of tickets nine queries more. Where a ticket's item
        is chosen, hours below nothing are "01:30 over", and not core's "-01:30
        remaining".
        """
        if self.env.context.get("item_name_of_list"):
            # sudo: as core names items; agents may not read orders
            lines = self.sudo()
            lines.order_id.fetch(["name"])
            for line in lines:
                title = (line.name or "").split("\n", 1)[0]
                line.display_name = f"{line.order_id.name} - {title}"
            return None
        res = super()._compute_display_name()
        context = self.env.context
        if not (context.get("with_remaining_hours") and TICKET_KEY in context):
            return res
        over = self.filtered(
            lambda line: line.remaining_hours_available and line.remaining_hours < 0
        )
        if over:
            plain = over.with_context(with_remaining_hours=False)
            super(SaleOrderLine, plain)._compute_display_name()
            for line, unnamed in zip(over, plain, strict=True):
                line.display_name = line._name_overrun(unnamed.display_name)
        return res

    def _additional_name_per_id(self):
        """Names tell prices to none but who may read the item (A1).

        Core names two lines of one product by their prices where the context asks for
        it, and names records as superuser.
        """
        if not self.env.context.get("with_price_unit"):
            return super()._additional_name_per_id()
        readable = self.sudo(False)._filtered_access("read").sudo(self.env.su)
        others = (self - readable).with_context(with_price_unit=False)
        return {
            **super(SaleOrderLine, readable)._additional_name_per_id(),
            **super(SaleOrderLine, others)._additional_name_per_id(),
        }

    def _name_overrun(self, name):
        """The item's name with the hours, or days, that it is over."""
        self.ensure_one()
        entries = self.env["account.analytic.line"]
        hours = -self.remaining_hours
        if self.env.company._records_days():
            days = formatLang(self.env, entries._convert_hours_to_days(hours))
            return self.env._("%(item)s (%(days)s days over)", item=name, days=days)
        return self.env._(
            "%(item)s (%(hours)s over)", item=name, hours=format_duration(hours)
        )

    @api.depends(
        "product_id.service_policy",
        "product_id.type",
        "product_uom_id",
        "qty_delivered_method",
    )
    @api.depends_context("lang")
    def _compute_helpdesk_time_warning(self):
        """Rule P1, with the unit of the line and the way that it is delivered."""
        for line in self:
            product = line.product_id.product_tmpl_id
            line.helpdesk_time_warning = (
                bool(product)
                and not line.is_expense
                and not line.is_downpayment
                and product._get_helpdesk_time_warning(
                    line.product_uom_id, line._is_delivered_by_time()
                )
            )

    @api.depends("ticket_ids")
    def _compute_ticket_count(self):
        # archived ones too: K7 makes them of tickets with time (K6)
        tickets = self.env["helpdesk.ticket"].with_context(active_test=False)
        counts = dict(
            tickets._read_group(
                [("sale_line_id", "in", self.ids)], ["sale_line_id"], ["__count"]
            )
        )
        for line in self:
            line.ticket_count = counts.get(line._origin, 0)

    def action_view_tickets(self):
        """Open the tickets whose time draws from the item."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "helpdesk_mgmt_sale.action_helpdesk_ticket"
        )
        return {
            **action,
            "domain": [("sale_line_id", "in", self.ids)],
            "context": {
                "active_test": False,
                "default_partner_id": self.order_partner_id[:1].id,
                "default_sale_line_id": self[:1].id,
            },
        }

    @api.model
    def name_search(self, name="", domain=None, operator="ilike", limit=100):
        if not self._is_ticket_drop_down():
            return super().name_search(name, domain, operator, limit)
        return super(SaleOrderLine, self._for_ticket_drop_down()).name_search(
            name.replace("\x00", ""),
            self._get_ticket_drop_down_domain(),
            operator,
            limit,
        )

    @api.model
    def web_name_search(
        self, name, specification, domain=None, operator="ilike", limit=100
    ):
        if not self._is_ticket_drop_down():
            return super().web_name_search(name, specification, domain, operator, limit)
        return super(SaleOrderLine, self._for_ticket_drop_down()).web_name_search(
            name.replace("\x00", ""),
            {"display_name": {}},
            self._get_ticket_drop_down_domain(),
            operator,
            limit,
        )

    @api.model
    def _is_ticket_drop_down(self):
        """Whether a helpdesk user fills a ticket's item, with whichever rights (A1)."""
        return (
            not self.env.su
            and TICKET_KEY in self.env.context
            and self.env["helpdesk.ticket"].has_access("create")
        )

    def _for_ticket_drop_down(self):
        # sudo: agents pick items whose order they may not read (A1); only names go
        # out, and only those of the domain built here
        return self.sudo()

    @api.model
    def _get_ticket_drop_down_domain(self):
        """The domain of K4, from the customer that the ticket's form names.

        The domain of the caller is not used: run as superuser it would answer
        questions about prices.
        """
        customer_id = self.env.context[TICKET_KEY]
        customer = self.env["res.partner"].browse(
            customer_id if is_id(customer_id) else ()
        )
        customer.check_access("read")
        company_id = self.env.context.get("ticket_company_id")
        company = self.env["res.company"].browse(
            company_id if is_id(company_id) else self.env.company.id
        )
        items = self.sudo()._search(
            self._domain_drawable(
                customer.sudo().commercial_partner_id.ids,
                (company & self.env.companies).ids,
            )
        )
        # as ids: core's search for services would not look at what was typed
        return Domain("id", "in", items)

    @api.model
    def _domain_ticket_service(self):
        """Confirmed services, neither expenses nor down payments."""
        return Domain(self._domain_sale_line_service()) & Domain(
            "is_downpayment", "=", False
        )

    @api.model
    def _domain_ticket_prepaid(self):
        """Prepaid items that still have hours (K2), whoever the customer is.

        Where Delivered is entered by hand, no time is ever counted (P1).
        """
        return self._domain_ticket_service() & Domain(
            [
                ("remaining_hours", ">=", SMALLEST_HOURS_LEFT),
                ("qty_delivered_method", "=", "timesheet"),
            ]
        )

    @api.model
    def _domain_ticket_items(self):
        """Items that a ticket can draw from (K4), whoever the customer is."""
        return self._domain_ticket_prepaid() | self._domain_ticket_post_paid()

    @api.model
    def _domain_ticket_post_paid(self):
        """Items billed by the time logged, whoever the customer is.

        Where Delivered is entered by hand, no time is ever counted (P1).
        """
        return self._domain_ticket_service() & Domain(
            [
                ("qty_delivered_method", "=", "timesheet"),
                ("product_id.invoice_policy", "=", "delivery"),
                ("product_id.service_type", "=", "timesheet"),
            ]
        )

    @api.model
    def _domain_drawable(self, customer_ids, company_ids):
        """Items that tickets of these customers and companies can draw from (K4).

        The one domain for the drop-down, the form and every check.

        :param customer_ids: commercial entities
        """
        return self._domain_ticket_items() & self._domain_of(customer_ids, company_ids)

    @api.model
    def _domain_of(self, customer_ids, company_ids):
        return Domain("company_id", "in", company_ids) & Domain(
            "order_partner_id.commercial_partner_id", "in", customer_ids
        )

    def _is_drawable_by(self, ticket):
        """Whether a ticket can draw from the item: the domain's twin (K4)."""
        self.ensure_one()
        return bool(
            self.filtered_domain(
                self._domain_drawable(
                    ticket.commercial_partner_id.ids, ticket.company_id.ids
                )
            )
        )

    def _get_refusal(self, ticket, with_hours=True):
        """Why a ticket, or time on it, cannot draw from the item (K4).

        :param with_hours: whether an item needs hours left; time may overrun one
        :returns: the first reason and the remedy, or False where it can be drawn from
        """
        self.ensure_one()
        if self._is_drawable_by(ticket):
            return False
        names = {"ticket": ticket.display_name, "company": ticket.company_id.name}
        if self.company_id != ticket.company_id:
            return self.env._(
                "The Sales Order Item of the ticket %(ticket)s belongs to another"
                " company: choose an item of %(company)s.",
                **names,
            )
        if self.order_partner_id.commercial_partner_id != ticket.commercial_partner_id:
            return self.env._(
                "The Sales Order Item of the ticket %(ticket)s belongs to another"
                " customer: choose an item of the ticket's customer.",
                **names,
            )
        if self.state != "sale":
            return self.env._(
                "The Sales Order Item of the ticket %(ticket)s is on no confirmed"
                " order: confirm the order, or choose another item.",
                **names,
            )
        if not self.filtered_domain(self._domain_ticket_service()):
            return self.env._(
                "The Sales Order Item of the ticket %(ticket)s is not a service that"
                " time can draw from: choose a service.",
                **names,
            )
        if not (self.remaining_hours_available and self._is_delivered_by_time()):
            return self.env._(
                "The Sales Order Item of the ticket %(ticket)s is neither prepaid in a"
                " unit of time nor billed by the time logged: choose another item.",
                **names,
            )
        return with_hours and self.env._(
            "The Sales Order Item of the ticket %(ticket)s has no hours left: choose"
            " one that has, or one that is billed afterwards.",
            **names,
        )

    @api.model
    def _get_newest_prepaid_by_customer(self, customers, companies):
        """Newest prepaid item with hours left, per customer and company (K2)."""
        return self._get_newest_by_customer(
            self._domain_ticket_prepaid(), customers, companies
        )

    @api.model
    def _get_newest_prepaid_of(self, tickets):
        """Newest prepaid item with hours left of each ticket's customer (K2).

        :returns: ``{ticket: item}``, the item possibly empty
        """
        newest = self._get_newest_prepaid_by_customer(
            tickets.commercial_partner_id._origin, tickets.company_id._origin
        )
        return {
            ticket: newest.get(
                (ticket.commercial_partner_id._origin, ticket.company_id._origin),
                self.browse(),
            )
            for ticket in tickets
        }

    @api.model
    def _get_newest_by_customer(self, domain, customers, companies):
        """Newest item of a domain per customer and company, by order date, then by id.

        :param domain: of items, which are looked for in confirmed orders only
        :param customers: commercial entities
        :param companies: companies to look in
        :returns: ``{(commercial entity, company): item}``, found by one query;
            without access rights or record rules: call it as superuser
        """
        if not customers or not companies:
            return {}
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self.env["sale.order"].flush_model(
            ["company_id", "date_order", "partner_id", "state"]
        )
        self.flush_model(["order_id"])
        items = self._search(domain)
        # the orders of a customer from the newest on, as the index has them, until
        # one has such an item: a long history is neither read nor sorted
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT ON (customer.commercial_partner_id, newest.company_id)
                       customer.commercial_partner_id, newest.company_id, newest.id
                  FROM res_partner customer
                 CROSS JOIN unnest(%(companies)s) company(id)
                 CROSS JOIN LATERAL (
                       SELECT %(item)s, history.company_id, history.date_order
                         FROM %(items)s
                         JOIN sale_order history ON history.id = %(order)s
                        WHERE history.partner_id = customer.id
                          AND history.company_id = company.id
                          AND history.state = 'sale'
                          AND %(domain)s
                        ORDER BY history.date_order DESC, %(item)s DESC
                        LIMIT 1
                       ) newest
                 WHERE customer.commercial_partner_id IN %(customers)s
                 ORDER BY customer.commercial_partner_id,
                          newest.company_id,
                          newest.date_order DESC,
                          newest.id DESC
                """,
                customers=tuple(customers.ids),
                companies=companies.ids,
                item=SQL.identifier(self._table, "id"),
                order=SQL.identifier(self._table, "order_id"),
                items=items.from_clause,
                domain=items.where_clause,
            )
        )
        return {
            (customers.browse(customer), companies.browse(company)): self.browse(item)
            for customer, company, item in rows
        }
