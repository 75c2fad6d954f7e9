"""Check translation files and say for every problem what to do about it.

scripts/run python scripts/devenv/po_check.py helpdesk_track_bill/i18n/de.po
"""

import csv
import re
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import polib
from babel import Locale, UnknownLocaleError
from babel.messages.catalog import PYTHON_FORMAT
from babel.messages.plurals import get_plural
from lxml import etree

from common import ROOT, die

# languages that the addon is shipped in: nothing may be missing there
COMPLETE = {"ro", "de", "fr"}
# attributes that people read: their values are translated, as in Odoo
TEXT_ATTRIBUTES = {
    "alt",
    "aria-label",
    "aria-placeholder",
    "aria-valuetext",
    "data-tooltip",
    "help",
    "label",
    "placeholder",
    "string",
    "title",
}
BRACES = re.compile(r"\{\{.+?\}\}|\{[\w.]*\}", re.DOTALL)
CEDILLAS = dict(zip("şţŞŢ", "șțȘȚ", strict=True))
PLURALS = re.compile(r"nplurals\s*=\s*(\d+)\s*;\s*plural\s*=\s*\S")
STRING = re.compile(r'(msg\w+(?:\[\d+\])?)?\s*"(?:[^"\\]|\\.)*"')


# ---------------------------------------------------------------------------
# the file
# ---------------------------------------------------------------------------
def check(path):
    """Yield every problem of a file: its line, what is wrong, what to do."""
    data = path.read_bytes()
    try:
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        yield line, "this is not UTF-8", "save the file with the encoding UTF-8"
        return
    broken = list(check_syntax(lines))
    if broken:
        yield from broken
        return
    try:
        file = polib.pofile("\n".join(lines))
    except OSError as error:
        yield (
            int(re.search(r"\(line (\d+)\)", str(error))[1]),
            "this cannot be read",
            "compare it with the entries above: comments that begin with #, then"
            " msgid, then msgstr",
        )
        return
    language = path.stem
    try:
        plural = get_plural(language)
    except (UnknownLocaleError, ValueError):
        yield (
            1,
            f"{path.name} is not named after a language",
            "name it by the language's code, for example de.po or pt_BR.po",
        )
        return
    yield from check_header(file.metadata, lines, language, plural)
    yield from check_entries(file, lines, language, plural)
    if language == "ro":
        yield from check_letters(lines)


def check_syntax(lines):
    """Look for what polib would drop silently.

    It drops the last letter of a text without a closing quote, and a msgid without a
    msgstr.
    """
    found = [
        (number, STRING.fullmatch(line))
        for number, line in enumerate(map(str.strip, lines), 1)
        if line and not line.startswith("#")
    ]
    if broken := [number for number, match in found if not match]:
        for number in broken:
            yield (
                number,
                "this is neither a comment nor a text between quotes",
                'begin and end the text with ", and write a " inside it as \\"',
            )
        return
    keywords = [(number, match[1]) for number, match in found if match[1]]
    for (number, keyword), (_number, following) in pairwise([*keywords, (0, "")]):
        if keyword.startswith("msgid") and not following.startswith(
            ("msgid_plural", "msgstr")
        ):
            yield number, f"this {keyword} has no msgstr", 'add msgstr "" below it'


def check_header(metadata, lines, language, plural):
    if metadata.get("Language") != language:
        yield (
            line_of('"Language:', lines),
            f"the Language of the header is not {language}, as the file is named",
            f'write "Language: {language}\\n"',
        )
    if "charset=utf-8" not in metadata.get("Content-Type", "").lower():
        yield (
            line_of('"Content-Type:', lines),
            "the Content-Type of the header is not UTF-8",
            'write "Content-Type: text/plain; charset=UTF-8\\n"',
        )
    if declared_plurals(metadata) not in plural_counts(language):
        yield (
            line_of('"Plural-Forms:', lines),
            f"the Plural-Forms of the header are not the {plural.num_plurals} of"
            f" {language}",
            f'write "Plural-Forms: {plural.plural_forms}\\n"',
        )


def check_entries(file, lines, language, plural):
    declared = declared_plurals(file.metadata)
    count = declared if declared in plural_counts(language) else plural.num_plurals
    glossary = read_glossary(language)
    for entry in file:
        if not entry.obsolete:
            for keyword, *problem in check_entry(entry, language, count, glossary):
                yield line_of(keyword, lines, entry.linenum), *problem


def check_letters(lines):
    for number, line in enumerate(lines, 1):
        for letter in sorted(CEDILLAS.keys() & set(line)):
            yield (
                number,
                f"{letter} has a cedilla",
                f"write {CEDILLAS[letter]}, with a comma below",
            )


def declared_plurals(metadata):
    match = PLURALS.match(metadata.get("Plural-Forms", ""))
    return int(match[1]) if match else None


def plural_counts(language):
    """How many plural forms a language has by gettext's custom and by Unicode's.

    They differ for French, for example: Poedit follows the one, Odoo's files the other.
    """
    unicode = Locale.parse(language).plural_form.tags | {"other"}
    return {get_plural(language).num_plurals, len(unicode)}


