from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from crawlers.declaration import DEFAULT_RATE, Declaration
from crawlers.rate import RateLimit

NOW = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
"""The second of March in Shanghai."""


def declared(**more: Any) -> Declaration:
    given = {"base_url": "https://www.board.example", "basis": "public_feed", **more}
    return Declaration.model_validate(given)


def test_the_platform_is_the_host_unless_it_is_said() -> None:
    assert declared().posts_source == "board.example"
    assert declared(platform="board:hot").posts_source == "board:hot"


def test_the_pace_is_as_declared() -> None:
    assert declared().rate == DEFAULT_RATE
    wanted = RateLimit(requests=2, period=timedelta(seconds=30))
    assert declared(requests=2, period_s=30).rate == wanted


def test_what_is_seen_on_another_day_is_another_entry_where_days_count() -> None:
    assert declared().native_id("a", now=NOW) == "a"
    assert declared(daily=True).native_id("a", now=NOW) == "2026-03-02:a"


def test_an_unofficial_place_needs_a_reason_and_obeys_robots_txt() -> None:
    with pytest.raises(ValueError, match="say why"):
        declared(basis="unofficial", enabled_because=" ").check_reason()
    declared(basis="unofficial", enabled_because="agreed").check_reason()
    with pytest.raises(ValidationError, match=r"robots\.txt"):
        declared(basis="unofficial", obey_robots=False)
