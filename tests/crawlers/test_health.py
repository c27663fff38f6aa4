from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawlers.checkpoint import Checkpoint
from crawlers.health import Health, HealthState, assess_health
from crawlers.source import Outcome

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)
INTERVAL = timedelta(minutes=5)
OK_AT = NOW - timedelta(minutes=10)


def pulled(
    outcome: Outcome,
    *,
    ok: datetime | None = OK_AT,
    failures: int = 0,
    reason: str | None = None,
    at: datetime = NOW,
) -> Health:
    checkpoint = Checkpoint(
        source="feed",
        failures=failures,
        last_outcome=outcome,
        last_outcome_at=at,
        last_ok_at=ok,
        last_reason=reason,
    )
    return assess_health(checkpoint, NOW, INTERVAL)


@pytest.mark.parametrize("checkpoint", [None, Checkpoint(source="feed")])
def test_a_source_never_pulled_is_never(checkpoint: Checkpoint | None) -> None:
    health = assess_health(checkpoint, NOW, INTERVAL)
    assert (health.state, health.since) == (HealthState.NEVER, None)


@pytest.mark.parametrize("outcome", [Outcome.OK, Outcome.OK_EMPTY, Outcome.NOT_MODIFIED])
def test_a_recent_good_pull_is_ok(outcome: Outcome) -> None:
    assert pulled(outcome) == Health(state=HealthState.OK, since=OK_AT, reason=outcome.value)


@pytest.mark.parametrize(
    ("outcome", "state"),
    [
        (Outcome.BLOCKED, HealthState.BLOCKED),
        (Outcome.SCHEMA_DRIFT, HealthState.DRIFTED),
    ],
)
def test_being_refused_or_misread_counts_at_once(outcome: Outcome, state: HealthState) -> None:
    health = pulled(outcome, failures=1, reason="why")
    assert health == Health(state=state, since=OK_AT, reason="why")


def test_a_single_failure_is_forgiven() -> None:
    assert pulled(Outcome.FAILED, failures=1).state is HealthState.OK


def test_a_second_failure_in_a_row_is_not() -> None:
    assert pulled(Outcome.FAILED, failures=2).state is HealthState.FAILING


def test_a_source_that_never_worked_is_failing_from_its_first_pull() -> None:
    health = pulled(Outcome.FAILED, failures=1, ok=None)
    assert (health.state, health.since) == (HealthState.FAILING, NOW)


def test_a_source_that_nobody_pulls_any_more_is_late() -> None:
    long_ago = NOW - timedelta(minutes=16)
    health = pulled(Outcome.OK, ok=long_ago, at=long_ago)
    assert (health.state, health.since) == (HealthState.LATE, long_ago)
