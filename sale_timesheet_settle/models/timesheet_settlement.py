import logging

from odoo import api, fields, models
from psycopg2.errors import (
    DeadlockDetected,
    LockNotAvailable,
    SerializationFailure,
)

_logger = logging.getLogger(__name__)

# Each lost attempt means that somebody else's succeeded.
SETTLE_ATTEMPTS = 50


class TimesheetSettlement(models.Model):
    """A row whose totals of logged time are to be added up anew.

    Written with the time entry in one transaction, so that nothing is forgotten when
    the server is killed before the totals are; deleted by who adds them up.
    """

    _name = "timesheet.settlement"
    _description = "Totals of Logged Time to Settle"
    _log_access = False

    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", required=True, readonly=True, index=True
    )
    totals = fields.Char(
        required=True, readonly=True, help="Names of the fields, separated by commas."
    )

    @api.model
    def _schedule(self, model, totals_by_id):
        """Settle totals of records right after this transaction's commit.

        :param str model: name of the records' model
        :param dict totals_by_id: names of the fields that were left out, by record id
        """
        # sudo: a queue of the system, not of the user
        rows = self.sudo().create(
            [
                {"res_model": model, "res_id": id_, "totals": ",".join(sorted(names))}
                for id_, names in totals_by_id.items()
            ]
        )
        postcommit = self.env.cr.postcommit
        scheduled = postcommit.data.setdefault("timesheet.settlement", set())
        if not scheduled:
            postcommit.add(lambda: self._settle_alone(scheduled))
        scheduled.update(rows.ids)

    @api.model
    def _settle_alone(self, ids):
        """Settle rows in a transaction of its own; what fails is left to the cron.

        Nothing is raised: the time is saved, and whoever logged it must not be told
        otherwise.
        """
        for _attempt in range(SETTLE_ATTEMPTS):
            try:
                with self.env.registry.cursor() as cr:
                    # the user stays the last who wrote; the context is not theirs: it
                    # could narrow what is added up
                    env = api.Environment(cr, self.env.uid, {}, su=True)
                    cr.execute("SET LOCAL lock_timeout = '2s'")
                    env[self._name].browse(ids).exists()._settle()
                return
            except (DeadlockDetected, SerializationFailure):
                continue
            except LockNotAvailable:
                break
            except Exception:
                _logger.exception("Totals of logged time could not be settled.")
                return
        _logger.info("Totals of logged time are left to the scheduled action.")

    def _settle(self):
        """Add up the totals of the rows' records anew, and forget the rows."""
        for res_model, mine in self.grouped("res_model").items():
            # along with what others left for the same records
            rows = self.search(
                [
                    ("res_model", "=", res_model),
                    ("res_id", "in", mine.mapped("res_id")),
                ]
            )
            if res_model in self.env:
                records = self.env[res_model].browse(set(rows.mapped("res_id")))
                records._settle_totals(set(",".join(rows.mapped("totals")).split(",")))
            rows.unlink()

    @api.model
    def _drain(self, records):
        """Settle what is pending for records, in the transaction that asks.

        :raises SerializationFailure: where somebody settles it at this moment; Odoo
            then repeats the request, which finds it settled
        """
        # sudo: a queue of the system; the context of the user could narrow what is
        # added up
        rows = self.with_env(self.env(su=True, context={}))
        rows.search(
            [("res_model", "=", records._name), ("res_id", "in", records.ids)]
        )._settle()

    @api.model
    def _cron_settle(self):
        """Settle what a killed server left behind, as far as the time goes.

        The next run goes on from there. One by one, and each once in a run: a record
        that is held or fails does not put off the others.
        """
        cron = self.env["ir.cron"]
        rows = self.search_fetch([], [], order="id")  # their ids alone
        cron._commit_progress(remaining=len(rows))
        for row in rows:
            self._settle_alone(row.ids)
            if not cron._commit_progress(1):
                break
