"""Export the addon's template and merge it into every language (make i18n)."""

import subprocess
import sys
import tempfile
from pathlib import Path

import polib
from babel.messages.plurals import get_plural
from lxml import etree

from common import ROOT, die

ADDON = ROOT / "helpdesk_track_bill"


def _demo_records():
    """External ids of demo records: what they say is no text of the product."""
    return {
        f"{ADDON.name}.{record.get('id')}"
        for file in (ADDON / "demo").glob("*.xml")
        for record in etree.parse(str(file)).iter("record")
    }


def export(odoo, database):
    """The template as the database's Odoo exports it, without demo records."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "export.pot"
        done = subprocess.run(
            [
                *(*odoo, "i18n", "export", "-d", database, "-l", "pot"),
                *("-o", str(file), ADDON.name),
            ],
            capture_output=True,
            check=False,
            text=True,
        )
        if done.returncode:
            die(f"the template could not be exported: {done.stderr.strip()}")
        template = polib.pofile(str(file), wrapwidth=78)
    demo = _demo_records()
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


def main(odoo, database, language=None):
    """Renew the template, merge it into the languages, print where they stand."""
    template = export(odoo, database)
    folder = ADDON / "i18n"
    template.save(str(folder / f"{ADDON.name}.pot"))
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
    sys.stdout.flush()
    return 0
