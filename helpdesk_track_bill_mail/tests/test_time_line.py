import html as html_text
import re
import string

from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import html
from odoo.tests import BaseCase, tagged

from ..time_line import (
    MOST_HOURS,
    NOTHING,
    TOO_LONG,
    UNREADABLE,
    parse_line,
    take_time_line,
)

READ = {
    "#time 0:45": (0.75, ""),
    "#time 45m": (0.75, ""),
    "#time 1.5h": (1.5, ""),
    "#time 1,5h": (1.5, ""),
    "#Time: 1h30 Cleaned the rollers.": (1.5, "Cleaned the rollers."),
    "#time 1h 30 min - rollers": (1.5, "rollers"),
    "#time 1h 30 printers": (1, "30 printers"),
    "#time 24:00": (24, ""),
    "#time\u00a090\u00a0min": (1.5, ""),
    "\u200e#time 0:45\u200f": (0.75, ""),
}
NOT_READ = {
    "#time": UNREADABLE,
    "#time 1.5": UNREADABLE,
    "#time -1h": UNREADABLE,
    "#time 0:75": UNREADABLE,
    "#time 1:30:00": UNREADABLE,
    "#time 1h5": UNREADABLE,
    "#time 1h 30mn": UNREADABLE,
    "#time \u0661h": UNREADABLE,
    "#time 1e3h": UNREADABLE,
    "#time is money": UNREADABLE,
    "#time nan h": UNREADABLE,
    "#time 0m": NOTHING,
    "#time 24:01": TOO_LONG,
    "#time 1500m": TOO_LONG,
    "#time 99999m": TOO_LONG,
}
NO_LINES = ("", "time 0:45", "#timesheet 1h", "see #time 1h", "> #time 1h", "#times 2")

# pieces that bodies are made of, to be put together in every way
PIECES = st.sampled_from(
    [
        *("#time 0:45", "#time", " ", "\n", "&nbsp;", "&lt;", "\u200b", "\0", "\ud800"),
        *("<br>", "<div>", "</div>", "<p>", "</p>", "<pre>", "</pre>", "</body>"),
        *("<blockquote>", "</blockquote>", "&gt; ", "-- \n", "<!-- ", " -->", "<!--"),
        *("On 3 March Dana wrote:", "From: x", "Sent: y", "To: z", "------ x ------"),
        *('<span data-o-mail-quote="1">', "</span>", "<style>", "</style>", "<?x?>"),
        *('<div style="display:none">', '<div id="appendonsend">', "<table><tr><td>"),
        *("<![CDATA[", "]]>", "<html><body>", "Works again.", "\r\n", "<b>", "</b>"),
        *('<?xml version="1.0" encoding="utf-16"?>', "&#0;", "&#xD800;", "<svg><g>"),
    ]
)
BODIES = st.one_of(
    st.text(),
    st.lists(PIECES, max_size=40).map("".join),
    st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=30).map("".join),
)
WORDS = st.text(string.ascii_letters + string.digits + " .,!?()", max_size=60)


def get_text(body):
    return " ".join(html.fromstring(f"<div>{body}</div>").text_content().split())


@tagged("post_install", "-at_install")
class TestTimeLine(BaseCase):
    def test_M1_lines_that_are_read(self):
        for text, (hours, description) in READ.items():
            with self.subTest(text):
                line = parse_line(text)
                self.assertAlmostEqual(line.hours, hours, 9)
                self.assertEqual(line.description, description)
                self.assertIsNone(line.error)

    def test_M5_lines_that_are_not_understood(self):
        for text, error in NOT_READ.items():
            with self.subTest(text):
                line = parse_line(text)
                self.assertEqual(line.error, error)
                self.assertIsNone(line.hours)

    def test_M1_lines_about_something_else(self):
        for text in NO_LINES:
            with self.subTest(text):
                self.assertIsNone(parse_line(text))

    @given(st.integers(1, MOST_HOURS * 60), WORDS)
    def test_M1_what_is_written_is_read(self, minutes, words):
        words = words.strip(" .,")
        for text in (
            f"{minutes // 60}:{minutes % 60:02}",
            f"{minutes}m",
            f"{minutes // 60}h{minutes % 60:02}",
        ):
            line = parse_line(f"#time {text} - {words}")
            self.assertIsNone(line.error)
            self.assertAlmostEqual(line.hours, minutes / 60, 9)
            self.assertEqual(line.description, " ".join(words.split()))

    @given(st.text())
    def test_M5_hours_are_within_a_day_or_none(self, text):
        for prefix in ("#time ", "#time 1", ""):
            line = parse_line(prefix + text)
            if line and line.error:
                self.assertIsNone(line.hours)
            elif line:
                self.assertTrue(0 < line.hours <= MOST_HOURS)

    @given(BODIES)
    @example("<!-- #time -->")
    @example("<div>" * 3000 + "#time 0:45")
    @example("#time " + "9" * 5000 + "h")
    @example("-" * 20000 + "\n#time 1h")
    @settings(max_examples=500, deadline=None)
    def test_M5_no_body_is_an_error(self, body):
        line = take_time_line(body)
        if line:
            self.assertIsInstance(line.body, str)
            self.assertTrue(line.text.startswith("#"))
            self.assertEqual(line.error is None, line.hours is not None)

    @given(BODIES)
    @example("\r#time")
    @settings(max_examples=300, deadline=None)
    def test_M2_nothing_quoted_is_read(self, body):
        # every line of the quotation is marked: HTML knows three ends of a line
        quoted = re.sub(r"\r\n?", "\n", body.replace("\0", ""))
        for text in (
            f"<p>Works again.</p><blockquote>{html_text.escape(quoted)}</blockquote>",
            "<pre>Works again.\n"
            + "\n".join(f"&gt; {html_text.escape(row)}" for row in quoted.split("\n"))
            + "</pre>",
        ):
            self.assertIsNone(take_time_line(text))

    @given(st.lists(WORDS.filter(str.strip), min_size=1, max_size=6), st.booleans())
    @settings(max_examples=300, deadline=None)
    def test_M1_nothing_else_is_taken_out(self, rows, first):
        line = "#time 0:45 Cleaned"
        written = [line, *rows] if first else [*rows, line]
        for layout in ("<p>{}</p>", "{}<br>", "<div><span>{}</span></div>"):
            body = "".join(layout.format(row) for row in written)
            taken = take_time_line(body)
            self.assertEqual(taken.hours, 0.75)
            self.assertEqual(
                get_text(taken.body),
                get_text("".join(layout.format(row) for row in rows)),
            )
        taken = take_time_line("<pre>" + "\n".join(written) + "</pre>")
        self.assertEqual(get_text(taken.body), get_text("\n".join(rows)))
