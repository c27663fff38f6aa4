"""Saving what can be read of a document whose parser gives up on the whole of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_PIECES = 1_000

_MAX_HEAD = 20_000
_OPENING = re.compile(r"<(item|entry)[\s>]", re.IGNORECASE)
_CLOSING = re.compile(r"</(?:item|entry)\s*>", re.IGNORECASE)
_CHARACTER = re.compile(r"&#(?:x([0-9a-f]{1,12})|([0-9]{1,12}));?", re.IGNORECASE)


def entries_apart(document: str, root: str) -> Iterator[str]:
    """Each entry as a document of its own, below the same head; at most MAX_PIECES."""
    opening = _OPENING.search(document)
    if opening is None:
        return
    start = opening.start()
    head = document[:start] if start <= _MAX_HEAD else document[: document.find(">") + 1]
    for _ in range(MAX_PIECES):
        closing = _CLOSING.search(document, start)
        if closing is None:
            return
        yield f"{head}{document[start : closing.end()]}</{root}>"
        opening = _OPENING.search(document, closing.end())
        if opening is None:
            return
        start = opening.start()


def legal_references(document: str) -> str:
    """Put U+FFFD where a numeric reference names no character, which parsers stumble over."""
    return _CHARACTER.sub(_legal, document)


def _legal(match: re.Match[str]) -> str:
    hexadecimal, decimal = match.groups()
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    legal = code in (9, 10, 13) or 0x20 <= code < 0xD800 or 0xE000 <= code < 0x110000
    return match.group() if legal else "\ufffd"