def read_glossary(language):
    """The binding terms of a language, by the English term in small letters."""
    path = ROOT / f"docs/glossary.{language}.csv"
    if not path.exists():
        return {}
    with open(path, encoding="utf-8", newline="") as file:
        _header, *rows = csv.reader(file)
    return {english.casefold(): term for english, term in rows}


def line_of(start, lines, first=1):
    """The line that starts with a word, from a line on; the first line if none does."""
    numbered = enumerate(map(str.lstrip, lines[max(first - 1, 0) :]), max(first, 1))
    return next((number for number, line in numbered if line.startswith(start)), 1)


# ---------------------------------------------------------------------------
# one entry
# ---------------------------------------------------------------------------
def check_entry(entry, language, count, glossary):
    """Yield every problem of an entry: its keyword, what is wrong, what to do."""
    if entry.fuzzy and language in COMPLETE:
        yield (
            "msgstr",
            "the translation is marked as needing work (fuzzy)",
            "correct it and take the mark away",
        )
    forms = {"msgstr": entry.msgstr}
    sources = [entry.msgid]
    if entry.msgid_plural:
        # the forms for one thing may follow the msgid, which may leave out the number
        sources.append(entry.msgid_plural)
        indices = sorted(entry.msgstr_plural)
        forms = {f"msgstr[{index}]": entry.msgstr_plural[index] for index in indices}
        if indices != list(range(count)):
            yield (
                "msgstr",
                f"{language} needs {count} plural forms here",
                f"write msgstr[0] to msgstr[{count - 1}]",
            )
    for keyword, text in forms.items():
        if text:
            problems = [list(compare(source, text)) for source in sources]
            if all(problems):
                yield from ((keyword, *problem) for problem in problems[-1])
        elif language in COMPLETE:
            yield keyword, "the translation is missing", "translate the msgid above it"
    term = glossary.get(entry.msgid.casefold())
    if term and entry.msgstr and entry.msgstr.casefold() != term.casefold():
        yield (
            "msgstr",
            f"the glossary translates {entry.msgid!r} as {term!r}",
            f"write that, or propose another term in docs/glossary.{language}.csv",
        )


def compare(source, text):
    """Yield what a translation does not keep of its source, and what to do."""
    yield from compare_spaces(source, text)
    yield from compare_placeholders(source, text)
    if "<" in source or "<" in text:
        yield from compare_markup(source, text)


def compare_spaces(source, text):
    for place, expected in edges(source).items():
        found = edges(text)[place]
        if found != expected:
            yield (
                f'the spaces and line breaks at the {place} are "{polib.escape(found)}"'
                f', but "{polib.escape(expected)}" in the msgid',
                "make them equal",
            )


def edges(text):
    return {
        "beginning": text[: len(text) - len(text.lstrip())],
        "end": text[len(text.rstrip()) :],
    }


def compare_placeholders(source, text):
    expected, found = placeholders(source), placeholders(text)
    if sorted(expected) != sorted(found):
        yield (
            f"the placeholders are not those of the msgid: {changes(expected, found)}",
            "copy them letter by letter, as often as they are in the msgid",
        )
    elif unnamed(expected) != unnamed(found):
        yield (
            f"the placeholders {', '.join(unnamed(found))} have changed places",
            f"keep their order: {', '.join(unnamed(expected))}",
        )


def placeholders(text):
    # "5 % of" is no placeholder, though Python would read "% o" as one
    percents = [
        match[0] for match in PYTHON_FORMAT.finditer(text) if " " not in match[2]
    ]
    return percents + BRACES.findall(text)


def unnamed(found):
    return [each for each in found if each[0] == "%" and each[1] not in "(%"]


def compare_markup(source, text):
    parser = None if "<" in source else etree.HTMLParser()
    try:
        expected = tags(source, parser)
    except etree.XMLSyntaxError:
        # HTML with <br>, or a < that stands for "less than"
        parser = etree.HTMLParser()
        expected = tags(source, parser)
    try:
        found = tags(text, parser)
    except etree.XMLSyntaxError:
        yield (
            "the markup cannot be read: a tag is not closed, or < or & stands alone",
            "close every tag as the msgid does, write &lt; for < and &amp; for &",
        )
        return
    if sorted(expected) != sorted(found):
        yield (
            f"the markup is not that of the msgid: {changes(expected, found)}",
            "copy what stands between < and > letter by letter",
        )


def tags(text, parser):
    """Every tag with its attributes, without the values that are translated."""
    root = etree.fromstring(f"<div>{text}</div>", parser)
    return [
        "<" + " ".join([element.tag, *sorted(attributes(element))]) + ">"
        for element in root.iter("*")
    ]


def attributes(element):
    for name, value in element.attrib.items():
        yield name if name in TEXT_ATTRIBUTES else f'{name}="{value}"'


def changes(expected, found):
    expected, found = Counter(expected), Counter(found)
    differences = {"missing": expected - found, "added": found - expected}
    return ", ".join(
        f"{each} is {word}"
        for word, counter in differences.items()
        for each in counter.elements()
    )


def main(names):
    """Print the problems of the files; the exit status says whether there are any."""
    if missing := [name for name in names if not Path(name).is_file()]:
        die(f"there is no file {missing[0]}: name the translation files to check.")
    status = 0
    for name in names:
        for line, wrong, remedy in sorted(check(Path(name))):
            print(f"{name}:{line}: {wrong}; {remedy}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
