from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers.errors import UnreadableAnswer
from crawlers.json_page import (
    Rows,
    at,
    count_at,
    decode_answer,
    epoch_at,
    read_page,
    read_rows,
    required_text,
    text_at,
)
from crawlers.source import Blocked, SchemaDrift
from tests.support.fetching import page

DATA: dict[str, Any] = {"a": {"b": [{"c": " 7 "}, 8, "", True]}, "n": -1, "s": "12", "f": 1.5}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=10,
)


def wire(row: Mapping[str, Any]) -> dict[str, Any] | None:
    if row.get("skip"):
        return None
    return {
        "source": "s",
        "native_id": required_text(row, "id"),
        "published_at": epoch_at(row, "at"),
        "text": required_text(row, "text"),
    }


GOOD = {"id": 1, "at": 1_772_424_000, "text": "好"}


def test_a_path_leads_through_objects_and_lists() -> None:
    assert at(DATA, "a", "b", 0, "c") == " 7 "
    assert at(DATA, "a", "b", -1) is True


@pytest.mark.parametrize("path", [("x",), ("a", 0), ("a", "b", 9), ("a", "b", "c"), ("n", "x")])
def test_a_path_that_leads_nowhere_is_none(path: tuple[str | int, ...]) -> None:
    assert at(DATA, *path) is None


def test_text_is_stripped_and_numbers_are_text_too() -> None:
    assert text_at(DATA, "a", "b", 0, "c") == "7"
    assert text_at(DATA, "a", "b", 1) == "8"
    assert (text_at(DATA, "a", "b", 2), text_at(DATA, "a", "b", 3)) == (None, None)


def test_a_missing_text_is_named_by_its_path() -> None:
    with pytest.raises(KeyError, match=r"a\.b\.9\.c"):
        required_text(DATA, "a", "b", 9, "c")


def test_counts_are_whole_and_not_negative() -> None:
    assert (count_at(DATA, "s"), count_at(DATA, "a", "b", 1)) == (12, 8)
    assert [count_at(DATA, key) for key in ("n", "f", "x", "a")] == [None] * 4
    assert count_at(DATA, "a", "b", 3) is None


@pytest.mark.parametrize("value", [1_772_424_000, 1_772_424_000.0, "1772424000"])
def test_an_epoch_is_an_instant(value: Any) -> None:
    assert epoch_at({"at": value}, "at") == "2026-03-02T04:00:00+00:00"


@pytest.mark.parametrize("value", [None, True, [], "soon", 1e18, float("inf"), float("nan")])
def test_what_is_no_epoch_is_an_error_of_its_row(value: Any) -> None:
    with pytest.raises((KeyError, ValueError)):
        epoch_at({"at": value}, "at")


def test_rows_are_read_one_by_one_and_the_bad_ones_named() -> None:
    rows = read_rows([GOOD, 3, {"id": 2}, GOOD | {"at": 9e11}, {"skip": True}], wire)
    assert [post.native_id for post in rows.posts] == ["1"]
    assert rows.left_out == 1
    assert rows.rejected[:2] == (("row 2", "is no object but int"), ("row 3", "at is missing"))
    assert rows.rejected[2][0] == "row 4"


def test_a_key_that_every_row_lost_is_named() -> None:
    rows = read_rows([GOOD, GOOD | {"likes": 1}], wire, name="post", expected=("likes", "views"))
    assert rows.rejected == (("every post", "views is missing"),)


def test_no_readable_row_at_all_is_drift_that_names_each_reason_once() -> None:
    with pytest.raises(UnreadableAnswer) as caught:
        read_rows([{"id": 1}, {"id": 2}, 3], wire)
    assert caught.value.fields == ("at is missing", "is no object but int")


def test_no_rows_are_no_drift() -> None:
    assert read_rows([], wire, expected=("likes",)) == Rows()


@settings(max_examples=50)
@given(st.lists(JSON, max_size=4))
def test_rows_of_any_shape_are_all_accounted_for(rows: list[Any]) -> None:
    read = read_rows([GOOD, *rows], wire)
    assert len(read.posts) + read.left_out + len(read.rejected) == len(rows) + 1


def test_a_byte_order_mark_and_half_characters_are_forgiven() -> None:
    assert decode_answer(b'\xef\xbb\xbf{"a": "\\ud83d"}') == {"a": "\ud83d"}


@pytest.mark.parametrize("body", [b"", b"{", b"NaN", b'["\\ud83d", NaN]', b"[" * 100_000])
def test_what_is_no_json_is_drift(body: bytes) -> None:
    with pytest.raises(UnreadableAnswer, match="no JSON"):
        decode_answer(body)


async def test_a_page_for_people_is_told_from_drift() -> None:
    login = await read_page(page("<html><title>登录</title>"), decode_answer)
    other = await read_page(page("  <html><title>首页</title>"), decode_answer)
    assert isinstance(login, Blocked)
    assert other == SchemaDrift(fields=("an HTML page instead of JSON: 首页",))


async def test_a_long_answer_is_read_off_the_loop_with_the_same_result() -> None:
    assert await read_page(page(f'["{"长" * 30_000}"]'), decode_answer) == ["长" * 30_000]
