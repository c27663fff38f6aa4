"""One content as a file: its JSON, or the document that is made of that JSON alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson

from service.documents.blocks import Paged
from service.documents.page import page_of


class Form(StrEnum):
    """What a content is written as."""

    JSON = "json"
    HTML = "html"
    DOCX = "docx"


MEDIA_TYPES: Mapping[Form, str] = {
    Form.JSON: "application/json",
    Form.HTML: "text/html; charset=utf-8",
    Form.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def docx_of(document: Paged, *, made_at: datetime) -> bytes:
    """The bytes of a .docx; `made_at` is what its properties say of when it was made."""
    # Importing what writes DOCX takes a quarter of a second: few processes write any.
    from service.documents import word

    return word.docx_of(document, made_at=made_at)


def written(
    data: Mapping[str, Any],
    paged: Callable[[Mapping[str, Any]], Paged],
    form: Form,
    *,
    made_at: datetime,
) -> bytes:
    """The bytes of the file; `paged` makes the document of `data` and is not asked for JSON.

    Half of a surrogate pair is escaped in JSON, `?` in HTML.
    """
    if form is Form.HTML:
        return page_of(paged(data)).encode("utf-8", "replace")
    if form is Form.DOCX:
        return docx_of(paged(data), made_at=made_at)
    try:
        return orjson.dumps(data, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        return json.dumps(data, allow_nan=False, indent=2).encode("ascii") + b"\n"
