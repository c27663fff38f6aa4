"""Answers: JSON of any string whatever, entity tags, pages."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from starlette.responses import Response


def dump(content: Any) -> bytes:
    """JSON in UTF-8; text with lone surrogates, which UTF-8 cannot hold, comes out escaped."""
    try:
        return orjson.dumps(content)
    except TypeError:
        return json.dumps(content, allow_nan=False, separators=(",", ":")).encode("ascii")


class Json(Response):
    """A JSON answer, with the entity tag of the version where there is one."""

    media_type = "application/json"

    def __init__(
        self,
        content: Any,
        *,
        status: int = 200,
        version: int | None = None,
        headers: Mapping[str, str] | None = None,
        media_type: str | None = None,
    ) -> None:
        merged = dict(headers or {})
        if version is not None:
            merged["ETag"] = f'"{version}"'
        super().__init__(dump(content), status_code=status, headers=merged, media_type=media_type)


class NoContent(Response):
    """Done, and nothing to say about it."""

    def __init__(self) -> None:
        super().__init__(status_code=204)


def page(items: Sequence[Any], following: str | None, **more: Any) -> Json:
    """One page of a list; `next` is the cursor of the following one, null at the end."""
    return Json({"items": list(items), "next": following, **more})
