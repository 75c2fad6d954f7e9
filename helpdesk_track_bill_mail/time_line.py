"""The line of an e-mail that says how long the work took, such as ``#time 0:45``.

Nothing here knows Odoo's models: a body goes in, what it says and the body without the
line come out. Whatever a client, or who wants to do harm, puts into a body, there is an
answer, never an error.
"""

import re
from dataclasses import dataclass, field

from lxml import etree, html

MOST_HOURS = 24

# why a line is not understood
UNREADABLE = "unreadable"
NOTHING = "nothing"
TOO_LONG = "too_long"
TWICE = "twice"

_BLOCK = re.compile(
    r"address|article|aside|blockquote|body|center|dd|div|dl|dt|fieldset|figure|footer"
    r"|form|h[1-6]|header|hr|html|li|main|nav|ol|p|pre|section|table|tbody|td|tfoot|th"
    r"|thead|tr|ul"
)
_UNSEEN = re.compile(r"head|noscript|script|style|template|title")
_QUOTE_CLASSES = re.compile(
    r"gmail_(quote|extra|attr|signature)|moz-(cite|signature)|yahoo_quoted"
    r"|protonmail_(quote|signature)|odoo_signature_wrapper|zmail_extra"
)
_HIDDEN = re.compile(r"display\s*:\s*none")
# what Outlook writes above the message that is answered: what follows is not new
_REST_IDS = re.compile(r"appendonsend|divRplyFwdMsg|mail-editor-reference-message")
# characters that show nothing, such as marks of the direction of writing
_INVISIBLE = dict.fromkeys(
    [0, 0xAD, *range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, 0xFEFF]
)
_CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_MARK = re.compile(r"#\s?time(?!\w)", re.IGNORECASE)
_DURATION = re.compile(
    r"""(?:
        (?P<clock_hours>[0-9]{1,4}):(?P<clock_minutes>[0-5][0-9])(?:\s?h)?
        | (?P<hours>[0-9]{1,4}(?:[.,][0-9]{1,4})?)\s?(?:h|hours?)
          (?:(?P<minutes_at_once>[0-5][0-9])(?:\s?(?:m|min))?
            | \s(?P<more_minutes>[0-5]?[0-9])\s?(?:m|min|minutes?))?
        | (?P<minutes>[0-9]{1,5}(?:[.,][0-9]{1,4})?)\s?(?:m|min|minutes?)
    )(?!\w)(?![:.,]*[0-9])(?!\s[0-9]+\s?m)""",
    re.IGNORECASE | re.VERBOSE,
)
_AFTER_DURATION = " \t-\u2013\u2014:;,."

_QUOTED = re.compile(r"\s*>")
_SIGNATURE = re.compile(r"--\s?$")
# what phones write under each message
_SENT_FROM = re.compile(
    r"(sent|get|trimis|von|gesendet|envoy\u00e9|enviado|inviato)\b.{0,30}\b"
    r"(iphone|ipad|android|outlook|samsung|galaxy|mobile|mobil|smartphone|gmail)\b"
    r".{0,40}$",
    re.IGNORECASE,
)
_RULE = re.compile(r"(-{3,}\s*\w.{0,60}?\s*-{3,}|_{10,})$")
_FROM = re.compile(r"\*?(from|de la|von|de|da|van|fr\u00e5n)\s?:\*?\s", re.IGNORECASE)
_HEADER = re.compile(r"\*?[\w\u00c0-\u024f]{2,12}( [\w\u00c0-\u024f]{1,12})?\s?:")
# names who wrote what follows, and when: has a date or an address
_SOMEBODY = re.compile(r"[0-9@]")
# a client wraps what it writes above a quotation
_MOST_LINES_OF_ATTRIBUTION = 3


@dataclass
class TimeLine:
    """What a body says of time.

    :ivar text: the line as it was written
    :ivar hours: None where it is not understood
    :ivar description: what follows the duration, possibly empty
    :ivar error: why it is not understood, or None
    :ivar body: the body without the line
    """

    text: str
    hours: float | None = None
    description: str = ""
    error: str | None = None
    body: str | None = None


