"""The translation files are complete and current."""

import polib
import pytest

import translations
from addons import OURS
from po_check import COMPLETE

ADDONS = translations.get_translated()
LANGUAGES = [
    OURS[addon].template.with_name(f"{language}.po")
    for addon in ADDONS
    for language in sorted(COMPLETE)
]


def get_template(addon):
    return polib.pofile(str(OURS[addon].template))


@pytest.mark.parametrize("addon", ADDONS)
def test_template_equals_a_fresh_export(addon):
    fresh = translations.export(addon)
    committed = get_template(addon)
    assert {entry.msgid for entry in committed} == {entry.msgid for entry in fresh}


@pytest.mark.parametrize("addon", sorted(OURS.keys() - set(ADDONS)))
def test_addon_without_a_template_says_nothing(addon):
    # names of models and of core's fields have core's translations
    assert not [
        entry.msgid
        for entry in translations.export(addon)
        for place, _line in entry.occurrences
        if place.startswith(("code:", "model_terms:"))
    ]


@pytest.mark.parametrize(
    "file", LANGUAGES, ids=lambda file: f"{file.parents[1].name}-{file.stem}"
)
def test_language_is_complete(file):
    language = polib.pofile(str(file))
    template = get_template(file.parents[1].name)
    current = {entry.msgid for entry in language if not entry.obsolete}
    # translated, with all placeholders and the right letters: tests/test_po_check.py
    assert current == {entry.msgid for entry in template}
