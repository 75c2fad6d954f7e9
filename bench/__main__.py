"""Compare the addon with core's own way of the same work: ``make bench``."""

import argparse
import gc
import json
import os
import platform
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "scripts/devenv"))

import data
import database
import measure
import report
import works
from common import DEV, ROOT, say

SIZES = ("S", "L")
REPETITIONS = 7
RESULTS = ROOT / "bench/results.json"
PAGE = ROOT / "docs/performance.md"


def get_machine():
    with database.connection() as cursor:
        cursor.execute("SHOW server_version")
        (postgres,) = cursor.fetchone()
        cursor.execute("SHOW shared_buffers")
        (buffers,) = cursor.fetchone()
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "postgresql": postgres.split()[0],
        "shared_buffers": buffers,
    }


def run(sizes, repetitions, only):
    databases, took = {}, {}
    places = {None: databases}
    for size in sizes:
        databases[size], took[size] = data.prepare(size)
    wanted = [work for work in works.WORKS if not only or work.name in only]
    for place in sorted({work.place for work in wanted if work.place}):
        places[place] = {
            size: data.prepare_place(name, place) for size, name in databases.items()
        }
    measure.start_odoo()
    # what is there now is not looked at between the runs
    gc.freeze()
    results = {
        "machine": get_machine(),
        "repetitions": repetitions,
        "took": took,
        "works": {},
        "growth": {},
        "memory": {},
    }
    for work in wanted:
        say(work.title)
        results["works"][work.name] = measure.measure(
            places[work.place], work, work.sides, repetitions
        )
    largest = sizes[-1]
    if not only or "growth" in only:
        for entries in data.GROWTH[largest]:
            work = works.get_growing(entries)
            say(work.title)
            measured = measure.measure(
                {largest: databases[largest]}, work, work.sides, repetitions
            )
            results["growth"][str(entries)] = measured[largest]
    if not only or "memory" in only:
        work = works.MEMORY_WORK
        say(work.title)
        results["memory"] = measure.measure_memory(databases[largest], work, work.sides)
    return results


def main():
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("sizes", nargs="*", default=SIZES, help=", ".join(data.TICKETS))
    parser.add_argument("--repetitions", type=int, default=REPETITIONS)
    parser.add_argument("--only", nargs="+", help="names of works")
    parser.add_argument(
        "--render", action="store_true", help="write the page of the stored results"
    )
    arguments = parser.parse_args()
    if arguments.render:
        report.write_page(PAGE, json.loads(RESULTS.read_text()))
        return
    results = run(arguments.sizes, arguments.repetitions, arguments.only)
    # only the whole comparison is published
    publish = tuple(arguments.sizes) == SIZES and not arguments.only
    path = RESULTS if publish else DEV / "bench/results.json"
    path.write_text(json.dumps(results, indent=4) + "\n")
    if publish:
        report.write_page(PAGE, results)
    for size in results["took"]:
        print(f"Size {size}", report.get_comparison(results, size), sep="\n\n")


if __name__ == "__main__":
    main()
