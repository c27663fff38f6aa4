from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from crawlers.board import MAX_SEEN, take_board
from crawlers.post import Post
from crawlers.source import Ok, OkEmpty
from crawlers.walk import ListPage

AT = datetime(2026, 3, 2, tzinfo=UTC)


def page(*words: str, rejected: tuple[tuple[str, str], ...] = ()) -> ListPage:
    posts = (Post(source="hot", native_id=word[0], published_at=AT, text=word) for word in words)
    return ListPage(posts=tuple(posts), rejected=rejected)


def brought(result: Any) -> list[str]:
    assert isinstance(result, Ok)
    return [post.text for post in result.posts]


def test_all_of_it_is_new_at_first() -> None:
    assert brought(take_board(page("a", "b"), None)) == ["a", "b"]


def test_only_what_is_new_or_reworded_comes_later_whatever_its_place() -> None:
    first = take_board(page("a", "b"), None)
    assert isinstance(first, Ok)
    assert brought(take_board(page("c", "b", "a!"), first.cursor)) == ["c", "a!"]


def test_what_falls_off_and_returns_is_remembered() -> None:
    first = take_board(page("a"), None)
    assert isinstance(first, Ok)
    second = take_board(page("b"), first.cursor)
    assert isinstance(second, Ok)
    assert isinstance(take_board(page("a"), second.cursor), OkEmpty)


def test_rejected_entries_are_told_though_nothing_is_new() -> None:
    result = take_board(page(rejected=(("row 1", "odd"),)), None)
    assert isinstance(result, Ok)
    assert result.rejected == (("row 1", "odd"),)


def test_a_foreign_cursor_is_a_new_beginning_and_memory_is_bounded() -> None:
    assert brought(take_board(page("a"), {"seen": [1]})) == ["a"]
    full = {"seen": {f"{number:016}": "x" for number in range(MAX_SEEN)}}
    result = take_board(page("a"), full)
    assert isinstance(result, Ok)
    assert len(result.cursor["seen"]) == MAX_SEEN
