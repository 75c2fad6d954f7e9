"""Export the addons' templates and merge them into every language (make i18n)."""

import subprocess
import sys
import tempfile
from pathlib import Path

import polib
from babel.messages.plurals import get_plural
from lxml import etree

import addons
from common import ROOT, die
from odoo_server import ODOO, get_environment, prepare_compat, prepare_test


def _demo_records(addon):
    """External ids of demo records: what they say is no text of the product."""
    return {
        f"{addon}.{record.get('id')}"
        for file in (ROOT / addon / "demo").glob("*.xml")
        for record in etree.parse(str(file)).iter("record")
    }


def export(addon):
    """An addon's template as Odoo exports it, without demo records."""
    database, environment = prepare(addon)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "export.pot"
        done = subprocess.run(
            [
                *(*ODOO, "i18n", "export", "-d", database, "-l", "pot"),
                *("-o", str(file), addon),
            ],
            capture_output=True,
            check=False,
            env=environment,
            text=True,
        )
        if done.returncode:
            die(f"the template could not be exported: {done.stderr.strip()}")
        template = polib.pofile(str(file), wrapwidth=78)
    demo = _demo_records(addon)
    for entry in list(template):
        entry.occurrences = [
            (place, line)
            for place, line in entry.occurrences
            # model:product.template,name:helpdesk_track_bill.id or a _variant of it
            if place.rpartition(":")[2].removesuffix("_product_template") not in demo
        ]
        if not entry.occurrences:
            template.remove(entry)
    for volatile in ("POT-Creation-Date", "PO-Revision-Date"):
        template.metadata.pop(volatile, None)
    template.metadata["Content-Transfer-Encoding"] = "8bit"
    return template


def get_translated():
    """Names of our addons that have texts to translate."""
    return [
        name for name, addon in addons.OURS.items() if addon.template.parent.is_dir()
    ]


def prepare(addon):
    """The database that an addon's template comes from, and how Odoo knows its addons.

    The addon's own texts must be those of an Odoo without OCA's other addons.
    """
    compat = addon not in addons.get_ours()
    database = prepare_compat() if compat else prepare_test()
    return database, get_environment(compat=compat)


def i18n(language=None):
    """Renew the templates, merge them into the languages, print where they stand."""
    # all first: the databases are updated where files of addons change
    templates = {addon: export(addon) for addon in get_translated()}
    for addon, template in templates.items():
        print(addon)
        renew(template, addon, language)
    sys.stdout.flush()
    return 0


def renew(template, addon, language=None):
    folder = ROOT / addon / "i18n"
    template.save(str(folder / f"{addon}.pot"))
    files = sorted(folder.glob("*.po"))
    if language and folder / f"{language}.po" not in files:
        files.append(folder / f"{language}.po")
    print(f"{'language':10}{'translated':>12}{'fuzzy':>8}{'missing':>9}")
    for file in files:
        try:
            translated = (
                polib.pofile(str(file), wrapwidth=78) if file.exists() else None
            )
        except (OSError, UnicodeDecodeError, ValueError) as error:
            die(f"{file.relative_to(ROOT)} is broken: {error}")
        if translated is None:
            translated = polib.POFile(wrapwidth=78)
            translated.metadata = {
                **template.metadata,
                "Language": file.stem,
                "Plural-Forms": get_plural(file.stem).plural_forms,
            }
        translated.merge(template)
        translated.save(str(file))
        print(
            f"{file.stem:10}{len(translated.translated_entries()):>12}"
            f"{len(translated.fuzzy_entries()):>8}"
            f"{len(translated.untranslated_entries()):>9}"
        )
