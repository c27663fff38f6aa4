"""Stable ids: the same thing has the same id, another thing another one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from service.ids import stable_id

PARTS = st.lists(st.text(st.characters(exclude_characters="\x1f"), max_size=6), max_size=4)


def test_the_shape_is_prefix_and_twenty_hex_digits() -> None:
    prefix, _, digest = stable_id("inc", "tea", 3).partition("_")
    assert prefix == "inc"
    assert len(digest) == 20
    assert int(digest, 16) >= 0


def test_an_instant_counts_in_utc() -> None:
    noon = datetime(2026, 3, 2, 4, tzinfo=UTC)
    shanghai = noon.astimezone(timezone(timedelta(hours=8)))
    assert stable_id("inc", noon) == stable_id("inc", shanghai)


def test_a_lone_surrogate_has_an_id_too() -> None:
    assert stable_id("x", "\ud800") != stable_id("x", "\ud801")


@given(PARTS, PARTS)
def test_equal_parts_and_only_they_have_equal_ids(one: list[str], other: list[str]) -> None:
    assert (stable_id("x", *one) == stable_id("x", *other)) == (one == other)
