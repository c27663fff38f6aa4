from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawlers.declaration import Declaration
from crawlers.row_mapper import RowMapper

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
FIELDS = ("native_id", "text", "published_at", "title", "lang")


def mapper(**more: object) -> RowMapper[dict[str, str]]:
    given = {"base_url": "https://board.example", "basis": "public_feed", "lang": "zh", **more}
    return RowMapper(
        Declaration.model_validate(given),
        fields=FIELDS,
        find=lambda name, row: row.get(name),
        now=NOW,
        url="https://board.example/",
    )


ROW = {"native_id": "7", "text": "漏水", "published_at": "5分钟前"}


def test_a_row_has_what_the_declaration_says_of_all() -> None:
    assert mapper(channel="in_app").wire(ROW) == {
        "native_id": "7",
        "text": "漏水",
        "published_at": "2026-03-02T03:55:00+00:00",
        "source": "board.example",
        "channel": "in_app",
        "lang": "zh",
    }


def test_what_a_row_says_itself_counts_more() -> None:
    assert mapper().wire({**ROW, "lang": "en"})["lang"] == "en"


def test_fields_that_no_row_had_are_missing_unless_optional() -> None:
    read, lenient = mapper(), mapper(optional=["lang"])
    for each in (read, lenient):
        each.wire(ROW)
        each.wire({**ROW, "title": "t"})
    assert read.missing() == [("every row", "lang is missing")]
    assert lenient.missing() == []


def test_a_row_without_what_every_post_needs_is_refused() -> None:
    with pytest.raises(KeyError, match="text"):
        mapper().wire({**ROW, "text": ""})
