"""Positions in addresses."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.console.listing.position import cursor_of, position_of
from service.errors import InvalidInput

POSITION = (datetime(2026, 3, 1, 8, 30, tzinfo=UTC), "inc_1")


def test_a_position_is_read_as_it_was_written():
    assert position_of(cursor_of(POSITION)) == POSITION
    assert position_of(None) is None


@pytest.mark.parametrize(
    "cursor", ["", "nonsense", "2026-03-01T08:30:00 inc_1", "2026-03-01T08:30:00+00:00", " inc_1"]
)
def test_what_was_never_written_is_refused(cursor: str):
    with pytest.raises(InvalidInput, match="begins there"):
        position_of(cursor)


def test_an_id_is_what_a_database_takes():
    read = position_of(f"2026-03-01T08:30:00+00:00 a\x00{'b' * 200}")
    assert read is not None
    assert read[1] == "a" + "b" * 99
