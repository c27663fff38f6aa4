from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.post import Post
from crawlers.source import Cursor, Ok, OkEmpty, Unread
from crawlers.walk import MAX_SEEN, ListPage, Walk

START = datetime(2026, 1, 1, tzinfo=UTC)


def post(number: int, text: str = "x") -> Post:
    return Post(
        source="s",
        native_id=str(number),
        published_at=START + timedelta(minutes=number),
        text=text,
    )


def shelf(numbers: Sequence[int], following: str | None = None) -> ListPage:
    return ListPage(posts=tuple(post(number) for number in numbers), next=following)


def take(page: ListPage, cursor: Cursor | None = None, *, max_pages: int = 10) -> Ok | OkEmpty:
    result = Walk.resume(cursor).take(page, max_pages=max_pages)
    assert isinstance(result, Ok | OkEmpty)
    return result


def lost(result: Ok | OkEmpty) -> tuple[int, int]:
    """The minutes from which to which nothing was read."""
    assert isinstance(result, Ok)
    assert isinstance(result.unread, Unread)
    since, until = result.unread.since, result.unread.until
    assert since is not None
    assert until is not None
    return (since - START) // timedelta(minutes=1), (until - START) // timedelta(minutes=1)


def ids(result: Ok | OkEmpty) -> list[str]:
    return [item.native_id for item in result.posts] if isinstance(result, Ok) else []


def walk(
    numbers: Sequence[int], cursor: Cursor | None, *, size: int = 3
) -> tuple[set[str], Cursor]:
    """A whole walk over a list of `numbers`, newest first."""
    found: set[str] = set()
    position = 0
    while True:
        following = str(position + size) if position + size < len(numbers) else None
        page = shelf(numbers[position : position + size], following)
        result = take(page, cursor, max_pages=100)
        found.update(ids(result))
        cursor = result.cursor
        if result.hint is None:
            return found, cursor
        position = int(cursor["at"])


def test_posts_come_oldest_first_and_the_walk_goes_on() -> None:
    result = take(shelf([5, 4, 3], "2"))
    assert ids(result) == ["3", "4", "5"]
    assert result.hint == timedelta(0)
    assert (result.cursor["at"], result.cursor["pages"]) == ("2", 1)


def test_the_walk_ends_where_something_known_comes() -> None:
    first = take(shelf([2, 1]))
    second = take(shelf([4, 3, 2], "2"), first.cursor)
    assert ids(second) == ["3", "4"]
    assert second.hint is None
    assert "at" not in second.cursor


def test_a_pinned_post_does_not_end_the_walk() -> None:
    first = take(shelf([1, 3, 2]))
    second = take(shelf([1, 9, 8], "7"), first.cursor)
    assert ids(second) == ["8", "9"]
    assert second.hint == timedelta(0)
    third = take(shelf([1, 7, 3], "2"), second.cursor)
    assert ids(third) == ["7"]
    assert third.hint is None


def test_a_list_that_ends_with_an_edited_post_has_no_gap() -> None:
    first = take(shelf([2, 1]))
    second = take(ListPage(posts=(post(3), post(1, "edited"))), first.cursor)
    assert isinstance(second, Ok)
    assert second.unread is None


def test_an_edited_post_does_not_end_the_walk() -> None:
    first = take(shelf([2, 1]))
    page = ListPage(posts=(post(1, "edited"), post(4), post(3)), next="2")
    second = take(page, first.cursor)
    assert ids(second) == ["1", "3", "4"]
    assert second.hint == timedelta(0)


def test_what_slid_onto_the_next_page_is_no_news_and_no_end() -> None:
    first = take(shelf([5, 4], "2"))
    second = take(shelf([4, 3], "3"), first.cursor)
    assert ids(second) == ["3"]
    assert second.hint == timedelta(0)


@pytest.mark.parametrize("following", ["2", None])
def test_a_list_that_repeats_itself_or_ends_is_the_end(following: str | None) -> None:
    first = take(shelf([5, 4], "2"))
    assert take(shelf([3], following), first.cursor).hint is None


def test_a_page_of_nothing_but_repetition_is_the_end() -> None:
    first = take(shelf([5, 4], "2"))
    assert take(shelf([5, 4], "3"), first.cursor).hint is None


def test_a_walk_that_ends_before_what_is_known_says_so() -> None:
    first = take(shelf([2, 1]))
    second = take(shelf([9, 8], "2"), first.cursor, max_pages=1)
    assert second.hint is None
    assert lost(second) == (2, 8)
    assert isinstance(second, Ok)
    assert not second.misread


def test_an_empty_page_amid_a_walk_is_a_gap_and_not_calm() -> None:
    first = take(shelf([2, 1]))
    second = take(shelf([9, 8], "2"), first.cursor)
    assert lost(take(ListPage(), second.cursor)) == (2, 8)


def test_a_stretch_that_was_passed_by_is_told_once() -> None:
    first = take(shelf([2, 1]))
    second = take(shelf([9, 8], "2"), first.cursor)
    third = take(shelf([7, 6], "3"), second.cursor, max_pages=2)
    assert lost(third) == (2, 6)
    fourth = take(shelf([10, 9], "2"), third.cursor)
    assert isinstance(fourth, Ok)
    assert fourth.unread is None


def test_a_cursor_of_before_does_not_know_where_the_stretch_began() -> None:
    first = take(shelf([2, 1]))
    older = {"seen": first.cursor["seen"], "newest": "2026-01-01T00:00:00"}
    second = take(shelf([9, 8], "2"), older, max_pages=1)
    assert isinstance(second, Ok)
    assert second.unread is not None
    assert (second.unread.since, second.unread.until) == (None, post(8).published_at)


@pytest.mark.parametrize(("bad", "misread"), [(1, False), (2, True), (3, True)])
def test_a_page_of_which_half_is_malformed_is_misread(bad: int, misread: bool) -> None:
    first = take(shelf([2, 1]))
    rejected = (("row 1", "no date"),) * bad
    notes = (("answer", "slow today"),) * 5
    page = ListPage(posts=(post(2), post(1)), rejected=rejected, notes=notes)
    second = take(page, first.cursor)
    assert isinstance(second, Ok)
    assert (second.misread, len(second.rejected)) == (misread, bad + 5)


def test_nothing_new_is_empty() -> None:
    first = take(shelf([2, 1]))
    assert isinstance(take(shelf([2, 1]), first.cursor), OkEmpty)


def test_what_is_remembered_is_bounded_and_begins_with_this_walk() -> None:
    old = {"seen": {f"{number:016x}": "x" for number in range(MAX_SEEN)}}
    result = take(shelf([1]), old)
    assert len(result.cursor["seen"]) == MAX_SEEN
    assert post(1).id[:16] in result.cursor["seen"]


@pytest.mark.parametrize("cursor", [{"seen": 1}, {"at": "2"}, {"at": "2", "pages": 0}, {"at": 3}])
def test_a_foreign_cursor_is_a_new_beginning(cursor: Any) -> None:
    assert Walk.resume(cursor) == Walk()


@given(old=st.integers(1, 12), new=st.integers(0, 12), size=st.integers(1, 5))
def test_two_walks_bring_every_post_once(old: int, new: int, size: int) -> None:
    first, cursor = walk(range(old, 0, -1), None, size=size)
    second, _ = walk(range(old + new, 0, -1), cursor, size=size)
    assert first == {str(number) for number in range(1, old + 1)}
    assert second == {str(number) for number in range(old + 1, old + new + 1)}
