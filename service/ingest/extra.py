"""What a source sends beyond the contract, without the keys that name a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from crawlers import Author
from service.ingest.names import Names, names_of

_PERSONAL = re.compile(
    r"^(author|user|member|account|profile)([._-]|$)"
    r"|(screen|nick|user|display|real|login)[._-]?name|user[._-]?id|^uid$|handle|avatar"
    r"|phone|mobile|e-?mail|id[._-]?card|wechat|^qq$|open[._-]?id",
    re.IGNORECASE,
)

_SMALLEST_ID = 100


def impersonal(extra: Mapping[str, Any], *, author: Author | None = None) -> dict[str, Any]:
    """The unknown keys that may be stored in the clear, at every depth.

    An author's name and id are kept encrypted elsewhere; the same under a key of the source's own
    would lead around that, so values that are the author's id or name go too.
    """
    return _kept(extra, names_of(author))


def _kept(extra: Mapping[str, Any], names: Names) -> dict[str, Any]:
    return {
        key: _inside(value, names)
        for key, value in extra.items()
        if not _PERSONAL.search(key) and not _is_name(value, names)
    }


def _inside(value: Any, names: Names) -> Any:
    if isinstance(value, Mapping):
        return _kept(value, names)
    if isinstance(value, list):
        return [_inside(item, names) for item in value if not _is_name(item, names)]
    return value


def _is_name(value: Any, names: Names) -> bool:
    """Ids come as numbers too; a short number is more likely a count."""
    if isinstance(value, str):
        return names.are(value)
    return type(value) is int and value >= _SMALLEST_ID and names.are(str(value))
