from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.errors import BadMapping
from crawlers.tabular.headings import FIELDS, HEADINGS, folded
from crawlers.tabular.mapping import complete_mapping, parse_mapping, suggest_mapping

COLUMNS = ("微博ID", "发布时间 *", "微博正文", "备注")


def named(columns: tuple[str, ...], *sample: tuple[Any, ...]) -> dict[str, str]:
    found = suggest_mapping(columns, sample)
    return {field: columns[place] for field, place in found.items()}


def test_columns_are_named_by_heading_loosely_or_by_number() -> None:
    mapped = parse_mapping(["text=微博正文", "published_at=发布时间", "native_id=#1"], COLUMNS)
    assert mapped == {"text": 2, "published_at": 1, "native_id": 0}


def test_every_mistake_is_named_at_once() -> None:
    pairs = ["text=无", "nope=备注", "title", "url=#9", "lang=备注", "lang=备注"]
    with pytest.raises(BadMapping) as raised:
        parse_mapping(pairs, COLUMNS)
    assert [field for field, _ in raised.value.errors] == ["text", "nope", "title", "url", "lang"]


def test_an_empty_side_takes_a_field_off() -> None:
    said = parse_mapping(["text="], COLUMNS)
    assert "text" not in complete_mapping(said, COLUMNS, [])


def test_what_was_said_wins_over_what_is_suggested() -> None:
    mapped = complete_mapping({"text": 3}, COLUMNS, [])
    assert mapped == {"native_id": 0, "published_at": 1, "text": 3}
    assert complete_mapping({"title": 2}, COLUMNS, []) == {
        "native_id": 0,
        "published_at": 1,
        "title": 2,
    }


def test_a_heading_of_two_meanings_is_told_by_its_cells() -> None:
    columns = ("时间", "评论")
    assert named(columns, ("2026-03-01", "很差")) == {"published_at": "时间", "text": "评论"}
    counted = ("时间", "内容", "评论")
    assert named(counted, ("2026-03-01", "很差", "12")) == {
        "published_at": "时间",
        "text": "内容",
        "engagement.comments": "评论",
    }


def test_a_column_whose_cells_are_something_else_is_passed_over() -> None:
    assert named(("time", "created_at"), ("soon", "2026-03-01")) == {"published_at": "created_at"}


def test_english_headings() -> None:
    columns = ("Review ID", "Review Date", "Review Text", "User Name", "Stars", "Permalink")
    assert set(named(columns)) == {
        "native_id",
        "published_at",
        "text",
        "author.name",
        "rating",
        "url",
    }


def test_every_field_is_known_by_its_own_name_first() -> None:
    assert all(headings[0] == field for field, headings in HEADINGS.items())
    assert len(FIELDS) == 19


@given(st.lists(st.text(max_size=12), max_size=12))
def test_a_column_is_never_used_twice(columns: list[str]) -> None:
    places = list(suggest_mapping(columns, []).values())
    assert len(places) == len(set(places))
    assert all(folded(column) == folded(folded(column)) for column in columns)
