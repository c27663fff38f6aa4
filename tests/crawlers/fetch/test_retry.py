from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.fetch.retry import RetryPolicy, RetryReason, decide_retry, parse_retry_after

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
POLICY = RetryPolicy(attempts=3, base=1.0, cap=10.0)


def decide(attempt: int, **facts: object) -> tuple[float | None, RetryReason]:
    decision = decide_retry(
        attempt,
        **{"transient": True, "policy": POLICY, "random": lambda: 1.0, **facts},  # type: ignore[arg-type]
    )
    return decision.delay, decision.reason


def test_waits_double() -> None:
    assert [decide(1)[0], decide(2)[0]] == [1.0, 2.0]


def test_what_is_not_transient_is_not_repeated() -> None:
    assert decide(1, transient=False) == (None, RetryReason.NOT_TRANSIENT)


def test_attempts_are_counted() -> None:
    assert decide(3) == (None, RetryReason.ATTEMPTS_SPENT)


def test_retry_after_is_obeyed_where_it_is_short() -> None:
    assert decide(1, retry_after=timedelta(seconds=7)) == (7.0, RetryReason.TRANSIENT)


def test_and_left_to_the_cadence_where_it_is_long() -> None:
    assert decide(1, retry_after=timedelta(minutes=1)) == (None, RetryReason.WAIT_TOO_LONG)


@given(st.integers(1, 50), st.floats(0, 1))
def test_a_delay_lies_between_half_and_all_of_its_bound(attempt: int, luck: float) -> None:
    policy = RetryPolicy(attempts=100, base=1.0, cap=10.0)
    delay = decide_retry(attempt, transient=True, policy=policy, random=lambda: luck).delay
    assert delay is not None
    assert 0.5 <= delay <= 10.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        (None, None),
        ("120", 120),
        (" 1.5 ", 1.5),
        ("-5", 0),
        ("Thu, 01 Jan 2026 12:02:00 GMT", 120),
        ("Thu, 01 Jan 2026 11:00:00 GMT", 0),
        ("1e300", 365 * 86_400),
        ("inf", None),
        ("nan", None),
        ("soon", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str | None, seconds: float | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert parse_retry_after(text, now=NOW) == expected