@dataclass
class _Line:
    """A line as the reader sees it, and where it stands in the document."""

    # (element, "text" or "tail", start, end) of its pieces
    pieces: list = field(default_factory=list)
    text: str = ""
    quoted: bool = False
    # the <br> that ended it, or the piece with its line feed
    end: object = None


# ----------------------------------------------------------------------
# The line
# ----------------------------------------------------------------------
def parse_line(text):
    """What one line says of time; None if it is not about time.

    :param str text: a line, without its line feed
    """
    text = " ".join(text.translate(_INVISIBLE).split())
    mark = _MARK.match(text)
    if not mark:
        return None
    rest = text[mark.end() :].lstrip(" :")
    found = _DURATION.match(rest)
    if not found:
        return TimeLine(text, error=UNREADABLE)
    hours = _get_hours(found.groupdict())
    if not hours > 0:
        return TimeLine(text, error=NOTHING)
    if hours > MOST_HOURS:
        return TimeLine(text, error=TOO_LONG)
    return TimeLine(text, hours, rest[found.end() :].lstrip(_AFTER_DURATION))


def _get_hours(groups):
    if groups["clock_hours"]:
        return int(groups["clock_hours"]) + int(groups["clock_minutes"]) / 60
    if groups["minutes"]:
        return _to_number(groups["minutes"]) / 60
    more = groups["minutes_at_once"] or groups["more_minutes"] or 0
    return _to_number(groups["hours"]) + int(more) / 60


def _to_number(text):
    return float(text.replace(",", "."))


# ----------------------------------------------------------------------
# The body
# ----------------------------------------------------------------------
def take_time_line(body):
    """Find the line about time in the body of a message, and take it out.

    It is the first or the last line of what was written now, which is neither quoted
    nor a signature; of text between quotations, that of its first and last part.

    :param str body: HTML
    :returns: a :class:`TimeLine`, or None if there is none
    """
    if "#" not in body:
        return None
    document = _read(body)
    if document is None:
        return None
    lines = _read_lines(document)
    found = []
    for index in _get_places(lines):
        line = parse_line(lines[index].text)
        if line:
            found.append((index, line))
    if not found:
        return None
    _remove(lines, [index for index, _line in found])
    (_index, line), *more = found
    if more:
        text = " / ".join(other.text for _index, other in found)
        line = TimeLine(text, error=TWICE)
    line.body = _write(document)
    return line


def _read(body):
    """The document, or None where nothing can be read."""
    # in an element of its own, so that text outside elements gets no paragraph
    source = _CONTROLS.sub("", f"<div>{body}</div>").encode("utf-8", "replace")
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        return html.document_fromstring(source, parser=parser).find("body")
    except etree.LxmlError:
        return None


def _write(document):
    return "".join(html.tostring(child, encoding="unicode") for child in document)


def _read_lines(document):
    """The lines of a document in the order of reading."""
    reader = _Reader()
    for event, element in etree.iterwalk(
        document, events=("start", "end", "comment", "pi")
    ):
        if event == "start":
            reader.open(element)
        elif event == "end":
            reader.close(element)
        if event != "start" and element is not document:
            reader.read(element, "tail")
    reader.end_line()
    return reader.lines


class _Reader:
    """Reads elements as they open and close, without recursion however deep they are.

    :ivar lines: the lines that ended so far
    """

    def __init__(self):
        self.lines = []
        self.line = _Line()
        # how many of each kind are open
        self.quotes = self.unseen = self.pres = 0
        # whether the message that is answered has begun
        self.rest = False

    def open(self, element):
        self._break_at_block(element)
        self.rest = self.rest or bool(_REST_IDS.search(element.get("id", "")))
        self._count(element, 1)
        if not self.unseen and element.tag == "br":
            self.end_line(element)
        else:
            self.read(element, "text")

    def close(self, element):
        self._break_at_block(element)
        self._count(element, -1)

    def _break_at_block(self, element):
        if not self.unseen and _BLOCK.fullmatch(element.tag):
            self.end_line()

    def _count(self, element, step):
        self.quotes += step * _is_quote(element)
        self.unseen += step * _is_unseen(element)
        self.pres += step * (element.tag == "pre")

    def read(self, element, kind):
        """Add a text of an element to the lines."""
        text = getattr(element, kind)
        if self.unseen or not text:
            return
        position = 0
        for match in re.finditer(r"\n|\Z", text):
            if match.start() > position:
                self.line.pieces.append((element, kind, position, match.start()))
                self.line.text += text[position : match.start()]
                self.line.quoted |= self.rest or bool(self.quotes)
            position = match.end()
            if match.group() and self.pres:
                self.end_line((element, kind, match.start(), match.end()))
            elif match.group():
                self.line.text += " "

    def end_line(self, end=None):
        self.line.end = end
        self.line.text = " ".join(self.line.text.translate(_INVISIBLE).split())
        self.lines.append(self.line)
        self.line = _Line()


