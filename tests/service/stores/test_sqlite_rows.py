"""Rows keep what posts say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from service.stores.sqlite_rows import (
    POST_COLUMNS,
    READ_COLUMNS,
    from_micros,
    pack,
    post_row,
    read_post,
    signed,
    to_micros,
    unpack,
    unsigned,
)
from service.stores.storable import storable_members
from tests.support.stored_posts import stored_post

INSTANTS = st.datetimes(
    min_value=datetime(1, 1, 2),  # noqa: DTZ001 - Hypothesis takes naive bounds
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))]),
)


@given(INSTANTS)
def test_instants_are_exact(instant: datetime) -> None:
    assert from_micros(to_micros(instant)) == instant


@given(st.integers(0, 2**64 - 1))
def test_every_bit_of_a_simhash_is_kept(simhash: int) -> None:
    assert -(2**63) <= signed(simhash) < 2**63
    assert unsigned(signed(simhash)) == simhash


@given(st.lists(st.text()))
def test_lists_are_packed_and_unpacked(values: list[str]) -> None:
    members = storable_members(values)
    assert unpack(pack(members)) == members


@given(INSTANTS)
def test_the_month_is_that_of_utc(instant: datetime) -> None:
    row = dict(zip(POST_COLUMNS, post_row(stored_post(published_at=instant)), strict=True))
    assert row["month"] == f"{instant.astimezone(UTC):%Y-%m}".rjust(7, "0")


def test_a_row_reads_back() -> None:
    post = stored_post(likes=2, extra={"a": [1]}, spared=("tea",))
    assert read_post(post_row(post)[: len(READ_COLUMNS)]) == post
