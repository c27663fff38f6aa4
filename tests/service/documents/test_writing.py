"""A content as a file: each form, and texts that no form may break on."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from typing import Any

import pytest

from service.documents import MEDIA_TYPES, Form, Paged, Paragraph, plain, written
from tests.support.clock import START

HALF = "杯子\ud83d"
"""With half of a surrogate pair, as a post that was cut in the middle of an emoji has it."""


def told(data: Mapping[str, Any]) -> Paged:
    return Paged(
        title="晨屿",
        subtitle="",
        lang="zh-CN",
        contents="目录",
        blocks=(Paragraph(plain(data["text"])),),
    )


def refused(data: Mapping[str, Any]) -> Paged:
    raise AssertionError("nobody asked for a document")


def test_json_is_the_data_and_makes_no_document() -> None:
    content = written({"text": "退款"}, refused, Form.JSON, made_at=START)
    assert json.loads(content) == {"text": "退款"}
    assert content.endswith(b"\n")


def test_html_is_the_document() -> None:
    page = written({"text": "退款"}, told, Form.HTML, made_at=START).decode()
    assert "<title>晨屿</title>" in page
    assert "退款" in page


def test_docx_is_the_document_and_the_same_bytes_again() -> None:
    content = written({"text": "退款"}, told, Form.DOCX, made_at=START)
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        assert "退款" in parts.read("word/document.xml").decode()
    assert content == written({"text": "退款"}, told, Form.DOCX, made_at=START)


@pytest.mark.parametrize("form", Form)
def test_half_a_character_breaks_no_form(form: Form) -> None:
    content = written({"text": HALF}, told, form, made_at=START)
    if form is Form.JSON:
        assert json.loads(content) == {"text": HALF}
    elif form is Form.HTML:
        assert "杯子?" in content.decode()
    else:
        assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None


def test_each_form_has_a_media_type() -> None:
    assert set(MEDIA_TYPES) == set(Form)
