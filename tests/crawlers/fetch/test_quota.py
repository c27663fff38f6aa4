from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.fetch.quota import Quota, read_quota

NOW = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
EPOCH = int(NOW.timestamp())


@pytest.mark.parametrize(
    ("prefix", "remaining", "reset", "seconds"),
    [
        ("x-ratelimit-", "0", "2026-03-02T04:05:00.123Z", 300.123),  # Mastodon
        ("x-ratelimit-", "0", str(EPOCH + 60), 60),  # GitHub
        ("x-rate-limit-", "0", str(EPOCH + 60), 60),  # V2EX
        ("x-ratelimit-", "0.4", "120", 120),  # Reddit
        ("ratelimit-", "0", "12;w=60", 12),  # the IETF draft
        ("x-ratelimit-", "0", str((EPOCH + 60) * 1_000), 60),
        ("x-ratelimit-", "0", "2026-03-02T04:01:00", 60),  # no zone: UTC
        ("x-ratelimit-", "0", str(EPOCH - 60), 0),
        ("x-ratelimit-", "0", "9999-01-01T00:00:00Z", 86_400),
    ],
)
def test_a_spent_quota_says_for_how_long(
    prefix: str, remaining: str, reset: str, seconds: float
) -> None:
    quota = read_quota({prefix + "remaining": remaining, prefix + "reset": reset}, now=NOW)
    assert quota.spent_for == timedelta(seconds=seconds)


@pytest.mark.parametrize("remaining", ["1", "99.0", "many", ""])
def test_a_quota_that_is_not_spent_says_nothing(remaining: str) -> None:
    headers = {"x-ratelimit-remaining": remaining, "x-ratelimit-reset": "60"}
    assert read_quota(headers, now=NOW).spent_for is None


@pytest.mark.parametrize("reset", ["soon", "-5", "nan", ""])
def test_a_reset_that_cannot_be_read_is_none(reset: str) -> None:
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": reset}
    assert read_quota(headers, now=NOW) == Quota(remaining=0.0, resets_in=None)


@given(st.text(max_size=30), st.text(max_size=30))
def test_headers_of_any_text_are_survived(remaining: str, reset: str) -> None:
    headers = {"ratelimit-remaining": remaining, "ratelimit-reset": reset}
    wait = read_quota(headers, now=NOW).spent_for
    assert wait is None or timedelta(0) <= wait <= timedelta(hours=24)
