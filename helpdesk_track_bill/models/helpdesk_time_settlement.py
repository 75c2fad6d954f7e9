import logging

import psycopg2
from odoo import api, fields, models
from psycopg2.errors import DeadlockDetected, SerializationFailure

_logger = logging.getLogger(__name__)

# Each lost attempt means that somebody else's succeeded.
SETTLE_ATTEMPTS = 50


class HelpdeskTimeSettlement(models.Model):
    """A row whose totals of logged time are to be added up anew.

    Written with the time entry in one transaction, so that nothing is forgotten when
    the server is killed before the totals are; deleted by who adds them up.
    """

    _name = "helpdesk.time.settlement"
    _description = "Totals of Logged Time to Settle"
    _log_access = False

    res_model = fields.Char("Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", required=True, readonly=True, index=True
    )

    @api.model
    def _schedule(self, records):
        """Settle the totals of records right after this transaction's commit."""
        # sudo: a queue of the system, not of the user
        rows = self.sudo().create(
            [{"res_model": records._name, "res_id": id_} for id_ in records.ids]
        )
        postcommit = self.env.cr.postcommit
        scheduled = postcommit.data.setdefault("helpdesk_track_bill.settle", set())
        if not scheduled:
            postcommit.add(lambda: self._settle_alone(scheduled))
        scheduled.update(rows.ids)

    @api.model
    def _settle_alone(self, ids):
        """Settle rows in a transaction of its own; what fails is left to the cron."""
        for _attempt in range(SETTLE_ATTEMPTS):
            try:
                with self.env.registry.cursor() as cr:
                    # sudo: totals are everybody's; the user stays the last who wrote
                    settlement = self.with_env(self.env(cr=cr, su=True))
                    settlement.browse(ids).exists()._settle()
                return
            except (DeadlockDetected, SerializationFailure):
                continue
            except psycopg2.Error:
                # a row is held for longer, or there is no connection
                break
        _logger.info("Totals of logged time are left to the scheduled action.")

    def _settle(self):
        """Add up the totals of the rows' records anew, and forget the rows."""
        if not self:
            return
        # along with what others left for the same records
        same = self.search([("res_id", "in", self.mapped("res_id"))])
        for res_model, rows in same.grouped("res_model").items():
            if res_model in self.env:
                records = self.env[res_model].browse(set(rows.mapped("res_id")))
                records.exists()._settle_time_totals()
        same.unlink()

    @api.model
    def _cron_settle(self):
        """Settle what a killed server left behind, as far as the time goes.

        The next run goes on from there. One by one, and each once in a run: a record
        that is held does not put off the others.
        """
        cron = self.env["ir.cron"]
        rows = self.search_fetch([], [], order="id")  # their ids alone
        cron._commit_progress(remaining=len(rows))
        for row in rows:
            self._settle_alone(row.ids)
            if not cron._commit_progress(1):
                break
