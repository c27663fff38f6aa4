"""Cursors come back as they went out, or are refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.stores.cursor import decode_cursor, encode_cursor
from service.stores.errors import BadCursor
from service.stores.post_store import PostQuery, SortOrder

NUMBERS = st.integers(-(2**63), 2**63 - 1)
TEXTS = st.none() | st.text(st.characters(), max_size=9)


@given(
    TEXTS,
    st.sampled_from(SortOrder),
    NUMBERS | st.floats(allow_nan=False, allow_infinity=False),
    NUMBERS,
)
def test_round_trip(text: str | None, sort: SortOrder, key: float, row: int) -> None:
    query = PostQuery(text=text)
    cursor = encode_cursor(query, sort, (key, row))
    assert cursor.isascii()
    assert decode_cursor(query, sort, cursor) == (key, row)


@given(st.text(st.characters(), max_size=60) | st.binary(max_size=60).map(lambda b: b.hex()))
def test_anything_else_is_a_bad_cursor(cursor: str) -> None:
    with pytest.raises(BadCursor):
        decode_cursor(PostQuery(), SortOrder.NEWEST, cursor)


@pytest.mark.parametrize(
    "position", [(None, 1), (True, 1), ("a", 1), (1, 1.5), (1, True), (1, "2")]
)
def test_a_position_of_other_things_is_refused(position: tuple[object, object]) -> None:
    cursor = encode_cursor(PostQuery(), SortOrder.NEWEST, position)  # type: ignore[arg-type]
    with pytest.raises(BadCursor, match="position"):
        decode_cursor(PostQuery(), SortOrder.NEWEST, cursor)
