"""Cursors: where a page ended, bound to the query that it belongs to."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import astuple

import orjson

from service.stores.errors import BadCursor
from service.stores.post_store import PostQuery, SortOrder

_LONGEST = 1_000


def encode_cursor(query: PostQuery, sort: SortOrder, position: tuple[float, int]) -> str:
    """A URL-safe token for the place after `position`: sort key and row number of the last item."""
    token = orjson.dumps([_fingerprint(query, sort), *position])
    return base64.urlsafe_b64encode(token).rstrip(b"=").decode()


def decode_cursor(query: PostQuery, sort: SortOrder, cursor: str) -> tuple[float, int]:
    """The position inside a cursor; BadCursor when it is broken or another query's."""
    try:
        if len(cursor) > _LONGEST:
            raise ValueError("too long")
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        owner, key, row = orjson.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (ValueError, TypeError, binascii.Error) as error:
        raise BadCursor(
            "cursor cannot be read: pass `next` of the previous page unchanged, or leave it out"
        ) from error
    if owner != _fingerprint(query, sort):
        raise BadCursor(
            "cursor belongs to another query: start without a cursor after changing filters or sort"
        )
    if not _is_number(key) or type(row) is not int:
        raise BadCursor("cursor cannot be read: it holds no position; leave it out to start over")
    return key, row


def _is_number(key: object) -> bool:
    return type(key) is int or type(key) is float


def _fingerprint(query: PostQuery, sort: SortOrder) -> str:
    text = repr((astuple(query), sort.value)).encode("utf-8", "backslashreplace")
    return hashlib.sha256(text).hexdigest()[:16]
