"""The guides say what the browser tours do, in both languages, with their pictures."""

import os
import re
from pathlib import Path

from addons import OURS
from common import ROOT

DOCS = ROOT / "docs"
TOURS = [file for addon in OURS.values() for file in addon.tours]
# steps that the tours take from core
CORE_STEPS = (
    "sale/static/src/js/tours/tour_utils.js",
    "web_tour/static/src/tour_utils.js",
)
GUIDES = {"en": DOCS / "user-guide.md", "ro": DOCS / "user-guide.ro.md"}
CONTENT = re.compile(r"content:\s*[\"'`](.+?)[\"'`],?\n")
STEP = re.compile(r"<!-- (\w+): (.+?) -->")
NUMBERED = re.compile(r"^\d+\. (?:.+\n)(?:   .+\n)*", re.MULTILINE)
PICTURE = re.compile(r"!\[.+?\]\((images/\w+/([\w-]+)\.png)\)", re.DOTALL)


def get_steps(guide):
    return STEP.findall(guide.read_text())


def test_every_step_of_the_guide_is_done_by_a_tour():
    for guide in GUIDES.values():
        steps = NUMBERED.findall(guide.read_text())
        assert steps
        for step in steps:
            assert STEP.search(step), step


def test_steps_of_the_guide_are_steps_of_tours():
    own = "".join(file.read_text() for file in TOURS)
    places = os.environ["DEVENV_ODOO_ADDONS"].split(",")
    core = [
        Path(place, path).read_text()
        for path in CORE_STEPS
        for place in places
        if Path(place, path).exists()
    ]
    contents = [
        re.sub(r"\\\$\\\{.+?\\\}", ".+", re.escape(content))
        for content in re.findall(CONTENT, "".join([own, *core]))
    ]
    names = set(re.findall(r"tours\.add\(\"(\w+)\"", own))
    steps = get_steps(GUIDES["en"])
    assert steps
    for name, step in steps:
        assert name in names
        assert any(re.fullmatch(content, step) for content in contents), step


def test_both_guides_take_the_same_steps():
    assert get_steps(GUIDES["en"]) == get_steps(GUIDES["ro"])


def test_both_guides_show_the_same_pictures_each_in_its_language():
    shown = {}
    for language, guide in GUIDES.items():
        pictures = PICTURE.findall(guide.read_text())
        assert pictures
        for path, _name in pictures:
            assert path.startswith(f"images/{language}/")
            assert (DOCS / path).exists(), path
        shown[language] = [name for _path, name in pictures]
    assert shown["en"] == shown["ro"]
