"""What stands before the root element: taken off before a parser sees it.

A feed needs neither a document type nor entities of its own, and both can be bombs (a few bytes
that unfold to gigabytes, or that fetch a file). So definitions are refused and the rest is dropped.
"""

from __future__ import annotations

import re

from crawlers.errors import UnreadableFeed

_ROOT = re.compile(r"<\?xml[\s?]|<(?:rss|feed|rdf:RDF|channel)[\s>]", re.IGNORECASE)
_NAME = re.compile(r"<([A-Za-z_][\w.:-]{0,60})")
_SPACE = re.compile(r"\s*")
_JUNK = 4_096
_MAX_STEPS = 1_000
_NEVER = "a prolog that never ends"


def strip_prolog(text: str) -> tuple[str, str]:
    """The document from its root element on, and the name of that element.

    Up to 4,096 characters of junk (warnings printed by a server's script) are skipped. Raises
    UnreadableFeed for entity definitions and for a document without a root.
    """
    position = 0
    for _ in range(_MAX_STEPS):
        position = _end_of_space(text, position)
        if text.startswith("<?", position):
            position = _behind(text, "?>", position)
        elif text.startswith("<!--", position):
            position = _behind(text, "-->", position)
        elif text[position : position + 9].upper() == "<!DOCTYPE":
            position = _behind_doctype(text, position)
        else:
            name = _NAME.match(text, position)
            if name is not None:
                return text[position:], name.group(1)
            junk = _ROOT.search(text, position, position + _JUNK)
            if junk is None:
                raise UnreadableFeed("neither XML nor JSON")
            position = junk.start()
    raise UnreadableFeed(_NEVER)


def _end_of_space(text: str, position: int) -> int:
    match = _SPACE.match(text, position)
    end = position if match is None else match.end()
    return end + 1 if text.startswith("\ufeff", end) else end


def _behind(text: str, mark: str, position: int) -> int:
    end = text.find(mark, position)
    if end < 0:
        raise UnreadableFeed(_NEVER)
    return end + len(mark)


def _behind_doctype(text: str, position: int) -> int:
    """Just behind a document type, whose quotes and internal subset may hold ">" of their own."""
    end = text.find(">", position)
    subset = text.find("[", position)
    if 0 <= subset < end or (end < 0 <= subset):
        close = text.find("]", subset)
        inside = text[subset : len(text) if close < 0 else close]
        if "<!ENTITY" in inside.upper():
            raise UnreadableFeed("doctype: defines entities, which feeds have no need for")
        return _behind(text, ">", _behind(text, "]", subset))
    return _behind(text, ">", position)
