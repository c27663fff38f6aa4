"""Cursors come back as they were given, for the same list only."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.api import cursor as cursors
from service.stores import BadCursor

SCOPE = ("things", None, ("a", "b"))
AT = datetime(2024, 3, 1, 2, 0, 0, 123456, tzinfo=UTC)


def forged(*parts: object) -> str:
    """A cursor with the right owner and any content."""
    owner = orjson.loads(base64.urlsafe_b64decode(cursors.encode(SCOPE, ["x"]) + "=="))[0]
    return base64.urlsafe_b64encode(orjson.dumps([owner, *parts])).rstrip(b"=").decode()


def test_no_cursor_is_the_start() -> None:
    assert cursors.after(SCOPE, None) is None
    assert cursors.number(SCOPE, None) is None
    assert cursors.dated(SCOPE, None) is None
    assert cursors.following(SCOPE, None) is None


@given(key=st.text(st.characters(exclude_characters="\0", codec="utf-8"), min_size=1, max_size=200))
def test_a_key_comes_back(key: str) -> None:
    assert cursors.after(SCOPE, cursors.following(SCOPE, key)) == key


def test_a_number_comes_back() -> None:
    assert cursors.number(SCOPE, cursors.encode(SCOPE, [70])) == 70


def test_an_instant_comes_back_to_the_microsecond() -> None:
    cursor = cursors.encode(SCOPE, [AT.isoformat(), "inc_1"])
    assert cursors.dated(SCOPE, cursor) == (AT, "inc_1")


def test_a_cursor_of_another_list_is_refused() -> None:
    with pytest.raises(BadCursor):
        cursors.after(("things", "other"), cursors.following(SCOPE, "k"))


@given(cursor=st.text(max_size=60))
def test_what_was_never_handed_out_is_refused(cursor: str) -> None:
    for read in (cursors.after, cursors.number, cursors.dated):
        with pytest.raises(BadCursor):
            read(SCOPE, cursor)


@pytest.mark.parametrize("parts", [(), (1,), ("",), ("a\0",), ("x" * 201,), ("a", "b"), (None,)])
def test_keys_that_are_none(parts: tuple[object, ...]) -> None:
    with pytest.raises(BadCursor):
        cursors.after(SCOPE, forged(*parts))


@pytest.mark.parametrize("parts", [(-1,), (10**10,), (1.5,), (True,), ("1",), (1, 2)])
def test_numbers_that_are_none(parts: tuple[object, ...]) -> None:
    with pytest.raises(BadCursor):
        cursors.number(SCOPE, forged(*parts))


@pytest.mark.parametrize(
    "parts",
    [
        ("2024-13-01", "a"),
        (5, "a"),
        ("0001-01-01T00:00:00+14:00", "a"),
        (AT.isoformat(), 5),
        (AT.isoformat(), ""),
        (AT.isoformat(),),
    ],
)
def test_instants_that_are_none(parts: tuple[object, ...]) -> None:
    with pytest.raises(BadCursor):
        cursors.dated(SCOPE, forged(*parts))
