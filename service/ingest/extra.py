"""What a source sends beyond the contract, without the keys that name a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_PERSONAL = re.compile(
    r"^(author|user|member|account|profile)([._-]|$)"
    r"|(screen|nick|user|display|real|login)[._-]?name|user[._-]?id|^uid$|handle|avatar"
    r"|phone|mobile|e-?mail|id[._-]?card|wechat|^qq$|open[._-]?id",
    re.IGNORECASE,
)


def impersonal(extra: Mapping[str, Any]) -> dict[str, Any]:
    """The unknown keys that may be stored in the clear, at every depth.

    An author's name and id are kept encrypted elsewhere; the same under a key of the source's own
    would lead around that.
    """
    return {key: _inside(value) for key, value in extra.items() if not _PERSONAL.search(key)}


def _inside(value: Any) -> Any:
    if isinstance(value, Mapping):
        return impersonal(value)
    if isinstance(value, list):
        return [_inside(item) for item in value]
    return value
