"""HTML to plain text, in time linear in its length whatever it holds.

The standard library's parser rescans unclosed constructs, so hostile text can cost it quadratic
time; this one only ever moves forward, and forgives everything.
"""

from __future__ import annotations

import re
from html import unescape

_BLOCK = re.compile(
    "address|article|aside|blockquote|br|center|dd|div|dl|dt|fieldset|figcaption|figure|footer|form"
    "|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|table|tbody|td|th|tr|ul"
)
_DROPPED = {
    name: re.compile(rf"</{name}[\s/>]", re.IGNORECASE)
    for name in ("script", "style", "template", "noscript", "iframe", "textarea", "select")
}
_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9:-]*)")
_ALT = re.compile(r"""\salt\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
_ESCAPED_TAG = re.compile(r"</?(?:p|br|div|span|a|img|strong|em|b|i|ul|li|h[1-6])(?:\s|/?>)", re.I)
_SPACES = re.compile(r"[ \t\r\f\v\u00a0]+")
_LINES = re.compile(r" ?\n[ \n]*")
_MARKS = re.compile(" ?[\0-\2][ \0-\2]*")
_BREAKS = {"p": "\1", "br": "\2"}
"""Marks that stand for breaks until the end: a paragraph, a line; any other block is NUL."""
_MARK_CHARACTERS = str.maketrans("", "", "\0\1\2")
_MAX_ALT = 100
_QUOTE_TRIES = 4


def html_to_text(html: str) -> str:
    """The text a reader would see: blocks and `br` on lines of their own, at most one blank.

    Scripts, styles and comments are dropped, entities resolved, and the `alt` of a picture is kept,
    because that is where forums put emoticons such as [怒]. Text that holds no tag keeps its line
    breaks; markup that was escaped twice is undone once more.
    """
    text, tagged = _strip(html.translate(_MARK_CHARACTERS))
    if not tagged and _ESCAPED_TAG.search(text) is not None:
        text, tagged = _strip(text)
    return text


def _strip(html: str) -> tuple[str, bool]:
    parts: list[str] = []
    tagged = False
    position = 0
    while True:
        start = html.find("<", position)
        if start < 0:
            parts.append(html[position:])
            break
        parts.append(html[position:start])
        end = _skip_special(html, start, parts)
        if end is None:
            name = _NAME.match(html, start)
            if name is None:
                parts.append("<")  # as in "a < b"
                position = start + 1
                continue
            end = _tag_end(html, start)
            if end >= 0:
                tagged = True
                end = _take_tag(html, start, end, name.group(1).lower(), parts)
                if end < 0:
                    break  # a script that never ends
        if end < 0:
            # What begins here never ends; looking for the next beginning would cost a scan each.
            parts.append(html[start:])
            break
        position = end
    return _tidy(parts, tagged), tagged


def _skip_special(html: str, start: int, parts: list[str]) -> int | None:
    """Where a comment, CDATA section or declaration ends (-1: never); None if there is none."""
    if html.startswith("<!--", start):
        end = html.find("-->", start + 4)
        return end if end < 0 else end + 3
    if html.startswith("<![CDATA[", start):
        end = html.find("]]>", start)
        parts.append(html[start + 9 : end if end >= 0 else len(html)])
        return len(html) if end < 0 else end + 3
    if html.startswith(("<!", "<?"), start):
        end = html.find(">", start)
        return end if end < 0 else end + 1
    return None


def _tag_end(html: str, start: int) -> int:
    """Just behind the ">" of a tag, skipping a few that stand inside quotes; -1 without any."""
    end = html.find(">", start)
    first = end
    for _ in range(_QUOTE_TRIES):
        if end < 0 or html.count('"', start, end) % 2 == 0:
            break
        end = html.find(">", end + 1)
    else:
        end = first
    return (first if end < 0 else end) + 1 if first >= 0 else -1


def _take_tag(html: str, start: int, end: int, name: str, parts: list[str]) -> int:
    closing = html.startswith("</", start)
    if _BLOCK.fullmatch(name) is not None:
        parts.append(_BREAKS.get(name, "\0"))
    elif name == "img" and not closing:
        alt = _ALT.search(html, start, end)
        if alt is not None:
            parts.append((alt.group(1) or alt.group(2) or alt.group(3) or "")[:_MAX_ALT])
    elif name in _DROPPED and not closing and html[end - 2] != "/":
        close = _DROPPED[name].search(html, end)
        return -1 if close is None else close.start()
    return end


def _tidy(parts: list[str], tagged: bool) -> str:
    """Join the parts; the marks of breaks among them cannot come from the text, which has none."""
    text = unescape("".join(parts))
    if tagged:
        # To HTML a line break of the source is a space.
        text = _SPACES.sub(" ", text.replace("\n", " "))
        return _MARKS.sub(_break, text).strip()
    return _LINES.sub(_blank, _SPACES.sub(" ", text)).strip()


def _break(match: re.Match[str]) -> str:
    marks = match.group()
    return "\n\n" if "\1" in marks or marks.count("\2") > 1 else "\n"


def _blank(match: re.Match[str]) -> str:
    return "\n\n" if match.group().count("\n") > 1 else "\n"
