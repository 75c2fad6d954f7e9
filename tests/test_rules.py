"""docs/rules.md says what the code does, and where; without Odoo."""

import ast
import re

from addons import OURS
from common import ROOT

PAGE = (ROOT / "docs/rules.md").read_text()
HOME = "helpdesk_track_bill"
# Addons with rules and messages on pages of their own, and what is between them and
# others: what they say is not on this page, but they sum time as the others do.
ELSEWHERE = tuple(
    f"{HOME}_{name}"
    for name in ("alert", "mail", "prepaid", "review", "sla", "statement")
)
FOLDERS = [ROOT / name for name in OURS if not name.startswith(ELSEWHERE)]
RULE = r"[TKEPBA]\d[a-z]?"
CORE = "Odoo's"
RULES = re.findall(rf"^- \*\*({RULE})\*\* ", PAGE, re.MULTILINE)
TITLE = re.compile(r"^## (.+)\n", re.MULTILINE)


def get_section(title):
    parts = TITLE.split(PAGE)
    return parts[parts.index(title) + 1]


def get_rows(title):
    rows = [
        [cell.strip() for cell in line[2:-2].split(" | ")]
        for line in get_section(title).splitlines()
        if line.startswith("|")
    ]
    return rows[2:]


def get_files(tests, folders=FOLDERS):
    return [
        file
        for folder in folders
        for file in folder.rglob("*")
        if file.suffix in (".py", ".xml")
        and ("tests" in file.relative_to(folder).parts) == tests
    ]


def get_parts(file):
    """Methods and fields that a file defines in its classes, with their source."""
    text = file.read_text()
    return {
        name: ast.get_source_segment(text, part)
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ClassDef)
        for part in node.body
        for name in (
            [part.name]
            if isinstance(part, ast.FunctionDef)
            else [target.id for target in getattr(part, "targets", ())]
        )
    }


def is_named(rule, file, names):
    """Whether what keeps a rule names it: one of the methods, where there are any."""
    parts = get_parts(file) if names else {}
    texts = [parts.get(name, "") for name in names] or [file.read_text()]
    return any(re.search(rf"\b{rule}\b", text) for text in texts)


def get_places():
    """What "Kept in" says: a list of (rule, file, names)."""
    places = []
    for rule, kept_in in get_rows("Kept in"):
        for place in kept_in.split("; "):
            if place.startswith(CORE):
                continue
            path, *names = re.findall(r"`(.+?)`", place)
            if not (ROOT / path).exists():
                path = f"{HOME}/{path}"
            places.append((rule, ROOT / path, names))
    return places


def get_sentences():
    """What the code says to the user in a whole sentence, each value as in the page."""
    sentences = set()
    for file in get_files(tests=False):
        if file.suffix != ".py":
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "_"
            ):
                text = node.args[0].value
                if text.endswith(".") and ": " in text:
                    sentences.add(re.sub(r"%\(\w+\)s", "_…_", text))
    return sentences


def test_every_rule_says_where_it_is_kept():
    assert [rule for rule, *_kept_in in get_rows("Kept in")] == [
        rule for prefix in "TKEPBA" for rule in RULES if rule.startswith(prefix)
    ]


def test_what_keeps_the_rules_exists():
    missing = []
    for rule, file, names in get_places():
        if not file.exists():
            missing.append((rule, str(file)))
        elif names:
            parts = get_parts(file)
            missing += [(rule, name) for name in names if name not in parts]
    assert not missing


def test_the_code_names_the_rules_that_it_keeps():
    tagged = {
        rule
        for rule, file, names in get_places()
        if file.exists() and is_named(rule, file, names)
    }
    core = {rule for rule, kept_in in get_rows("Kept in") if kept_in.startswith(CORE)}
    assert tagged | core == set(RULES)


def test_rules_that_the_code_names_are_on_the_page():
    named = {
        rule
        for file in get_files(tests=False)
        for rule in re.findall(rf"\b{RULE}\b", file.read_text())
    }
    assert named <= set(RULES)


def test_every_rule_has_a_test_and_every_test_a_rule():
    tested = {
        rule
        for file in get_files(tests=True)
        for rule in re.findall(rf"def test_({RULE})_", file.read_text())
    }
    assert tested == set(RULES)


def test_every_sentence_of_the_code_is_among_the_messages():
    page = {
        # what stands behind a sentence in brackets says where it comes from
        re.sub(r" \([^)]+\)$", "", message): message
        for _rule, message in get_rows("Messages")
    }
    ours = {message for message, full in page.items() if "core" not in full}
    assert ours == get_sentences()


def test_hours_are_summed_in_one_place():
    """Besides what is measured to need its own SQL, or adds up something else."""
    reader = "sale_timesheet_books/models/account_analytic_line.py"
    files = get_files(tests=False, folders=[ROOT / name for name in OURS])
    summing = {
        str(file.relative_to(ROOT))
        for file in files
        if re.search(
            # not where an addon says which column it is
            r":sum\"|(?<!super\(\)\.)(?<!def )_get_hours_field",
            file.read_text(),
        )
    }
    assert summing == {
        reader,
        # their own SQL, or one read of what they list, of the same column
        f"{HOME}/models/helpdesk_ticket_team.py",
        f"{HOME}_prepaid/models/prepaid_account.py",
        f"{HOME}_statement/models/prepaid_account.py",
        # hours that were adjusted, and money
        f"{HOME}_prepaid/models/sale_order_line.py",
        f"{HOME}_review/models/account_analytic_line.py",
    }
