"""Tables and charts of what was measured, for the terminal and for the page."""

import data
import works

BEGIN, END = "<!-- begin: make bench -->", "<!-- end: make bench -->"
# the most that the largest size may cost beside the smallest
LARGEST_GROWTH = 1.2
MEMORY_GOAL = 1.05
INSTALL_GOAL = 60
MET = {True: "yes", False: "**no**", None: ""}


def make_table(header, rows):
    """A table as Markdown, laid out as the formatter of the project does."""
    rows = [header, *([str(cell) for cell in row] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    rows.insert(1, ["-" * width for width in widths])
    return "\n".join(
        "| "
        + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        + " |"
        for row in rows
    )


def describe_goals(goals):
    parts = [f"≤ {goals['time']:.2f} times the time"] if "time" in goals else []
    if "queries" in goals:
        parts.append(f"≤ {goals['queries']:.2f} times the queries")
    if "more" in goals:
        parts.append(f"≤ {goals['more']} queries more")
    if "milliseconds" in goals:
        parts.append(f"≤ {goals['milliseconds']} ms")
    return ", ".join(parts)


def is_met(goals, ours, cores):
    """Whether every goal of a work is met."""
    limits = {
        "time": lambda goal: ours["ms"] <= goal * cores["ms"],
        "queries": lambda goal: ours["queries"] <= goal * cores["queries"],
        "more": lambda goal: ours["queries"] <= goal + cores["queries"],
        "milliseconds": lambda goal: ours["ms"] <= goal,
    }
    return all(limits[name](goal) for name, goal in goals.items())


def get_ratio(part, whole):
    return f"{part / whole:.2f}" if whole else ""


def get_measured_works(results):
    return [work for work in works.WORKS if work.name in results["works"]]


def get_comparison(results, size):
    """Ours beside core's, on one size; memory is measured on the largest only."""
    largest = list(results["took"])[-1]
    rows = []
    for work in get_measured_works(results):
        measured = results["works"][work.name][size]
        ours, cores = measured[works.OURS], measured.get(works.CORE)
        rows.append(
            [
                work.title,
                work.beside or "",
                f"{ours['ms']:,.1f} ({ours['sql_ms']:,.1f})",
                f"{cores['ms']:,.1f} ({cores['sql_ms']:,.1f})" if cores else "",
                get_ratio(ours["ms"], cores["ms"]) if cores else "",
                f"{ours['queries']:,}",
                f"{cores['queries']:,}" if cores else "",
                describe_goals(work.goals),
                MET[is_met(work.goals, ours, cores)],
            ]
        )
    if results["memory"] and size == largest:
        ours, cores = (results["memory"][side] for side in works.MEMORY_WORK.sides)
        rows.append(
            [
                *(works.MEMORY_WORK.title, works.MEMORY_WORK.beside),
                *(f"{ours:.1f} MiB", f"{cores:.1f} MiB", get_ratio(ours, cores)),
                *("", "", f"≤ {MEMORY_GOAL:.2f} times the memory"),
                MET[ours <= MEMORY_GOAL * cores],
            ]
        )
    took = results["took"][size]
    rows.append(
        [
            *("install the addon", "", f"{took['install']:.1f} s", "", "", "", ""),
            *(f"≤ {INSTALL_GOAL} s", MET[took["install"] <= INSTALL_GOAL]),
        ]
    )
    adopted = f"… and adopt {data.TICKETS[size] * data.ENTRIES_EACH:,} entries"
    rows.append([adopted, "", f"{took['adopt']:.1f} s", "", "", "", "", "", ""])
    header = [
        *("work", "beside", "addon, ms (SQL)", "core, ms (SQL)", "ratio"),
        *("queries", "core's", "goal", "met"),
    ]
    return make_table(header, rows)


def get_growth_with_size(results):
    """The largest size beside the smallest, for ours and for core's."""
    smallest, *_others, largest = results["took"]
    rows = []
    for work in get_measured_works(results):
        measured = results["works"][work.name]
        growth = {
            side: measured[largest][side]["ms"] / measured[smallest][side]["ms"]
            for side in work.sides
        }
        ours, cores = growth[works.OURS], growth.get(works.CORE)
        rows.append(
            [
                work.title,
                f"{measured[smallest][works.OURS]['ms']:,.1f}",
                f"{measured[largest][works.OURS]['ms']:,.1f}",
                f"{ours:.2f}",
                f"{cores:.2f}" if cores else "",
                MET[ours <= LARGEST_GROWTH],
            ]
        )
    header = [
        *("work", f"{smallest}, ms", f"{largest}, ms", "growth", "core's growth"),
        f"≤ {LARGEST_GROWTH}",
    ]
    return make_table(header, rows)


def get_growth_with_entries(results):
    """The next entry of an item that has more and more of them."""
    rows = [
        [
            f"{int(entries):,}",
            *(
                f"{measured[side]['ms']:,.1f} ({measured[side]['sql_ms']:,.1f})"
                for side in (works.OURS, works.CORE)
            ),
            get_ratio(measured[works.OURS]["ms"], measured[works.CORE]["ms"]),
        ]
        for entries, measured in results["growth"].items()
    ]
    return make_table(
        ["entries of the item", "addon, ms (SQL)", "core, ms (SQL)", "ratio"], rows
    )


def get_sizes(results):
    return make_table(
        ["size", "data built in", "addon installed in", "all entries adopted in"],
        [
            [size, *(f"{took[what]:.1f} s" for what in ("data", "install", "adopt"))]
            for size, took in results["took"].items()
        ],
    )


def draw_ratios(results):
    """Ours as part of core's time, a bar for each work."""
    largest = list(results["took"])[-1]
    compared = [work for work in get_measured_works(results) if "time" in work.goals]
    ratios = [
        measured[works.OURS]["ms"] / measured[works.CORE]["ms"]
        for measured in (results["works"][work.name][largest] for work in compared)
    ]
    labels = ", ".join(f'"{work.name}"' for work in compared)
    return draw(
        f"Time on tickets, where core's own way is 1 (size {largest})",
        f"x-axis [{labels}]",
        f'y-axis "addon / core" 0 --> {max([1.5, *ratios]):.2f}',
        f"bar [{', '.join(f'{ratio:.2f}' for ratio in ratios)}]",
        f"line [{', '.join('1' for _ratio in ratios)}]",
    )


def draw_growth(results):
    """Milliseconds of the next entry by the entries of its item, both sides."""
    growth = results["growth"]
    labels = ", ".join(f'"{int(entries):,}"' for entries in growth)
    lines = [
        ", ".join(f"{measured[side]['ms']:.1f}" for measured in growth.values())
        for side in (works.OURS, works.CORE)
    ]
    return draw(
        "One more entry, by the entries of its item (first line: addon, second: core)",
        f'x-axis "entries of the item" [{labels}]',
        'y-axis "ms"',
        *(f"line [{line}]" for line in lines),
    )


def draw(title, *lines):
    content = "\n".join(f"    {line}" for line in (f'title "{title}"', *lines))
    return f"```mermaid\nxychart-beta\n{content}\n```"


def write_page(page, results):
    """Replace what the page says between its two marks."""
    machine = results["machine"]
    parts = [
        f"Medians of {results['repetitions']} or more runs that take turns, on"
        f" {machine['cores']} cores, Python {machine['python']}, PostgreSQL"
        f" {machine['postgresql']} with {machine['shared_buffers']} of shared buffers.",
        *(
            part
            for size in results["took"]
            for part in (f"### Beside core, size {size}", get_comparison(results, size))
        ),
        draw_ratios(results),
        "### Small and large",
        get_growth_with_size(results),
        "### Entries of one item",
        get_growth_with_entries(results),
        draw_growth(results),
        "### Data and installation",
        get_sizes(results),
    ]
    text = page.read_text()
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    page.write_text("\n\n".join([f"{before}{BEGIN}", *parts, f"{END}{after}"]))
