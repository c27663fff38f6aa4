"""Messages within the length that a receiver takes, counted in bytes of UTF-8."""

from __future__ import annotations

from collections.abc import Sequence

ELLIPSIS = "…"


def size(text: str) -> int:
    """Bytes of UTF-8; half of a surrogate pair counts as what would replace it."""
    return len(text.encode("utf-8", "replace"))


def cut(text: str, limit: int) -> str:
    """At most `limit` bytes of `text`, whole code points, with … where something was left out."""
    if size(text) <= limit:
        return text
    room = limit - size(ELLIPSIS)
    if room < 0:
        return ""
    return text.encode("utf-8", "replace")[:room].decode("utf-8", "ignore") + ELLIPSIS


def assemble(head: str, rows: Sequence[str], tail: str, *, limit: int, between: str = "\n") -> str:
    """`head`, as many of `rows` as fit, and `tail`, which is never cut: it has the links.

    Rows that are left out leave a row with … in their place; a head too long is cut.
    """
    ending = between + tail if tail else ""
    room = limit - size(ending)
    head = cut(head, room)
    whole = between.join([head, *rows])
    if size(whole) <= room:
        return whole + ending
    mark = between + ELLIPSIS
    taken = head
    for row in rows:
        following = taken + between + row
        if size(following) + size(mark) > room:
            break
        taken = following
    return (taken + mark if size(taken) + size(mark) <= room else taken) + ending
