"""What translators can break in a file is found, with its line and what to do."""

import subprocess
import sys

from addons import OURS
from common import ROOT

PROGRAM = ROOT / "scripts/devenv/po_check.py"
PLURAL = {
    "es": "nplurals=2; plural=(n != 1);",
    "fr": "nplurals=2; plural=(n > 1);",
    "ro": "nplurals=3; plural=(n==1?0:(n==0||(n%100>0&&n%100<20))?1:2);",
}
HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: {plural}\\n"

"""
FIRST = HEADER.count("\n") + 1


def check(*files):
    done = subprocess.run(
        [sys.executable, str(PROGRAM), *map(str, files)],
        capture_output=True,
        check=False,
        text=True,
    )
    assert not done.stderr, done.stderr
    assert done.returncode == (1 if done.stdout else 0)
    return done.stdout.splitlines()


def check_text(folder, entries, language="es", header=HEADER):
    """What is said of a file with these entries, the first of them on line FIRST."""
    header = header.format(language=language, plural=PLURAL[language])
    file = folder / f"{language}.po"
    file.write_text(header + entries, encoding="utf-8")
    return [line.removeprefix(f"{file}:") for line in check(file)]


def check_entry(folder, msgid, msgstr, language="es"):
    """What is said of a translation, without the line, which is always its own."""
    entry = f'#. module: helpdesk_track_bill\nmsgid "{msgid}"\nmsgstr "{msgstr}"\n'
    place = f"{FIRST + 2}: "
    said = check_text(folder, entry, language)
    assert all(line.startswith(place) for line in said), said
    return [line.removeprefix(place) for line in said]


def test_own_files_pass():
    files = [
        file
        for addon in OURS.values()
        for file in sorted(addon.path.glob("i18n*/*.po"))
    ]
    assert files
    assert check(*files) == []


def test_every_file_is_checked(tmp_path):
    for language in ("es", "fr"):
        check_text(tmp_path, "msgid", language)
    said = check(tmp_path / "es.po", tmp_path / "fr.po")
    assert [line.partition(":")[0][-5:] for line in said] == ["es.po", "fr.po"]


def test_file_is_utf8(tmp_path):
    file = tmp_path / "es.po"
    header = HEADER.format(language="es", plural=PLURAL["es"])
    file.write_bytes(f'{header}msgid "Days"\nmsgstr "Días"\n'.encode("latin-1"))
    [said] = check(file)
    assert said.startswith(f"{file}:{FIRST + 1}: ")
    assert said.endswith("save the file with the encoding UTF-8")


def test_text_is_between_quotes(tmp_path):
    for broken in ('msgstr "Horas', "msgstr Horas", 'msgstr "Las "horas""', "<<<<<<<"):
        [said] = check_text(tmp_path, f'msgid "Hours"\n{broken}\n')
        assert said.startswith(f"{FIRST + 1}: ")
        assert "begin and end the text with" in said


def test_msgid_has_a_msgstr(tmp_path):
    entries = 'msgid "Days"\n\n#. module: base\nmsgid "Hours"\nmsgstr "Horas"\n'
    [said] = check_text(tmp_path, entries)
    assert said == f'{FIRST}: this msgid has no msgstr; add msgstr "" below it'


def test_lines_are_in_order(tmp_path):
    [said] = check_text(tmp_path, 'msgid "Days"\nmsgstr "Días"\nmsgstr "Jornadas"\n')
    assert said.startswith(f"{FIRST + 2}: this cannot be read; compare")


def test_file_is_named_after_a_language(tmp_path):
    file = tmp_path / "spanish.po"
    file.write_text(HEADER)
    [said] = check(file)
    assert said.startswith(f"{file}:1: ")
    assert said.endswith("for example de.po or pt_BR.po")


def test_language_of_the_header_is_that_of_the_name(tmp_path):
    [said] = check_text(tmp_path, "", header=HEADER.replace("{language}", "de"))
    assert said.startswith("3: the Language")
    assert said.endswith('write "Language: es\\n"')


def test_header_says_utf8(tmp_path):
    [said] = check_text(tmp_path, "", header=HEADER.replace("UTF-8", "ISO-8859-1"))
    assert said.startswith("4: the Content-Type")
    assert said.endswith('write "Content-Type: text/plain; charset=UTF-8\\n"')


def test_header_has_the_plural_forms_of_the_language(tmp_path):
    for wrong in ("", "nplurals=4; plural=n;", "nplurals=2;"):
        [said] = check_text(tmp_path, "", header=HEADER.replace("{plural}", wrong))
        assert said.startswith("5: the Plural-Forms")
        assert said.endswith('write "Plural-Forms: nplurals=2; plural=(n != 1);\\n"')


def test_plural_forms_may_be_counted_as_unicode_does(tmp_path):
    three = "nplurals=3; plural=(n == 0 || n == 1) ? 0 : n % 1000000 == 0 ? 1 : 2;"
    header = HEADER.replace("{plural}", three)
    assert check_text(tmp_path, "", "fr", header) == []


def test_entry_has_every_plural_form(tmp_path):
    entry = (
        'msgid "One hour"\nmsgid_plural "%d hours"\n'
        'msgstr[0] "O oră"\nmsgstr[1] "%d ore"\n'
    )
    [said] = check_text(tmp_path, entry, "ro")
    assert said.startswith(f"{FIRST + 2}: ro needs 3 plural forms")
    assert said.endswith("write msgstr[0] to msgstr[2]")
    assert check_text(tmp_path, f'{entry}msgstr[2] "%d de ore"\n', "ro") == []


def test_plural_form_keeps_its_placeholders(tmp_path):
    entry = (
        'msgid "%d hour"\nmsgid_plural "%d hours"\n'
        'msgstr[0] "%d hora"\nmsgstr[1] "%s horas"\n'
    )
    [said] = check_text(tmp_path, entry)
    assert said.startswith(f"{FIRST + 3}: the placeholders")


def test_placeholders_are_kept(tmp_path):
    for msgid, msgstr in (
        ("Ticket %(ticket)s", "Tique"),
        ("Ticket %(ticket)s", "Tique %(tique)s"),
        ("%s hours", "%s horas de %s"),
        ("%d hours", "%s horas"),
        ("{0} of {1}", "{0} de {2}"),
        ("Ticket {{ object.name }}", "Tique {{ objeto.name }}"),
        ("100 %% of %s", "100 % de %s"),
    ):
        [said] = check_entry(tmp_path, msgid, msgstr)
        assert "the placeholders are not those of the msgid" in said, msgstr
        assert said.endswith(
            "copy them letter by letter, as often as they are in the msgid"
        )


def test_placeholders_may_change_places_where_they_have_names(tmp_path):
    assert check_entry(tmp_path, "%(a)s of %(b)s", "%(b)s: %(a)s") == []
    [said] = check_entry(tmp_path, "%s: %d hours", "%d horas: %s")
    assert said.endswith("keep their order: %s, %d")


def test_percent_sign_is_no_placeholder(tmp_path):
    assert check_entry(tmp_path, "5 % of the hours", "El 5 % de las horas") == []


def test_markup_is_kept(tmp_path):
    for msgid, msgstr in (
        ("<b>Hours</b> left", "Horas restantes"),
        ("<b>Hours</b> left", "<i>Horas</i> restantes"),
        ("Hours", "<b>Horas</b>"),
        ("Hours<br>left", "Horas restantes"),
        ("<i class='fa'/> New", "<i class='fas'/> Nuevo"),
        ("<t t-out='hours'/> left", "<t t-out='horas'/> restantes"),
    ):
        [said] = check_entry(tmp_path, msgid, msgstr)
        assert "the markup is not that of the msgid" in said, msgstr
        assert said.endswith("copy what stands between < and > letter by letter")


def test_markup_is_closed(tmp_path):
    for msgstr in ("<b>Horas", "<b>Horas</i>", "<b>Horas & días</b>"):
        [said] = check_entry(tmp_path, "<b>Hours</b>", msgstr)
        assert "close every tag" in said


def test_attributes_that_people_read_are_translated(tmp_path):
    said = check_entry(
        tmp_path, "<i title='New ticket'/> New", "<i title='Nuevo tique'/> Nuevo"
    )
    assert said == []


def test_spaces_at_both_ends_are_kept(tmp_path):
    for msgid, msgstr in (
        ("Hours: ", "Horas:"),
        ("Hours", " Horas"),
        ("Hours\\n", "Horas"),
        ("\\nHours", "\\n\\nHoras"),
    ):
        [said] = check_entry(tmp_path, msgid, msgstr)
        assert "the spaces and line breaks" in said, msgstr
        assert said.endswith("make them equal")


def test_romanian_has_commas_below(tmp_path):
    said = check_entry(
        tmp_path, "Enter the cost", "Introduceţi preţul de aşteptat", "ro"
    )
    assert [line.partition("; ")[2] for line in said] == [
        "write ș, with a comma below",
        "write ț, with a comma below",
    ]


def test_glossary_is_kept(tmp_path):
    for msgid, msgstr, term in (
        ("Tickets", "Tichete", "bilete"),
        ("Hours Spent", "Ore lucrate", "Ore petrecute"),
    ):
        [said] = check_entry(tmp_path, msgid, msgstr, "ro")
        assert f"the glossary translates {msgid!r} as {term!r}" in said
        assert "propose another term in docs/glossary.ro.csv" in said
    assert check_entry(tmp_path, "Tickets", "Bilete", "ro") == []


def test_shipped_language_is_complete(tmp_path):
    [said] = check_entry(tmp_path, "Hours", "", "fr")
    assert said.endswith("the translation is missing; translate the msgid above it")
    [said] = check_text(tmp_path, '#, fuzzy\nmsgid "Hours"\nmsgstr "Heures"\n', "fr")
    assert said.startswith(f"{FIRST + 2}: ")
    assert said.endswith("correct it and take the mark away")


def test_other_language_may_be_unfinished(tmp_path):
    entries = 'msgid "Hours"\nmsgstr ""\n\n#, fuzzy\nmsgid "Days"\nmsgstr "Jornada"\n'
    assert check_text(tmp_path, entries) == []


def test_former_translations_are_not_checked(tmp_path):
    assert check_text(tmp_path, '#~ msgid "Hours %s"\n#~ msgstr "Horas"\n') == []
