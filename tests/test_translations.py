"""The translation files are complete and current."""

import re

import polib
import pytest
from po_check import COMPLETE

import inside
import translations

FOLDER = inside.ROOT / inside.ADDON / "i18n"
LANGUAGES = [FOLDER / f"{language}.po" for language in sorted(COMPLETE)]
PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|<[^>]+>")


def test_template_equals_a_fresh_export():
    inside.prepare_database(inside.TEST_DATABASE)
    fresh = translations.export(inside.ODOO, inside.TEST_DATABASE)
    committed = polib.pofile(str(FOLDER / f"{inside.ADDON}.pot"))
    assert {entry.msgid for entry in committed} == {entry.msgid for entry in fresh}


@pytest.mark.parametrize("file", LANGUAGES, ids=lambda file: file.stem)
def test_language_is_complete(file):
    language = polib.pofile(str(file))
    template = polib.pofile(str(FOLDER / f"{inside.ADDON}.pot"))
    current = {entry.msgid for entry in language if not entry.obsolete}
    assert current == {entry.msgid for entry in template}
    assert not language.untranslated_entries()
    assert not language.fuzzy_entries()
    for entry in language.translated_entries():
        assert sorted(PLACEHOLDER.findall(entry.msgid)) == sorted(
            PLACEHOLDER.findall(entry.msgstr)
        ), entry.msgid


def test_romanian_has_commas_below():
    assert not re.search("[şţŞŢ]", (FOLDER / "ro.po").read_text())
