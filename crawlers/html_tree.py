"""HTML of strangers as a tree, in time and memory that its length bounds.

Parsers are quadratic in odd places: a tag with a hundred thousand attributes keeps libxml2 busy for
minutes. So a page is written anew first, in one pass that only moves forward: tags with a bounded
number of attributes, text, and nothing else (no scripts, comments, declarations). What the parser
then reads cannot hold what was not written. libxml2 itself ends nesting at some hundred levels.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape, unescape

import lxml.html
from lxml import etree
from lxml.html import HtmlElement

from crawlers.errors import UnreadableAnswer
from crawlers.feeds import decode
from crawlers.fields import clean_text

MAX_PAGE = 3_000_000
"""Characters; a long article with all its scripts has some hundred thousand."""
MAX_TAGS = 60_000
MAX_ATTRIBUTES = 32
MAX_VALUE = 4_000

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})(?=[\s/>])")
_ATTRIBUTE = re.compile(
    r"[\s/]*([^\s/>=][^\s/>=]*)(?:\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"'][^\s>]*)))?"
)
_REST = re.compile(r"[^>]*>?")
_NAME = re.compile(r"[a-zA-Z_][\w.:-]{0,60}", re.ASCII)
_RAW = {
    name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE)
    for name in ("script", "style", "template", "noscript", "iframe", "svg", "math", "textarea")
}
_DROPPED = frozenset({"link", "base"})
"""Nothing is loaded, and a base would turn every address to wherever it likes."""

_CONTROL = re.compile("[\x01-\x08\x0b\x0c\x0e-\x1f\x7f]")
_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", re.IGNORECASE
)
_HEAD = 4_096


def read_html(body: bytes, *, content_type: str = "") -> str:
    """The text of a page, by its header, its meta element, and what its bytes look like."""
    declared = _CHARSET.search(body[:_HEAD])
    if declared is not None and "charset" not in content_type.lower():
        content_type = f"{content_type}; charset={declared.group(1).decode()}"
    return _CONTROL.sub(" ", clean_text(decode(body, content_type=content_type)))


def parse_html(html: str, *, max_tags: int = MAX_TAGS, max_written: int = MAX_PAGE) -> HtmlElement:
    """The tree of a page, without its scripts, styles and comments.

    Raises UnreadableAnswer for a page that holds nothing, more than `max_tags` tags, or more than
    `max_written` characters when it is written anew.
    """
    if len(html) > MAX_PAGE:
        raise UnreadableAnswer(f"a page of {len(html)} characters; at most {MAX_PAGE} are read")
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True)
    written = "".join(_rewritten(html, max_tags))
    if len(written) > max_written:
        raise UnreadableAnswer(f"a page with more than {max_written} characters in it")
    try:
        tree = lxml.html.document_fromstring(written.encode(), parser=parser)
    except (etree.LxmlError, ValueError) as error:
        raise UnreadableAnswer(f"no HTML: {error}"[:200]) from error
    if not isinstance(tree, HtmlElement):
        raise UnreadableAnswer("no HTML: no element in it")
    return tree


def _rewritten(html: str, max_tags: int) -> Iterator[str]:
    """The page in pieces, each harmless; raises UnreadableAnswer for more tags than are read."""
    position, tags = 0, 0
    while True:
        start = html.find("<", position)
        if start < 0:
            yield html[position:]
            return
        yield html[position:start]
        tag = _TAG.match(html, start)
        if tag is None:
            position = _behind_special(html, start)
            if position == start + 1:
                yield "&lt;"
            continue
        tags += 1
        if tags > max_tags:
            raise UnreadableAnswer(f"a page of more than {max_tags} tags")
        name = tag.group(2).lower()
        attributes, position = _attributes(html, tag.end())
        raw = None if tag.group(1) else _RAW.get(name)
        if raw is not None:
            close = raw.search(html, position)
            # Without an end all that follows is inside, as in a browser.
            position = len(html) if close is None else _end(html, close.end())
        elif name in _DROPPED:
            continue
        elif tag.group(1):
            yield f"</{name}>"
        else:
            yield f"<{name}{attributes}>"


def _behind_special(html: str, start: int) -> int:
    """Just behind a comment or declaration; one character on where there is none."""
    if html.startswith("<!--", start):
        end = html.find("-->", start + 4)
        return len(html) if end < 0 else end + 3
    if html.startswith(("<!", "<?", "</"), start):
        end = html.find(">", start)
        return len(html) if end < 0 else end + 1
    return start + 1


def _attributes(html: str, position: int) -> tuple[str, int]:
    """The attributes from `position` on, written anew, and where the tag ends."""
    kept: dict[str, str] = {}
    while (found := _ATTRIBUTE.match(html, position)) is not None:
        position = found.end()
        name = found.group(1).lower()
        if len(kept) < MAX_ATTRIBUTES and _NAME.fullmatch(name) is not None:
            value = found.group(2) or found.group(3) or found.group(4) or ""
            if name not in kept and len(value) <= MAX_VALUE:
                kept[name] = unescape(value)
    written = "".join(f' {name}="{escape(value)}"' for name, value in kept.items())
    return written, _end(html, position)


def _end(html: str, position: int) -> int:
    rest = _REST.match(html, position)
    return position if rest is None else rest.end()
