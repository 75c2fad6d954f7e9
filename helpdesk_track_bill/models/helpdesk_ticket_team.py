import itertools
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import get_lang

from odoo.addons.sale_timesheet_books.tools import get_unit

from ..tools import translate_base


class HelpdeskTicketTeam(models.Model):
    _inherit = "helpdesk.ticket.team"

    allow_timesheet = fields.Boolean(
        "Timesheets", help="Time can be logged on this team's tickets."
    )
    allow_billable = fields.Boolean(
        "Time Billing", help="Time logged on this team's tickets can be billed."
    )
    default_project_id = fields.Many2one(
        domain="""[
            ('allow_timesheets', '=', True),
            ('is_template', '=', False),
            '|', ('company_id', '=', False), ('company_id', '=?', company_id),
        ]""",
    )
    show_timesheet_portal = fields.Boolean(
        "Time in Portal", help="Customers see the time on their tickets in the portal."
    )
    use_planned_hours = fields.Boolean(
        "Planned Hours", help="Tickets have an estimate of the hours that they take."
    )
    can_edit_products = fields.Boolean(
        compute="_compute_can_edit_products", export_string_translation=False
    )

    ask_time_after_reply = fields.Boolean(
        "Ask for time after a reply",
        help="Agents who send a message from a ticket are asked for the time it took.",
    )
    ask_time_on_closing = fields.Boolean(
        "Ask for time on closing",
        help="Agents who close a ticket without any time are asked for it once.",
    )

    # What the team's card shows: sums over everyone's time, for all who see the team,
    # and a count of the tickets that the user sees.
    week_hours = fields.Float(
        "Hours This Week",
        compute="_compute_week_hours",
        help="Hours that everybody logged on the team's tickets this week.",
        groups="base.group_user",
    )
    week_billable_share = fields.Float(
        "Billable",
        compute="_compute_week_hours",
        help="Share of this week's hours that draws from sales order items: 0 to 1.",
        groups="base.group_user",
    )
    over_prepaid_ticket_count = fields.Integer(
        "Over Prepaid Hours",
        compute="_compute_over_prepaid_ticket_count",
        help="Open tickets whose item has more hours logged than sold.",
        groups="base.group_user",
    )

    @api.depends_context("uid")
    def _compute_can_edit_products(self):
        self.can_edit_products = self.env["product.template"].has_access("write")

    @api.depends("ticket_ids.timesheet_ids.unit_amount")
    @api.depends_context("allowed_company_ids")
    def _compute_week_hours(self):
        hours = defaultdict(float)
        billable_hours = defaultdict(float)
        hour = get_unit(self.env, "hour")
        for team_id, unit_id, amount, billable_amount in self._get_week_amounts():
            team = self.browse(team_id)
            unit = hour.browse(unit_id)
            hours[team] += unit._compute_quantity(amount, hour, round=False)
            billable_hours[team] += unit._compute_quantity(
                billable_amount, hour, round=False
            )
        for team in self:
            origin = team._origin
            team.week_hours = hours[origin]
            team.week_billable_share = (
                hours[origin] and billable_hours[origin] / hours[origin]
            )

    def _get_week_amounts(self):
        """Team, unit, amount of time and the billable part of it, this week.

        Everybody's, in the companies that the user works in. By one pass over them,
        which ``_read_hours`` cannot do: grouped by item as many rows would come back as
        there are items, and asked twice the cards of 50 teams take a third longer.
        """
        # sudo: sums alone go out, for a team that the user may see
        entries = self.env["account.analytic.line"].sudo()
        column = entries._get_hours_field(billed=False)
        query = entries._search(
            self._domain_week_timesheets()
            & Domain("company_id", "in", self.env.companies.ids)
        )
        team, unit, amount, item = (
            SQL.identifier(entries._table, name)
            for name in ("ticket_team_id", "product_uom_id", column, "so_line")
        )
        billable = SQL(
            "COALESCE(SUM(%s) FILTER (WHERE %s IS NOT NULL), 0)", amount, item
        )
        query.groupby = SQL("%s, %s", team, unit)
        entries.flush_model(["product_uom_id", "so_line", column])
        return self.env.execute_query(
            query.select(team, unit, SQL("SUM(%s)", amount), billable)
        )

    @api.depends("ticket_ids.remaining_hours_so", "ticket_ids.closed")
    def _compute_over_prepaid_ticket_count(self):
        counts = dict(
            self.env["helpdesk.ticket"]._read_group(
                self._domain_over_prepaid_tickets(), ["team_id"], ["__count"]
            )
        )
        for team in self:
            team.over_prepaid_ticket_count = counts.get(team._origin, 0)

    @api.onchange("allow_billable")
    def _onchange_allow_billable(self):
        if self.allow_billable:
            self.allow_timesheet = True

    @api.onchange("allow_timesheet")
    def _onchange_allow_timesheet(self):
        if not self.allow_timesheet:
            self.allow_billable = False

    @api.constrains("company_id", "allow_timesheet")
    def _check_company_of_tickets(self):
        """A team with time stays in the company of its tickets (A5)."""
        teams = self.filtered(lambda team: team.allow_timesheet and team.company_id)
        tickets = self.env["helpdesk.ticket"].with_context(active_test=False)
        for team, company in tickets._read_group(
            [("team_id", "in", teams.ids)], ["team_id", "company_id"]
        ):
            if company != team.company_id:
                raise ValidationError(
                    self.env._(
                        "The team %(team)s has tickets of another company than"
                        " %(company)s: move them to a team of their company first.",
                        team=team.name,
                        company=team.company_id.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        # defaults tick boxes too, those of the context among them; what is given wins
        defaults = self.default_get(["allow_billable", "allow_timesheet"])
        teams = super().create(
            [
                self._link_time_features({**defaults, **self._link_time_features(vals)})
                for vals in vals_list
            ]
        )
        for team, vals in zip(teams, vals_list, strict=True):
            if vals.get("default_project_id"):
                team._store_project_in_company(vals["default_project_id"])
        teams._prepare_timesheet_project()
        return teams

    def write(self, vals):
        res = super().write(self._link_time_features(vals))
        if "default_project_id" in vals:
            self._store_project_in_company(vals["default_project_id"])
        if not vals.keys().isdisjoint(
            ("allow_timesheet", "allow_billable", "default_project_id", "company_id")
        ):
            self._prepare_timesheet_project()
        return res

    @api.model
    def _domain_time_in_portal(self):
        """Teams whose time customers see (A4), while time is logged (T4)."""
        return Domain(
            [("allow_timesheet", "=", True), ("show_timesheet_portal", "=", True)]
        )

    def _retrieve_dashboard(self):
        return [
            {**figure, "name": translate_base(self.env, figure["name"])}
            for figure in super()._retrieve_dashboard()
        ]

    def action_open_time_product(self):
        """Open the product that bills time afterwards (rule T5)."""
        product = self.env.ref("sale_timesheet.time_product")
        return product.product_tmpl_id._get_records_action()

    def action_open_service_products(self):
        """Open the services that bill time, by their policy (rule T5)."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "sale.product_template_action"
        )
        return {
            **action,
            "display_name": self.env._("Services of Time"),
            "domain": list(self.env["product.template"]._domain_helpdesk_time()),
            "context": {
                "default_type": "service",
                "default_service_policy": "ordered_prepaid",
                "group_by": ["invoice_policy"],
            },
            "view_mode": "list,kanban,form",
            "views": [(False, "list"), (False, "kanban"), (False, "form")],
        }

    def action_view_week_timesheets(self):
        """Open the time entries that :attr:`week_hours` counts.

        As far as the user may see them; the title says so.
        """
        return self._get_timesheets_action(
            self.env._("Time This Week")
            if self._is_time_of_all_shown()
            else self.env._("My Time This Week"),
            self._domain_week_timesheets(),
        )

    def action_view_week_billable_timesheets(self):
        """Open the billable among them, which :attr:`week_billable_share` counts."""
        return self._get_timesheets_action(
            self.env._("Billable Time This Week")
            if self._is_time_of_all_shown()
            else self.env._("My Billable Time This Week"),
            self._domain_week_timesheets() & Domain("so_line", "!=", False),
        )

    @api.model
    def _is_time_of_all_shown(self):
        """Whether the user reads colleagues' entries; agents read their own."""
        return self.env.user.has_group("hr_timesheet.group_hr_timesheet_approver")

    def action_view_over_prepaid_tickets(self):
        """Open the tickets that :attr:`over_prepaid_ticket_count` counts."""
        action = self.env["ir.actions.actions"]._for_xml_id(
            "helpdesk_mgmt.helpdesk_ticket_action"
        )
        return {
            **action,
            "display_name": self.env._("Over Prepaid Hours"),
            "domain": list(self._domain_over_prepaid_tickets()),
            "context": {"default_team_id": self[:1].id},
        }

    def _get_timesheets_action(self, name, domain):
        action = self.env["ir.actions.actions"]._for_xml_id(
            "helpdesk_track_bill.timesheet_action_from_ticket"
        )
        return {
            **action,
            "display_name": name,
            "domain": list(domain),
            "context": {"is_timesheet": 1},
        }

    def _domain_week_timesheets(self):
        return Domain(
            [
                ("ticket_team_id", "in", self._origin.ids),
                ("project_id", "!=", False),
                ("date", ">=", self._get_week_start()),
                ("date", "<", self._get_week_start() + timedelta(weeks=1)),
            ]
        )

    @api.model
    def _get_week_start(self):
        """First day of the week, as the company's language has it.

        Not the reader's: a team's figures are the same for everybody.
        """
        today = fields.Date.context_today(self)
        language = get_lang(self.env, self.env.company.partner_id.lang)
        return today - timedelta((today.isoweekday() - int(language.week_start)) % 7)

    def _domain_over_prepaid_tickets(self):
        return Domain(
            [
                ("team_id", "in", self._origin.ids),
                ("closed", "=", False),
                ("remaining_hours_so", "<", 0),
            ]
        )

    @api.model
    def _link_time_features(self, vals):
        """Complete values so that Time Billing never stands without Timesheets (T1)."""
        if vals.get("allow_billable"):
            return {**vals, "allow_timesheet": True}
        if "allow_timesheet" in vals and not vals["allow_timesheet"]:
            return {**vals, "allow_billable": False}
        return vals

    def _store_project_in_company(self, project_id):
        """Store the project where it counts: in the team's own company (T2).

        The field is stored per company, at first in the one that the user works in.
        """
        for company, teams in self.grouped("company_id").items():
            there = teams.with_company(company)
            if company and company != self.env.company:
                there.filtered(
                    lambda team: team.default_project_id.id != project_id
                ).default_project_id = project_id

    def _get_timesheet_project(self, company):
        """The project that records this team's time in a company (may be empty)."""
        return self.with_company(self.company_id or company).default_project_id

    def _prepare_timesheet_project(self):
        """Give teams with Timesheets a project that fits their boxes (T2, T3).

        :raises ValidationError: where the project belongs to another company (A5)
        """
        # sudo: helpdesk managers set their teams up without rights on projects, and in
        # companies that they do not work in; writing the team, checked above, is what
        # entitles them
        timed = self.filtered("allow_timesheet").sudo()
        timed._give_projects()
        for company, teams in timed.grouped("company_id").items():
            companies = company or self._get_companies_of_shared()
            for team in itertools.chain(*map(teams.with_company, companies)):
                project = team.default_project_id
                if company and project.company_id and project.company_id != company:
                    raise ValidationError(
                        self.env._(
                            "The project %(project)s belongs to another company than"
                            " the team %(team)s: choose a project of %(company)s.",
                            project=project.name,
                            team=team.name,
                            company=company.name,
                        )
                    )
                if not project.allow_timesheets:
                    project.allow_timesheets = True
                if team.allow_billable and not project.allow_billable:
                    project.allow_billable = True

    def _give_projects(self):
        """Teams that have no project get one (T2); called as superuser.

        A team of no company has one in each: the one of the company that the user
        works in, or, where that is this company's own, one of no company.
        """
        for company, teams in self.grouped("company_id").items():
            at_home = teams.with_company(company or self.env.company)
            without = at_home.filtered(lambda team: not team.default_project_id)
            for team, project in without._create_projects().items():
                team._set_project(project)
            if company:
                continue
            companies = self._get_companies_of_shared()
            there = [*itertools.chain(*map(teams.with_company, companies))]
            lacking = [team for team in there if not team.default_project_id]
            shared = {
                team: team.default_project_id
                for team in (*there, *at_home)
                if team.default_project_id and not team.default_project_id.company_id
            }
            without = (
                teams.browse()
                .union(*lacking)
                .filtered(lambda team, shared=shared: team not in shared)
            )
            shared |= without._create_projects()
            for team in lacking:
                team._set_project(shared[team])

    def _set_project(self, project):
        """Write a project that suits the team already, without looking at it again."""
        # pylint: disable=missing-return,super-method-mismatch  # a part of write
        super().write({"default_project_id": project.id})

    def _create_projects(self):
        projects = self.env["project.project"].create(
            [team._prepare_timesheet_project_vals() for team in self]
        )
        return dict(zip(self, projects, strict=True))

    @api.model
    def _get_companies_of_shared(self):
        """The companies in which a team of no company may have tickets.

        Archived ones too: they may come back.
        """
        # sudo: also those that the user does not work in
        companies = self.env["res.company"].sudo()
        return companies.search([("active", "in", (True, False))])

    def _prepare_timesheet_project_vals(self):
        self.ensure_one()
        return {
            "name": self.name,
            "company_id": self.company_id.id,
            "allow_timesheets": True,
            "allow_billable": self.allow_billable,
        }
