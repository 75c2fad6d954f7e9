from pathlib import Path

from odoo.exceptions import AccessError
from odoo.tools import file_path

from .common import PrepaidCommon

TIMESHEETS = "hr_timesheet.group_hr_timesheet_user"
ROLES = {
    "helpdesk manager": f"helpdesk_mgmt.group_helpdesk_manager,{TIMESHEETS}",
    "agent": f"helpdesk_mgmt.group_helpdesk_user_team,{TIMESHEETS}",
    "agent, own tickets": f"helpdesk_mgmt.group_helpdesk_user_own,{TIMESHEETS}",
    "salesperson, all": "sales_team.group_sale_salesman_all_leads",
    "salesperson, own": "sales_team.group_sale_salesman",
    "accountant": "account.group_account_invoice",
    "project user": "project.group_project_user",
    "customer": "base.group_portal",
}


class RightsCommon(PrepaidCommon):
    """A block of a customer, and a user of each role of section 4 of the specification.

    The salesperson's own orders are the block's and another customer's.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.block = cls._sell_block(10, "2026-01-01", "2099-12-31")
        cls.other_block = cls._sell_block(10, partner=cls.other_customer)
        cls.users = {}
        for number, (role, groups) in enumerate(ROLES.items()):
            values = {}
            if groups == "base.group_portal":
                values["partner_id"] = cls.contact.id
            user = cls._create_user(f"role_{number}", groups, **values)
            cls.users[role] = user
            if "agent" in role:
                cls.team.user_ids |= user
        own = cls.users["salesperson, own"]
        (cls.block | cls.other_block).order_id.user_id = own
        cls.ticket = cls._create_ticket(user_id=cls.users["agent, own tickets"].id)

    def _check_matrix(self, title, expected):
        """Each role does each action; the page of rights is renewed.

        An AccessError, or nothing found or shown, is a refusal.

        :param expected: for each action A(llowed) or R(efused), in the order of ROLES
        """
        measured = {}
        for action in expected:
            name = action.lower().replace("'", "").replace(" ", "_")
            measured[action] = "".join(
                self._measure(getattr(self, f"_{name}"), user)
                for user in self.users.values()
            )
        self._write_section(title, measured)
        self.assertEqual(measured, expected)

    def _measure(self, act, user):
        with self.cr.savepoint() as savepoint:
            try:
                done = bool(act(user))
            except AccessError:
                done = False
            savepoint.rollback()
        self.env.invalidate_all()
        return "A" if done else "R"

    def _write_section(self, title, measured):
        """Renew the section in the repository, where the addon is in one."""
        root = Path(file_path("helpdesk_track_bill_prepaid")).parent
        page = root / "docs/rights.md"
        if not page.exists():
            return
        words = {"A": "allowed", "R": "refused"}
        rows = [["", *ROLES]]
        rows += [
            [action, *(words[letter] for letter in letters)]
            for action, letters in measured.items()
        ]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        rows.insert(1, ["-" * width for width in widths])
        table = "".join(
            f"| {' | '.join(map(str.ljust, row, widths))} |\n" for row in rows
        )
        first, *sections = page.read_text().split("\n## ")
        sections = [part for part in sections if not part.startswith(f"{title}\n")]
        groups = "; ".join(
            f"{role}: {', '.join(f'`{group}`' for group in groups.split(','))}"
            for role, groups in ROLES.items()
        )
        sections.append(f"{title}\n\nThe roles are {groups}.\n\n{table}")
        parts = [first, *sorted(section.rstrip() + "\n" for section in sections)]
        page.write_text("\n## ".join(parts))
