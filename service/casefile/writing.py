"""A case as a file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson

from service.casefile.report import report
from service.documents import docx_of, page_of


class Form(StrEnum):
    """What a case is written as."""

    JSON = "json"
    HTML = "html"
    DOCX = "docx"


MEDIA_TYPES: Mapping[Form, str] = {
    Form.JSON: "application/json",
    Form.HTML: "text/html; charset=utf-8",
    Form.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def written(case: Mapping[str, Any], form: Form, *, made_at: datetime) -> bytes:
    """The bytes of the file. Half of a surrogate pair is escaped in JSON, `?` in HTML."""
    if form is Form.HTML:
        return page_of(report(case)).encode("utf-8", "replace")
    if form is Form.DOCX:
        return docx_of(report(case), made_at=made_at)
    try:
        return orjson.dumps(case, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        return json.dumps(case, allow_nan=False, indent=2).encode("ascii") + b"\n"
