import contextlib

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ReviewCommon


@tagged("post_install", "-at_install")
class TestRoles(ReviewCommon):
    """Roles and what they may do: each action is tried by each of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        timesheets = "hr_timesheet.group_hr_timesheet_user"
        reviewer = "helpdesk_track_bill_review.group_reviewer"
        biller = "helpdesk_track_bill_review.group_biller"
        cls.salesperson.group_ids |= cls.env.ref("sales_team.group_sale_manager")
        colleague = cls._create_user(
            "colleague", f"helpdesk_mgmt.group_helpdesk_user_team,{timesheets}"
        )
        cls.team.user_ids += colleague
        cls.roles = {
            "agent": cls.agent,
            "colleague": colleague,
            "reviewer": cls.reviewer,
            "other reviewer": cls._create_user("other_reviewer", reviewer),
            "biller": cls.biller,
            "both": cls._create_user(
                "both", f"{reviewer},{biller},account.group_account_invoice"
            ),
            "salesperson": cls.salesperson,
            "manager": cls._create_user(
                "helpdesk_manager", "helpdesk_mgmt.group_helpdesk_manager"
            ),
        }
        cls.team.review_time = True
        cls.entry = cls._log(cls.ticket, 1)
        cls.rejected = cls._log(cls.ticket, 1)
        cls.rejected.review_state = "rejected"
        cls.due = cls._log(cls.ticket, 1, is_questioned=True)
        cls.due.review_state = "approved"
        cls.other_item = cls._sell(cls.post_paid_product, 1)
        cls.change = cls.env["helpdesk.time.change"].search(
            [("entry_id", "=", cls.due.id)], limit=1
        )
        cls.kind = cls._create_kind()
        cls.env.flush_all()

    def _get_allowed(self, act):
        """The roles that may do it; what they did is undone."""
        allowed = set()
        for role, user in self.roles.items():
            self.env.invalidate_all()
            savepoint = self.env.cr.savepoint()
            with contextlib.suppress(AccessError, UserError):
                act(self.env(user=user, su=False))
                allowed.add(role)
            savepoint.rollback()
            savepoint.close()
        return allowed

    def _check(self, act, *roles):
        self.assertEqual(self._get_allowed(act), set(roles))

    def _write(self, values, entry=None):
        entry = entry or self.entry
        return lambda env: entry.with_env(env).write(values)

    def test_rights_of_roles_to_decide(self):
        decided = ("reviewer", "both")
        for values in (
            {"unit_amount_rounded": 3, "review_reason": "As agreed"},
            {"is_billed_amount_edited": False},
            {"review_state": "approved"},
            {"review_state": "rejected", "review_reason": "Whose is it?"},
        ):
            with self.subTest(**values):
                self._check(self._write(values), *decided)
        self._check(
            lambda env: self.entry.with_env(env).action_write_off(), "agent", *decided
        )
        self._check(
            self._write({"no_charge_reason_id": self.goodwill.id}), "agent", *decided
        )
        self._check(
            self._write({"review_state": "submitted"}, self.rejected), "agent", *decided
        )
        self._check(
            self._write({"no_charge_reason_id": self.goodwill.id}, self.due), *decided
        )

    def test_rights_of_roles_to_prepare_invoices(self):
        may = ("reviewer", "biller", "both")
        self._check(self._write({"invoice_from": "2100-01-01"}), *may)
        self._check(self._write({"name": "On the invoice"}), "agent", *may)
        self._check(
            self._write({"so_line": self.other_item.id, "is_so_line_edited": True}),
            "agent",
            *may,
        )
        self._check(lambda env: self.due.with_env(env).action_answer_question(), *may)

    def test_rights_of_roles_to_correct_work(self):
        self._check(self._write({"unit_amount": 2}), "agent")
        self._check(self._write({"unit_amount": 2}, self.due))
        self._check(
            self._write({"time_type_id": self.kind.id}), "agent", "reviewer", "both"
        )
        self._check(lambda env: self.kind.with_env(env).write({"factor": 2}), "manager")

    def test_rights_of_roles_to_money(self):
        bill = ("biller", "both")
        self._check(lambda env: self.due.with_env(env).read(["billing_amount"]), *bill)

        def invoice(env):
            wizard = env["helpdesk.time.invoice"]
            return wizard.create({"entry_ids": self.due.ids}).action_create_invoices()

        self._check(invoice, *bill)
        self.item.billing_step = 2

        def apply_terms(env):
            wizard = env["helpdesk.time.terms"]
            return wizard.create({"sale_line_id": self.item.id}).action_confirm()

        self._check(apply_terms, "salesperson", *bill)

    def test_rights_of_roles_to_the_history(self):
        self._check(
            lambda env: self.change.with_env(env).read(["reason"]),
            *("reviewer", "biller", "both"),
        )
        for act in (
            lambda env: self.change.with_env(env).unlink(),
            lambda env: self.change.with_env(env).write({"reason": "Another"}),
            lambda env: env["helpdesk.time.change"].create({"changed": "hours"}),
        ):
            self._check(act)
