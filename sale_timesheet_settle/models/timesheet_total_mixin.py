import itertools

from odoo import models
from odoo.tools import SQL
from psycopg2.errors import LockNotAvailable, SerializationFailure


class TimesheetTotalMixin(models.AbstractModel):
    """Totals of logged time that many users raise at once.

    Each time entry raises stored totals of its item and of the item's order. Two
    entries at the same moment want the same rows; PostgreSQL then cancels one of the
    transactions, and Odoo makes its user wait and try again, or fail in the end. Here
    an entry never waits for another: who finds a row taken leaves it alone and adds
    up anew right after its commit.
    """

    _name = "timesheet.total.mixin"
    _description = "Totals of Logged Time"

    # Names of stored computed fields that logging time changes, those of addons that
    # may be installed beside included. What is written by hand is written along with
    # write_uid and write_date, and so never counts as a total.
    _time_totals = frozenset()

    def _write_multi(self, vals_list):
        are_totals = [vals.keys() <= self._time_totals for vals in vals_list]
        totals = self.browse(itertools.compress(self._ids, are_totals))
        totals = totals._filter_totals_of_time()
        if not totals or totals._try_lock_totals():
            return super()._write_multi(vals_list)
        postponed = set(totals._ids)
        written, left = [], {}
        for id_, vals in zip(self._ids, vals_list, strict=True):
            if id_ in postponed:
                left[id_] = vals.keys()
            else:
                written.append((id_, vals))
        self.env["timesheet.settlement"]._schedule(self._name, left)
        others = self.browse(id_ for id_, _vals in written)
        return super(TimesheetTotalMixin, others)._write_multi(
            [vals for _id, vals in written]
        )

    def _filter_totals_of_time(self):
        """The records whose totals come from time, not from goods or expenses."""
        return self

    def _try_lock_totals(self):
        """Lock the rows, unless somebody else has them, or changed them since this
        transaction began.

        :returns: whether they are locked
        """
        # in one round trip, and without waiting
        try:
            self.env.cr.execute(
                SQL(
                    """
                    SAVEPOINT time_totals;
                    SELECT FROM %s WHERE id IN %s FOR NO KEY UPDATE NOWAIT;
                    RELEASE SAVEPOINT time_totals
                    """,
                    SQL.identifier(self._table),
                    self._ids,
                ),
                log_exceptions=False,
            )
        except (LockNotAvailable, SerializationFailure):
            self.env.cr.execute(
                "ROLLBACK TO SAVEPOINT time_totals; RELEASE SAVEPOINT time_totals"
            )
            return False
        return True

    def _settle_totals(self, names):
        """Compute totals anew, waiting for those who write the rows now.

        :param names: of the totals that were left out
        :raises SerializationFailure: where one of those changed a row; the next
            transaction sees what they wrote
        :raises LockNotAvailable: where they take longer than the lock timeout
        """
        records = self.exists()  # what is deleted needs no totals
        if not records:
            return
        self.env.cr.execute(
            SQL(
                "SELECT FROM %s WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
                SQL.identifier(records._table),
                records._ids,
            ),
            log_exceptions=False,
        )
        # an addon may have been uninstalled since
        names = [name for name in names & self._time_totals if name in self._fields]
        for name in names:
            self.env.add_to_compute(self._fields[name], records)
        # totals of these totals, as an order's margin, were read before they were right
        records.modified(names)
        self.env.flush_all()
