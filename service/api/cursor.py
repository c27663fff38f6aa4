"""Cursors of lists: where a page ended, bound to the list and filters that it belongs to."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import orjson

from service.stores import BadCursor

_EXPLAINED = "pass `next` of the page before unchanged, with the same filters, or leave it out"


def encode(scope: Sequence[Any], position: Sequence[str | int]) -> str:
    """A URL-safe token of a position in the list that `scope` (its name and filters) describes."""
    token = orjson.dumps([_fingerprint(scope), *position])
    return base64.urlsafe_b64encode(token).rstrip(b"=").decode()


def decode(scope: Sequence[Any], cursor: str | None) -> list[Any] | None:
    """The position, None without a cursor. Raises BadCursor for a broken one, or another list's."""
    if cursor is None:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        owner, *position = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, TypeError, binascii.Error) as error:
        raise bad_cursor() from error
    if owner != _fingerprint(scope) or not position:
        raise bad_cursor()
    return list(position)


def after(scope: Sequence[Any], cursor: str | None) -> str | None:
    """The key after which a list goes on, None at its start. Raises BadCursor."""
    position = decode(scope, cursor)
    if position is None:
        return None
    key = position[0]
    if len(position) != 1 or not isinstance(key, str) or not 0 < len(key) <= 200 or "\0" in key:
        raise bad_cursor()
    return key


def following(scope: Sequence[Any], key: str | None) -> str | None:
    """The cursor for going on after `key`; None at the end."""
    return None if key is None else encode(scope, [key])


def number(scope: Sequence[Any], cursor: str | None, *, most: int = 10**9) -> int | None:
    """A count or row number inside a cursor. Raises BadCursor."""
    position = decode(scope, cursor)
    if position is None:
        return None
    if len(position) != 1 or type(position[0]) is not int or not 0 <= position[0] <= most:
        raise bad_cursor()
    return position[0]


def dated(scope: Sequence[Any], cursor: str | None) -> tuple[datetime, str] | None:
    """An instant and an id inside a cursor. Raises BadCursor."""
    position = decode(scope, cursor)
    if position is None:
        return None
    try:
        text, key = position
        instant = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, TypeError, OverflowError) as error:
        raise bad_cursor() from error
    if not isinstance(key, str) or not 0 < len(key) <= 200 or "\0" in key:
        raise bad_cursor()
    return instant, key


def bad_cursor() -> BadCursor:
    """The one answer to every cursor that was not handed out for this list."""
    return BadCursor(f"the cursor is not one of this list: {_EXPLAINED}")


def _fingerprint(scope: Sequence[Any]) -> str:
    return hashlib.sha256(repr(list(scope)).encode("utf-8", "backslashreplace")).hexdigest()[:16]