def _is_quote(element):
    return (
        element.tag == "blockquote"
        or element.get("data-o-mail-quote") is not None
        or bool(_QUOTE_CLASSES.search(element.get("class", "")))
    )


def _is_unseen(element):
    style = element.get("style", "").lower()
    return bool(_UNSEEN.fullmatch(element.tag) or _HIDDEN.search(style))


def _get_places(lines):
    """Where a line about time may stand, as indexes in the order of reading."""
    own = _get_own(lines)
    parts, part = [], []
    for index, line in enumerate(lines):
        if own[index]:
            if line.text:
                part.append(index)
        elif line.text and part:
            parts.append(part)
            part = []
    if part:
        parts.append(part)
    if not parts:
        return []
    first, last = parts[0], parts[-1]
    return sorted({first[0], first[-1], last[0], last[-1]})


def _get_own(lines):
    """For each line, whether it is what was written now."""
    own = []
    rest = signed = False
    for index, line in enumerate(lines):
        quoted = line.quoted or bool(_QUOTED.match(line.text))
        if quoted:
            signed = False
        elif _SIGNATURE.match(line.text):
            signed = True
        elif not rest:
            rest = _is_start_of_rest(lines, index)
        sent_from = bool(_SENT_FROM.match(line.text))
        own.append(not (quoted or signed or rest or sent_from))
    for index, line in enumerate(lines):
        if not own[index] and line.text:
            _disown_attribution(lines, own, index)
    return own


def _is_start_of_rest(lines, index):
    """Whether the message that is answered starts here, without a mark on its lines."""
    text = lines[index].text
    if _RULE.match(text):
        return True
    if not _FROM.match(text):
        return False
    following = [line.text for line in lines[index + 1 : index + 13] if line.text][:4]
    headers = [other for other in following if _HEADER.match(other)]
    return len(headers) >= 2


def _disown_attribution(lines, own, index):
    """What a client writes above a quotation is not the agent's: "On ..., X wrote:"."""
    last = index - 1
    while last >= 0 and not lines[last].text:
        last -= 1
    if last < 0 or not lines[last].text.endswith(":"):
        return
    first = last + 1
    for line in range(last, max(last - _MOST_LINES_OF_ATTRIBUTION, -1), -1):
        text = lines[line].text
        if not text or not own[line] or _MARK.match(text):
            break
        if _SOMEBODY.search(text):
            first = line
    for line in range(first, last + 1):
        own[line] = False


# ----------------------------------------------------------------------
# Taking it out
# ----------------------------------------------------------------------
def _remove(lines, indexes):
    """Blank lines, with the line feed that sets each off."""
    pieces, breaks = set(), []
    for index in indexes:
        pieces.update(lines[index].pieces)
        end = lines[index].end
        if end is None and index:
            end = lines[index - 1].end
        if isinstance(end, tuple):
            pieces.add(end)
        elif end is not None and end not in breaks:
            breaks.append(end)
    # from behind, so that the places of what stands before stay true
    for element, kind, start, stop in sorted(
        pieces, key=lambda piece: piece[2], reverse=True
    ):
        text = getattr(element, kind)
        text = text[:start] + text[stop:]
        # a parser lets pass what it would not take back
        setattr(element, kind, _CONTROLS.sub("", text))
    for element in breaks:
        element.drop_tag()
    for element, kind, _start, _stop in pieces:
        _drop_empty(element if kind == "text" else element.getparent())


def _drop_empty(element):
    """Drop an element that held the line alone, and those around it alone."""
    while (
        element is not None
        and element.getparent() is not None
        and element.tag != "body"
        and not len(element)
        and not (element.text or "").strip()
    ):
        around = element.getparent()
        element.drop_tree()
        element = around
