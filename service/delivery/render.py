"""The JSON body of an event, small enough for any receiver."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson

from service.delivery.model import Message

LIMIT = 20_000
"""Bytes; Standard Webhooks asks for less than 20 KB."""
DROPPED_FIRST = ("posts", "reasons")
_CUT = 200  # code points that a long text keeps when it must be cut


def render(message: Message, *, limit: int = LIMIT) -> bytes:
    """`{"type","timestamp","data"}` in UTF-8; the same message gives the same bytes every time.

    Data too big for `limit` bytes loses posts, then reasons, then its largest members, long texts
    being cut rather than dropped, and says `"truncated": true`.
    """
    data = dict(message.data)
    body = _dump(message, data)
    if len(body) < limit:
        return body
    data["truncated"] = True
    for name in DROPPED_FIRST:
        if data.pop(name, None) is not None and len(body := _dump(message, data)) < limit:
            return body
    while len(body := _dump(message, data)) >= limit and len(data) > 1:
        _shrink(data)
    return body


def instant_text(instant: datetime) -> str:
    """`YYYY-MM-DDTHH:MM:SS.mmmZ`, in UTC."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _shrink(data: dict[str, Any]) -> None:
    name = max((key for key in data if key != "truncated"), key=lambda key: (_size(data[key]), key))
    value = data[name]
    if isinstance(value, str) and len(value) > _CUT:
        data[name] = value[: _CUT - 1] + "…"
    else:
        del data[name]


def _size(value: Any) -> int:
    return len(orjson.dumps(value))


def _dump(message: Message, data: Mapping[str, Any]) -> bytes:
    return orjson.dumps(
        {
            "type": message.type,
            "timestamp": instant_text(message.occurred_at),
            "data": data,
        },
        # PostgreSQL gives keys back in another order than SQLite does.
        option=orjson.OPT_SORT_KEYS,
    )
