"""The translation files are complete and current."""

import re

import polib
import pytest
from po_check import COMPLETE

import inside
import translations

ADDONS = [inside.ADDON, f"{inside.ADDON}_timer"]
LANGUAGES = [
    inside.ROOT / addon / "i18n" / f"{language}.po"
    for addon in ADDONS
    for language in sorted(COMPLETE)
]
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|<[^>]+>")


def get_template(addon):
    return polib.pofile(str(inside.ROOT / addon / "i18n" / f"{addon}.pot"))


def compare_with_export(addon, database):
    fresh = translations.export(inside.ODOO, database, addon)
    committed = get_template(addon)
    assert {entry.msgid for entry in committed} == {entry.msgid for entry in fresh}


def test_template_equals_a_fresh_export():
    inside.prepare_database(inside.TEST_DATABASE)
    compare_with_export(inside.ADDON, inside.TEST_DATABASE)


def test_template_of_the_timer_equals_a_fresh_export():
    with inside.compat_database() as database:
        compare_with_export(f"{inside.ADDON}_timer", database)


@pytest.mark.parametrize(
    "file", LANGUAGES, ids=lambda file: f"{file.parents[1].name}-{file.stem}"
)
def test_language_is_complete(file):
    language = polib.pofile(str(file))
    template = get_template(file.parents[1].name)
    current = {entry.msgid for entry in language if not entry.obsolete}
    assert current == {entry.msgid for entry in template}
    assert not language.untranslated_entries()
    assert not language.fuzzy_entries()
    for entry in language.translated_entries():
        assert sorted(PLACEHOLDER.findall(entry.msgid)) == sorted(
            PLACEHOLDER.findall(entry.msgstr)
        ), entry.msgid


@pytest.mark.parametrize("addon", ADDONS)
def test_romanian_has_commas_below(addon):
    romanian = inside.ROOT / addon / "i18n/ro.po"
    assert not re.search("[şţŞŢ]", romanian.read_text())
