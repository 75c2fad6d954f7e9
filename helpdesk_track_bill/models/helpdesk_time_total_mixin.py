import itertools
from collections import defaultdict

from odoo import models
from odoo.tools import SQL
from psycopg2.errors import LockNotAvailable, SerializationFailure


class HelpdeskTimeTotalMixin(models.AbstractModel):
    """Totals of logged time that many users raise at once.

    Each time entry raises stored totals of a few rows: the item, its order, the
    ticket. Two entries at the same moment want the same rows; PostgreSQL then cancels
    one of the transactions, and Odoo makes its user wait and try again, or fail in the
    end. Here an entry never waits for another: who finds a row taken leaves it alone
    and adds up anew right after its commit.
    """

    _name = "helpdesk.time.total.mixin"
    _description = "Totals of Logged Time"

    # names of the stored computed fields that logging time changes
    _time_totals = frozenset()
    # other columns that may be written along with them, and left out with them
    _time_total_companions = frozenset()

    def _write_multi(self, vals_list):
        are_totals = [self._is_time_total_only(vals) for vals in vals_list]
        totals = self.browse(itertools.compress(self._ids, are_totals))
        if not totals:
            return super()._write_multi(vals_list)
        if not totals._try_write_time_totals(itertools.compress(vals_list, are_totals)):
            self.env["helpdesk.time.settlement"]._schedule(totals)
        return super(HelpdeskTimeTotalMixin, self - totals)._write_multi(
            [
                vals
                for vals, is_total in zip(vals_list, are_totals, strict=True)
                if not is_total
            ]
        )

    def _is_time_total_only(self, vals):
        names = vals.keys() - self._time_total_companions
        return bool(names) and names <= self._time_totals

    def _try_write_time_totals(self, vals_list):
        """Write totals, unless somebody else writes these rows, or did since this
        transaction began.

        :returns: whether they were written
        """
        # locked and written in one round trip, and without waiting
        try:
            self.env.cr.execute(
                SQL(
                    """
                    SAVEPOINT time_totals;
                    SELECT FROM %s WHERE id IN %s FOR NO KEY UPDATE NOWAIT;
                    %s;
                    RELEASE SAVEPOINT time_totals
                    """,
                    SQL.identifier(self._table),
                    self._ids,
                    SQL(";").join(self._prepare_time_totals(vals_list)),
                ),
                log_exceptions=False,
            )
        except (LockNotAvailable, SerializationFailure):
            self.env.cr.execute(
                "ROLLBACK TO SAVEPOINT time_totals; RELEASE SAVEPOINT time_totals"
            )
            return False
        return True

    def _prepare_time_totals(self, vals_list):
        """The statements by which the ORM writes columns of numbers and words."""
        rows_by_names = defaultdict(list)
        for record, vals in zip(self, vals_list, strict=True):
            if self._log_access:
                written = {"write_uid": self.env.uid, "write_date": self.env.cr.now()}
                vals = {**written, **vals}
            names, values = zip(*sorted(vals.items()), strict=True)
            rows_by_names[names].append((record.id, *values))
        for names, rows in rows_by_names.items():
            columns = [SQL.identifier(name) for name in names]
            yield SQL(
                "UPDATE %s SET %s FROM (VALUES %s) total (id, %s) WHERE %s = total.id",
                SQL.identifier(self._table),
                SQL(", ").join(
                    SQL(
                        "%s = total.%s::%s",
                        column,
                        column,
                        SQL(self._fields[name].column_type[1]),
                    )
                    for name, column in zip(names, columns, strict=True)
                ),
                SQL(", ").join(rows),
                SQL(", ").join(columns),
                SQL.identifier(self._table, "id"),
            )

    def _settle_time_totals(self):
        """Compute the totals anew, waiting a moment for those who write the rows now.

        :raises SerializationFailure: where one of those changed a row; the next
            transaction sees what they wrote
        :raises LockNotAvailable: where they take longer than a user can wait
        """
        self.env.cr.execute(
            SQL(
                """
                SET LOCAL lock_timeout = '2s';
                SELECT FROM %s WHERE id IN %s ORDER BY id FOR NO KEY UPDATE
                """,
                SQL.identifier(self._table),
                self._ids,
            ),
            log_exceptions=False,
        )
        for name in self._time_totals:
            self.env.add_to_compute(self._fields[name], self)
        self.env.flush_all()
