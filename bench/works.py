"""What is measured: each work prepares itself and returns what is to be timed.

``OURS`` does the work on tickets, ``CORE`` does core's own way of the same work, on the
same database.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from lxml import etree
from odoo import Command, fields
from odoo.tools.safe_eval import safe_eval

OURS, CORE = "addon", "core"
AGENT, MANAGER, REVIEWER = "agent0", "manager", "reviewer"
ADDON = "helpdesk_track_bill"
# of the rows of a sub-list, as the web client does
SHOWN_LINES = 40
# entries whose creation is weighed
MANY = 10_000


@dataclass
class Work:
    """What is measured, and the most that ours may cost.

    :param function: prepares the work for an environment and a side, and returns what
        is to be timed
    :param beside: what it is compared with; None where there is nothing alike
    :param goals: ``time`` and ``queries`` as ratios to core's; ``more`` queries than
        core's; ``milliseconds``
    :param login: whose work it is
    :param warm: whether what was read in preparing it may stay in the cache
    :param place: the addon beside which it is measured, of `data.PLACES`
    :param suffix: what its name has besides the function's, which several works do
    """

    function: Callable
    title: str
    beside: str | None = None
    login: str = AGENT
    warm: bool = False
    place: str | None = None
    goals: dict = field(default_factory=dict)
    suffix: str = ""

    @property
    def name(self):
        return self.function.__name__ + self.suffix

    @property
    def sides(self):
        return (OURS, CORE) if self.beside else (OURS,)


WORKS = []


def work(title, beside, login=AGENT, warm=False, place=None, **goals):
    """Declare a work; for the parameters see :class:`Work`."""

    def declare(function):
        WORKS.append(Work(function, title, beside, login, warm, place, goals))
        return function

    return declare


def also_waiting(function):
    """Declare the last work once more, without ``sale_timesheet_settle``."""
    last = WORKS[-1]
    title = f"{last.title}, without settlement"
    WORKS.append(replace(last, title=title, place="waiting", suffix="_waiting"))
    return function


# ---------------------------------------------------------------------------
# what the web client asks for
# ---------------------------------------------------------------------------
def get_arch(records, kind):
    return etree.fromstring(records.get_views([(False, kind)])["views"][kind]["arch"])


def get_specification(records, arch, ours=True):
    """The fields of a view, names of records, sub-lists.

    :param ours: whether with what the addon adds to the view
    """
    specification = {}
    for node in arch.iter("field"):
        if any(parent.tag == "field" for parent in node.iterancestors()):
            continue
        shown = records._fields[node.get("name")]
        if not ours and shown._modules == (ADDON,):
            continue
        wanted = {}
        if shown.type == "many2one":
            wanted = {"fields": {"display_name": {}}}
            # as the client does, where the view gives the name a context
            if "item_name_of_list" in node.get("context", ""):
                wanted["context"] = safe_eval(node.get("context"))
        elif shown.type in ("one2many", "many2many"):
            comodel = records.env[shown.comodel_name]
            lists = node.findall("list")
            wanted = {
                "fields": get_specification(comodel, lists[0])
                if lists
                else {"display_name": {}},
                "limit": SHOWN_LINES,
            }
            if lists and lists[0].get("default_order"):
                wanted["order"] = lists[0].get("default_order")
        specification[shown.name] = wanted
    return specification


def get_special(env, side, name):
    """The ticket or task of that name which has the entries."""
    model, order = (
        ("helpdesk.ticket", "id") if side == OURS else ("project.task", "id desc")
    )
    return env[model].search([("name", "=", name)], order=order, limit=1)


def get_records(env, side, count):
    """So many tickets or tasks that have entries on prepaid items."""
    model = "helpdesk.ticket" if side == OURS else "project.task"
    name = "Ticket %" if side == OURS else "Task %"
    domain = [
        ("name", "=like", name),
        ("sale_line_id.remaining_hours", ">", 0),
        ("sale_line_id.order_partner_id", "!=", False),
    ]
    return env[model].sudo().search(domain, order="id desc", limit=count).sudo(False)


def get_entry_vals(records, count=1):
    link = "ticket_id" if records._name == "helpdesk.ticket" else "task_id"
    return [
        {link: records[number % len(records)].id, "name": "Done", "unit_amount": 0.25}
        for number in range(count)
    ]


# ---------------------------------------------------------------------------
# works
# ---------------------------------------------------------------------------
@also_waiting
@work("log one entry (first of a request)", "on a task", time=1.10, queries=1.05)
def log_one(env, side):
    vals_list = get_entry_vals(get_records(env, side, 1))
    return lambda: env["account.analytic.line"].create(vals_list)


@also_waiting
@work("log one more entry (warm)", "on a task", warm=True, time=1.10, queries=1.05)
def log_one_more(env, side):
    entries = env["account.analytic.line"]
    vals_list = get_entry_vals(get_records(env, side, 1))
    entries.create([dict(vals) for vals in vals_list])
    env.flush_all()
    return lambda: entries.create(vals_list)


@also_waiting
@work("log 1,000 entries on 100 tickets", "on 100 tasks", time=1.10, queries=1.10)
def log_thousand(env, side):
    vals_list = get_entry_vals(get_records(env, side, 100), 1000)
    return lambda: env["account.analytic.line"].create(vals_list)


@work(
    "create 1,000 tickets of 1,000 customers", "team without time", time=1.25, more=12
)
def create_tickets(env, side):
    name = "Support 0" if side == OURS else "Without time"
    team = env["helpdesk.ticket.team"].search([("name", "=", name)])
    contacts = env["res.partner"].search(
        [("name", "=like", "Contact %")], order="id", limit=1000
    )
    vals_list = [
        {
            "name": "Broken",
            "description": "It hums.",
            "team_id": team.id,
            "partner_id": contact.id,
        }
        for contact in contacts
    ]
    return lambda: env["helpdesk.ticket"].create(vals_list)


@work("find the default item of the largest customer", "one probe", milliseconds=5)
def default_item(env, side):
    items = env["sale.order.line"].sudo()
    customer = env["res.partner"].sudo().search([("name", "=", "Customer 0")])
    if side == OURS:
        return lambda: items._get_newest_prepaid_by_customer(customer, env.company)
    query = "SELECT id FROM sale_order_line WHERE order_partner_id = %s LIMIT 1"
    return lambda: env.cr.execute(query, [customer.child_ids.id])


@work("open a ticket with 200 entries", "task form", time=1.0)
def open_form(env, side):
    record = get_special(env, side, "long")
    specification = get_specification(record, get_arch(record, "form"))
    return lambda: record.web_read(specification)


@work("list of 80 tickets", "without our columns", time=1.3, more=4)
def list_tickets(env, side):
    tickets = env["helpdesk.ticket"]
    specification = get_specification(tickets, get_arch(tickets, "list"), side == OURS)
    domain = [("name", "=like", "Ticket %")]
    return lambda: tickets.web_search_read(
        domain, specification, limit=80, count_limit=10001
    )


@work("type one line with 200 entries", "task form", time=1.0)
def type_line(env, side):
    record = get_special(env, side, "long")
    arch = get_arch(record, "form")
    specification = get_specification(record, arch)
    lines = specification["timesheet_ids"]["fields"]
    node = next(
        node for node in arch.iter("field") if node.get("name") == "timesheet_ids"
    )
    context = safe_eval(
        node.get("context", "{}"),
        {
            "id": record.id,
            "allow_billable": True,
            "project_id": record.project_id.id,
            "company_id": record.company_id.id,
            "uid": env.uid,
            "context": {},
            "active_test": True,
            "active_id": record.id,
            "parent": None,
            "user_ids": record.user_ids.ids if side == CORE else [],
        },
    )
    entries = env["account.analytic.line"].with_context(**context)
    inverse = record._fields["timesheet_ids"].inverse_name

    def act():
        # a new line, its hours typed, then the totals of the form
        parent = {inverse: {"id": record.id}}
        new = entries.onchange(parent, [], lines)["value"]
        vals = {
            name: value["id"] if isinstance(value, dict) else value
            for name, value in new.items()
        }
        vals["unit_amount"] = 1.5
        changed = entries.onchange({**vals, **parent}, ["unit_amount"], lines)["value"]
        vals.update(
            (name, value["id"] if isinstance(value, dict) else value)
            for name, value in changed.items()
        )
        vals.pop(inverse, None)
        commands = [[Command.CREATE, "virtual_1", vals]]
        return record.onchange(
            {"timesheet_ids": commands}, ["timesheet_ids"], specification
        )

    return act


@work("team kanban of 50 teams", "without our figures", login=MANAGER, time=1.5)
def team_kanban(env, side):
    teams = env["helpdesk.ticket.team"]
    specification = get_specification(teams, get_arch(teams, "kanban"), side == OURS)
    return lambda: teams.web_search_read([], specification, limit=80)


@work("search “Over prepaid hours”", None, milliseconds=50)
def over_prepaid(env, _side):
    tickets = env["helpdesk.ticket"]
    arch = get_arch(tickets, "search")
    node = arch.find(".//filter[@name='over_prepaid_hours']")
    domain = safe_eval(node.get("domain"))
    return lambda: tickets.web_search_read(
        domain, {"name": {}}, limit=80, count_limit=10001
    )


@work("report Time: a year by team and month", None, login=MANAGER, milliseconds=2000)
def time_report(env, _side):
    report = env["timesheets.analysis.report"]
    return lambda: report.formatted_read_grouping_sets(
        [("ticket_id", "!=", False), ("project_id", "!=", False)],
        [[], ["ticket_team_id"], ["date:month"], ["ticket_team_id", "date:month"]],
        ["__count", "unit_amount:sum", "billable_share:avg"],
    )


@work("overview of last month", None, login=MANAGER, milliseconds=2000)
def time_overview(env, _side):
    overview = env["helpdesk.time.overview"]
    return lambda: overview.get_overview("last_month")


@work("invoice 10,000 entries with a period", "on tasks", login=MANAGER, time=1.05)
def invoice(env, side):
    order = get_special(env, side, "invoice").sudo().sale_line_id.order_id.sudo(False)
    today = fields.Date.today()
    wizards = env["sale.advance.payment.inv"].with_context(
        active_model="sale.order", active_ids=order.ids
    )
    wizard = wizards.create(
        {
            "advance_payment_method": "delivered",
            "date_start_invoice_timesheet": fields.Date.subtract(today, days=400),
            "date_end_invoice_timesheet": today,
        }
    )
    return wizard.create_invoices


@work(
    "open Time to Bill by item, 100,000 entries",
    "list of time by item",
    login=REVIEWER,
    place="review",
    milliseconds=1000,
)
def open_time_to_bill(env, side):
    entries = env["account.analytic.line"].with_context(is_timesheet=1)
    if side == OURS:
        domain = [("is_time_to_bill", "=", True)]
        aggregates = [
            "unit_amount_rounded:sum",
            "billing_attention:sum",
            "billing_amount:sum",
            "billing_amount:sum_currency",
            "billing_currency_id:array_agg_distinct",
        ]
        order = "billing_attention desc, date, id"
    else:
        domain = [
            ("task_id", "!=", False),
            ("timesheet_invoice_id", "=", False),
            ("timesheet_invoice_type", "=", "billable_time"),
        ]
        aggregates, order = [], "date, id"
    return lambda: entries.web_read_group(
        domain, ["so_line"], ["unit_amount:sum", *aggregates], limit=80, order=order
    )


@work(
    "approve 1,000 entries",
    "write the hours of 1,000",
    login=REVIEWER,
    place="review",
    time=1.0,
)
def approve(env, side):
    link = "ticket_id" if side == OURS else "task_id"
    entries = env["account.analytic.line"].search(
        [(link, "!=", False), ("timesheet_invoice_type", "=", "billable_time")],
        order="id desc",
        limit=1000,
    )
    if side == OURS:
        return entries.action_approve
    return lambda: entries.write({"unit_amount": 0.75})


# ---------------------------------------------------------------------------
# works on the account of prepaid hours, beside a team that does not draw from it
# ---------------------------------------------------------------------------
def get_account_tickets(env, side, name):
    """Tickets of an account, on the team that draws or on the one that does not."""
    team = "Drawing" if side == OURS else "Not drawing"
    domain = [("name", "=", name), ("team_id.name", "=", team)]
    return env["helpdesk.ticket"].search(domain)


@work(
    "draw one entry from one block",
    "team without drawing",
    place="account",
    time=1.25,
    more=4,
)
def draw_one(env, side):
    vals_list = get_entry_vals(get_account_tickets(env, side, "few"))
    return lambda: env["account.analytic.line"].create(vals_list)


@work("draw one entry from two blocks", "team without drawing", place="account", time=2)
def draw_split(env, side):
    vals_list = get_entry_vals(get_account_tickets(env, side, "split"))
    return lambda: env["account.analytic.line"].create(vals_list)


@work(
    "draw 1,000 entries in one call", "team without drawing", place="account", time=1.5
)
def draw_thousand(env, side):
    vals_list = get_entry_vals(get_account_tickets(env, side, "few"), 1000)
    return lambda: env["account.analytic.line"].create(vals_list)


@work("draw beside 5,000 old blocks", "beside 5", place="account", time=1.1)
def draw_beside_old(env, side):
    name = "many" if side == OURS else "few"
    vals_list = get_entry_vals(get_account_tickets(env, OURS, name))
    return lambda: env["account.analytic.line"].create(vals_list)


def open_redraw(env):
    customer = env["res.partner"].search([("name", "=", "Account redraw")])
    return env["prepaid.hours.redraw"].create({"partner_id": customer.id})


@work(
    "preview a redraw of 10,000 entries",
    None,
    login=MANAGER,
    place="account",
    milliseconds=10_000,
)
def redraw_preview(env, _side):
    wizard = open_redraw(env)
    return lambda: wizard.read(["line_ids", "block_line_ids", "amount_after"])


@work(
    "write a redraw of 10,000 entries",
    None,
    login=MANAGER,
    place="account",
    milliseconds=30_000,
)
def redraw_write(env, _side):
    return open_redraw(env).action_confirm


@work(
    "list of 80 accounts",
    "list of order lines",
    login=MANAGER,
    place="account",
    time=1.3,
)
def list_accounts(env, side):
    if side == OURS:
        blocks = env["prepaid.hours.block"]
        specification = get_specification(blocks, get_arch(blocks, "list"))
        return lambda: blocks.web_search_read([], specification, limit=80)
    lines = env["sale.order.line"]
    names = ("product_uom_qty", "qty_delivered", "remaining_hours", "state")
    named = {"fields": {"display_name": {}}}
    specification = {
        **{name: {} for name in names},
        **dict.fromkeys(("order_partner_id", "order_id", "product_id"), named),
    }
    domain = [("state", "=", "sale"), ("remaining_hours", "!=", False)]
    return lambda: lines.web_search_read(domain, specification, limit=80)


@work("close 1,000 of 100,000 periods", None, place="account", milliseconds=5_000)
def close_periods(env, _side):
    periods = env["sale.order.line.hours.period"].sudo()
    return lambda: periods._find_due(env.company)._close()


def get_growing(entries):
    """The work of logging one more entry on an item that has so many."""

    def grow(env, side):
        vals_list = get_entry_vals(get_special(env, side, f"growth {entries}"))
        return lambda: env["account.analytic.line"].create(vals_list)

    return Work(grow, f"log an entry beside {entries:,} of its item", "on a task")


def log_many(env, side):
    vals_list = get_entry_vals(get_records(env, side, 100), MANY)
    return lambda: env["account.analytic.line"].create(vals_list)


MEMORY_WORK = Work(log_many, f"memory of creating {MANY:,} entries", "on tasks")
