"""Names of indices, and which month a post goes to."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from service.stores.elastic.schema import (
    OLDER,
    Names,
    copies_template_body,
    end_of_month,
    generation_of,
    month_of,
    parse_index,
    template_body,
)
from tests.support.stored_posts import NOON, stored_post

NAMES = Names("brand-2")


@pytest.mark.parametrize(
    ("published", "month"),
    [
        (NOON, "2026-03"),
        (datetime(2026, 4, 1, 7, 59, tzinfo=timezone(timedelta(hours=8))), "2026-03"),
        (NOON - timedelta(days=5 * 366), "2021-02"),
        (NOON - timedelta(days=5 * 366, seconds=31), OLDER),
        (datetime(1, 1, 1, tzinfo=UTC), OLDER),
    ],
)
def test_a_post_goes_to_its_month_in_utc(published: datetime, month: str) -> None:
    fetched = max(published, NOON)
    assert month_of(replace(stored_post(), published_at=published, fetched_at=fetched)) == month


def test_names_of_months_are_read_back() -> None:
    assert parse_index(NAMES.month("2026-03")) == ("2026-03", 1)
    assert parse_index(NAMES.rebuilt(OLDER, generation=12)) == (OLDER, 12)
    assert parse_index("brand-2-posts-2026-3-g1") is None
    assert parse_index(NAMES.versions) is None


def test_generations_of_what_is_no_month_are_none() -> None:
    assert generation_of(NAMES.rebuilt(OLDER, generation=12)) == 12
    assert generation_of(NAMES.versions) == 0


def test_no_write_makes_an_index() -> None:
    for body in (template_body(NAMES), copies_template_body(NAMES)):
        assert body["allow_auto_create"] is False
    (pattern,) = copies_template_body(NAMES)["index_patterns"]
    assert NAMES.rebuilt("2026-03", generation=2).startswith(pattern.rstrip("*"))
    assert "aliases" not in copies_template_body(NAMES)["template"]


def test_months_end() -> None:
    assert end_of_month("2026-03") == datetime(2026, 4, 1, tzinfo=UTC)
    assert end_of_month("2026-12") == datetime(2027, 1, 1, tzinfo=UTC)
    assert end_of_month(OLDER) is None


def test_the_template_shows_months_and_no_copies_under_way() -> None:
    (pattern,) = template_body(NAMES)["index_patterns"]
    assert NAMES.month("2026-03").startswith(pattern.rstrip("*"))
    assert not NAMES.rebuilt("2026-03", generation=2).startswith(pattern.rstrip("*"))
