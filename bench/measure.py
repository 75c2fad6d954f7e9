"""How a work is measured: alone in a transaction that is rolled back."""

import gc
import itertools
import os
import statistics
import threading
import time
import tracemalloc
from contextlib import contextmanager

from odoo import api
from odoo.modules.registry import Registry
from odoo.tools import config

# Seconds to spend on a work whose runs are shorter, and how many times as often it is
# repeated at most: a few milliseconds need more than seven runs for a median.
SHORT_WORK = 8
MOST_TIMES = 5


def start_odoo():
    config.parse_config(
        ["-c", os.environ["ODOO_RC"], "--log-level=error", "--max-cron-threads=0"],
        setup_logging=True,
    )


@contextmanager
def environment(database, login):
    """An environment of its own, as a request has it; nothing of it stays."""
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        user = env["res.users"].search([("login", "=", login)])
        context = {
            "lang": "en_US",
            "tz": "Europe/Bucharest",
            "uid": user.id,
            "allowed_company_ids": user.company_ids.ids,
        }
        try:
            yield api.Environment(cr, user.id, context)
        finally:
            cr.rollback()


@contextmanager
def prepared(database, work, side):
    """The environment of a work and the call to measure, with nothing left to flush."""
    with environment(database, work.login) as env:
        act = work.function(env, side)
        env.flush_all()
        if not work.warm:
            env.invalidate_all()
        gc.collect()
        yield env, act


def run_once(database, work, side):
    """A work's time, its time within SQL, both in milliseconds, and its queries."""
    thread = threading.current_thread()
    with prepared(database, work, side) as (env, act):
        # Odoo sums up here what its cursors wait for
        thread.query_time = thread.query_count = 0
        queries = env.cr.sql_log_count
        start = time.perf_counter()
        act()
        env.flush_all()
        return (
            1000 * (time.perf_counter() - start),
            1000 * thread.query_time,
            env.cr.sql_log_count - queries,
        )


def measure(databases, work, sides, repetitions):
    """Medians of runs that take turns: ``{size: {side: medians}}``.

    :param databases: ``{size: name}``
    :param repetitions: the fewest; short works are repeated more often
    """
    variants = [(size, side) for size in databases for side in sides]
    runs = {variant: [] for variant in variants}
    order = variants
    for number in itertools.count():
        start = time.perf_counter()
        for size, side in order:
            run = run_once(databases[size], work, side)
            # the first round only warms up
            if number:
                runs[size, side].append(run)
        order = order[::-1]
        if number == 1:
            fitting = int(SHORT_WORK / (time.perf_counter() - start))
            rounds = max(repetitions, min(fitting, MOST_TIMES * repetitions))
        if number and number == rounds:
            break
    return {
        size: {side: summarize(runs[size, side]) for side in sides}
        for size in databases
    }


def summarize(runs):
    times, sql_times, queries = zip(*runs, strict=True)
    return {
        "ms": round(statistics.median(times), 3),
        "sql_ms": round(statistics.median(sql_times), 3),
        "queries": int(statistics.median(queries)),
    }


def measure_memory(database, work, sides):
    """The most memory that a work holds beside what was there before, in MiB."""
    peaks = {}
    for side in sides:
        with prepared(database, work, side) as (env, act):
            tracemalloc.start()
            act()
            env.flush_all()
            peaks[side] = round(tracemalloc.get_traced_memory()[1] / 2**20, 2)
            tracemalloc.stop()
    return peaks
