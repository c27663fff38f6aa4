"""The schedule of attempts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.delivery import DeliveryState, SendOutcome, SendResult
from service.delivery.retry import HOLD, PATIENCE, SCHEDULE, Ending, decide, delay
from tests.support.clock import START

SECOND = timedelta(seconds=1)


def failed(status: int | None = 500, *, retry_after: timedelta | None = None) -> SendResult:
    return SendResult(outcome=SendOutcome.RETRY, status=status, retry_after=retry_after)


def middle() -> float:
    return 0.5


def test_the_schedule_is_that_of_standard_webhooks() -> None:
    assert len(SCHEDULE) == 10
    assert sum(SCHEDULE, timedelta()) == timedelta(hours=75, minutes=35, seconds=5)


def test_a_success_is_sent() -> None:
    verdict = decide(SendResult(outcome=SendOutcome.SENT), attempts=1, at=START, random=middle)
    assert (verdict.state, verdict.ending) == (DeliveryState.SENT, Ending.SENT)


def test_what_needs_no_sending_is_neither_sent_nor_dead() -> None:
    verdict = decide(SendResult(outcome=SendOutcome.NEEDLESS), attempts=1, at=START, random=middle)
    assert (verdict.state, verdict.ending) == (DeliveryState.WITHDRAWN, Ending.NEEDLESS)


@pytest.mark.parametrize("attempts", range(1, 10))
def test_a_failure_waits_as_the_schedule_says(attempts: int) -> None:
    verdict = decide(failed(), attempts=attempts, at=START, random=middle)
    assert verdict.state is DeliveryState.PENDING
    assert verdict.next_at == START + SCHEDULE[attempts]


def test_after_the_last_attempt_it_is_dead() -> None:
    verdict = decide(failed(), attempts=10, at=START, random=middle)
    assert (verdict.state, verdict.ending) == (DeliveryState.DEAD, Ending.EXHAUSTED)


@pytest.mark.parametrize(
    ("outcome", "ending"),
    [(SendOutcome.GONE, Ending.GONE), (SendOutcome.REFUSED, Ending.REFUSED)],
)
def test_some_answers_end_it_at_once(outcome: SendOutcome, ending: Ending) -> None:
    verdict = decide(SendResult(outcome=outcome, status=410), attempts=1, at=START, random=middle)
    assert (verdict.state, verdict.ending, verdict.next_at) == (DeliveryState.DEAD, ending, None)


def test_what_is_worth_nothing_late_is_tried_once() -> None:
    verdict = decide(failed(), attempts=1, at=START, random=middle, perishable=True)
    assert (verdict.state, verdict.ending) == (DeliveryState.DEAD, Ending.PERISHED)


@given(attempts=st.integers(1, 9), chance=st.floats(0, 1, exclude_max=True))
def test_jitter_stays_within_a_fifth(attempts: int, chance: float) -> None:
    wait = delay(attempts, result=failed(), random=lambda: chance)
    assert 0.799 * SCHEDULE[attempts] <= wait <= 1.201 * SCHEDULE[attempts]


@given(
    attempts=st.integers(1, 9),
    chance=st.floats(0, 1, exclude_max=True),
    wish=st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=3)),
)
def test_a_wish_is_kept_up_to_a_bound_and_never_shortens(
    attempts: int, chance: float, wish: timedelta
) -> None:
    plain = delay(attempts, result=failed(503), random=lambda: chance)
    wait = delay(attempts, result=failed(503, retry_after=wish), random=lambda: chance)
    bound = max(2 * SCHEDULE[attempts], PATIENCE)
    assert wait >= plain
    assert wait >= min(wish, bound)
    assert wait <= max(plain, bound)


def test_a_429_without_a_wish_waits_a_minute() -> None:
    assert delay(1, result=failed(429), random=middle) == 60 * SECOND


@pytest.mark.parametrize(
    ("result", "hold"),
    [
        (failed(500), None),
        (failed(404), None),
        (failed(None), 5 * SECOND),
        (failed(503), 5 * SECOND),
        (failed(429), 60 * SECOND),
        (failed(429, retry_after=30 * SECOND), 30 * SECOND),
        (failed(503, retry_after=timedelta(hours=2)), HOLD),
        (SendResult(outcome=SendOutcome.REFUSED), None),
        (SendResult(outcome=SendOutcome.SENT, status=200), None),
    ],
)
def test_only_a_receiver_in_trouble_holds_the_channel(
    result: SendResult, hold: timedelta | None
) -> None:
    assert decide(result, attempts=1, at=START, random=middle).hold == hold
