from datetime import date

from odoo import http
from odoo.fields import Domain
from odoo.http import request
from odoo.tools import date_utils

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager


class PrepaidHoursPortal(CustomerPortal):
    """A customer's prepaid hours: only the own commercial entity's (S3)."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "prepaid_hours_count" in counters:
            values["prepaid_hours_count"] = sum(
                len(self._prepaid_get_blocks_today(company))
                for company in self._prepaid_get_companies()
            )
        return values

    @http.route(
        ["/my/prepaid-hours", "/my/prepaid-hours/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_prepaid_hours(
        self, page=1, filterby=None, groupby=None, company=None, **kw
    ):
        companies = self._prepaid_get_companies()
        company = self._prepaid_choose_company(companies, company)
        spans = self._prepaid_get_spans(company)
        filterby = filterby if filterby in spans else "month"
        groupings = {
            "ticket": {"label": request.env._("Ticket")},
            "none": {"label": request.env._("None")},
        }
        groupby = groupby if groupby in groupings else "ticket"
        sheet = self._prepaid_get_sheet(company, *spans[filterby]["span"])
        rows = sheet["tickets" if groupby == "ticket" else "rows"]
        rows = sorted(rows, key=self._prepaid_get_day, reverse=True)
        url_args = {"filterby": filterby, "groupby": groupby, "company": company.id}
        pager = portal_pager(
            url="/my/prepaid-hours",
            url_args=url_args,
            total=len(rows),
            page=page,
            step=self._items_per_page,
        )
        offset = pager["offset"]
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "prepaid_hours",
            "default_url": "/my/prepaid-hours",
            "companies": companies,
            "company": company,
            "blocks_today": self._prepaid_get_blocks_today(company),
            "sheet": sheet,
            "rows": rows[offset : offset + self._items_per_page],
            "statements": self._prepaid_search_statements(
                Domain("company_id", "=", company.id)
            ),
            "pager": pager,
            "searchbar_filters": spans,
            "filterby": filterby,
            "searchbar_groupby": groupings,
            "groupby": groupby,
            "url_args": url_args,
        }
        return request.render(
            "helpdesk_track_bill_statement.portal_my_prepaid_hours", values
        )

    @http.route("/my/prepaid-hours/print", type="http", auth="user", website=True)
    def portal_print_prepaid_hours(self, filterby=None, company=None, **kw):
        company = self._prepaid_choose_company(self._prepaid_get_companies(), company)
        spans = self._prepaid_get_spans(company)
        span = spans[filterby if filterby in spans else "month"]["span"]
        sheet = self._prepaid_get_sheet(company, *span)
        return self._prepaid_print(sheet)

    @http.route(
        "/my/prepaid-hours/statement/<int:statement_id>",
        type="http",
        auth="user",
        website=True,
    )
    def portal_print_prepaid_statement(self, statement_id, **kw):
        """A locked statement, as the customer reads it."""
        statement = self._prepaid_search_statements(Domain("id", "=", statement_id))
        if not statement:
            raise request.not_found()
        return self._prepaid_print(statement._get_sheet(self._prepaid_see_tickets))

    # ------------------------------------------------------------------
    # What the visitor may see
    # ------------------------------------------------------------------
    def _prepaid_get_customer(self):
        # sudo: portal users may not read their commercial entity's fields
        return request.env.user.partner_id.commercial_partner_id.sudo()

    def _prepaid_get_companies(self):
        """Companies that sold the visitor's commercial entity hours and show them."""
        # sudo: only companies are read; the domain is the visitor's access
        lines = request.env["sale.order.line"].sudo()
        groups = lines._read_group(
            lines._domain_blocks()
            & Domain(
                "order_partner_id.commercial_partner_id",
                "=",
                self._prepaid_get_customer().id,
            ),
            ["company_id"],
        )
        companies = lines.company_id.union(*(company for (company,) in groups))
        return companies.filtered("prepaid_hours_portal")

    def _prepaid_choose_company(self, companies, wanted):
        """:raises NotFound: where the company shows the visitor nothing"""
        if wanted:
            companies = companies.filtered(lambda company: str(company.id) == wanted)
        if request.env.company in companies:
            return companies & request.env.company
        if not companies:
            raise request.not_found()
        return companies[0]

    def _prepaid_see_tickets(self, tickets):
        return tickets.with_user(request.env.user)._filtered_access("read")

    def _prepaid_get_sheet(self, company, first, last):
        # sudo: the whole account counts, and it is the visitor's
        account = request.env["prepaid.account"].sudo()
        return account._get_sheet(
            self._prepaid_get_customer(),
            company,
            first,
            last,
            self._prepaid_see_tickets,
        )

    def _prepaid_get_blocks_today(self, company):
        """Blocks with hours today, or later: what is left, until when."""
        # sudo: names and hours only, no prices, of the visitor's own hours
        account = request.env["prepaid.account"].sudo()
        customer = self._prepaid_get_customer()
        today = company._get_today()
        blocks = account._get_blocks(customer, company)
        statement, _entries = account._draw_up(blocks, customer, company, today, today)
        found = []
        for line in blocks:
            figures = statement.sum_up(line.id)
            upcoming = line.hours_state == "upcoming"
            if not (figures.closing or upcoming):
                continue
            ends = [part.date_end for part in statement.lines if part.block == line.id]
            found.append(
                {
                    "name": line._get_hours_name(),
                    "state": line.hours_state,
                    "minutes": figures.closing,
                    "ordered": line._get_ordered_hours(),
                    "start": line.hours_date_start,
                    "end": ends[-1] if ends else line.hours_date_end,
                }
            )
        return found

    def _prepaid_search_statements(self, domain):
        # sudo: the domain is the visitor's access
        return (
            request.env["prepaid.hours.statement"]
            .sudo()
            .search(
                Domain("state", "=", "locked")
                & Domain("partner_id", "=", self._prepaid_get_customer().id)
                & Domain("company_id.prepaid_hours_portal", "=", True)
                & domain
            )
        )

    # ------------------------------------------------------------------
    # Spans and printing
    # ------------------------------------------------------------------
    def _prepaid_get_spans(self, company):
        today = company._get_today()
        month = date_utils.start_of(today, "month")
        last_month = date_utils.subtract(month, months=1)
        quarter = date_utils.start_of(today, "quarter")
        year = date_utils.start_of(today, "year")
        last_year = date_utils.subtract(year, years=1)
        return {
            "month": {"label": request.env._("This Month"), "span": (month, today)},
            "last_month": {
                "label": request.env._("Last Month"),
                "span": (last_month, date_utils.subtract(month, days=1)),
            },
            "quarter": {
                "label": request.env._("This Quarter"),
                "span": (quarter, today),
            },
            "year": {"label": request.env._("This Year"), "span": (year, today)},
            "last_year": {
                "label": request.env._("Last Year"),
                "span": (last_year, date_utils.subtract(year, days=1)),
            },
            "all": {"label": request.env._("All"), "span": (date(1970, 1, 1), today)},
        }

    def _prepaid_get_day(self, row):
        """The latest day of a ticket's time, or the day of an entry."""
        return row["rows"][-1]["date"] if "rows" in row else row["date"]

    def _prepaid_print(self, sheet):
        """The PDF; a page to print where the server cannot make one."""
        # sudo: the report is rendered from a sheet read as the visitor
        reports = request.env["ir.actions.report"].sudo()
        reference = "helpdesk_track_bill_statement.action_report_statement"
        data = {"sheets": [{**sheet, "lang": request.env.lang}]}
        if reports.get_wkhtmltopdf_state() in ("install", "broken"):
            kind, render = "html", reports._render_qweb_html
        else:
            kind, render = "pdf", reports._render_qweb_pdf
        content = render(reference, [], data={"report_type": kind, **data})[0]
        headers = [
            (
                "Content-Type",
                "application/pdf" if kind == "pdf" else "text/html; charset=utf-8",
            ),
            ("Content-Length", len(content)),
        ]
        if kind == "pdf":
            name = request.env._("Prepaid hours %(date)s.pdf", date=sheet["last"])
            headers.append(("Content-Disposition", http.content_disposition(name)))
        return request.make_response(content, headers)
