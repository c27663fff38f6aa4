"""Cursors: where a page ended, bound to the query that it belongs to."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import overload

import orjson

from service.stores.errors import BadCursor
from service.stores.post_store import PostQuery, SortOrder

_LONGEST = 1_000


def encode_cursor(query: PostQuery, sort: SortOrder, position: tuple[float, int | str]) -> str:
    """A URL-safe token for the place after `position`: sort key of the last item, and what tells

    it from others with the same key (a row number, or the post's id).
    """
    token = orjson.dumps([_fingerprint(query, sort), *position])
    return base64.urlsafe_b64encode(token).rstrip(b"=").decode()


@overload
def decode_cursor(query: PostQuery, sort: SortOrder, cursor: str) -> tuple[float, int]: ...


@overload
def decode_cursor(
    query: PostQuery, sort: SortOrder, cursor: str, *, tie: type[str]
) -> tuple[float, str]: ...


def decode_cursor(
    query: PostQuery, sort: SortOrder, cursor: str, *, tie: type[int] | type[str] = int
) -> tuple[float, int | str]:
    """The position inside a cursor; BadCursor when it is broken or another query's.

    `tie` is the type of its second half: a cursor of one engine means nothing to another.
    """
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
    if not _is_number(key) or type(row) is not tie:
        raise BadCursor("cursor cannot be read: it holds no position; leave it out to start over")
    return key, row


def _is_number(key: object) -> bool:
    return type(key) is int or type(key) is float


def _fingerprint(query: PostQuery, sort: SortOrder) -> str:
    text = repr((query, sort.value)).encode("utf-8", "backslashreplace")
    return hashlib.sha256(text).hexdigest()[:16]
