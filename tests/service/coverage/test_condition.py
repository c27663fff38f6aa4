"""The states of a feed: what leads to which, and when people must be told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from crawlers import Checkpoint, Outcome
from service.coverage.condition import (
    ALARMING,
    Cause,
    Condition,
    Schedule,
    Seen,
    Sight,
    next_condition,
)
from service.coverage.silence import NO_MODEL, Silence, Verdict
from tests.support.clock import START

MINUTE = timedelta(minutes=1)
SCHEDULE = Schedule(enabled=True, interval=5 * MINUTE, since=START - timedelta(days=9))
GOOD = Checkpoint(
    source="morning", last_outcome=Outcome.OK, last_outcome_at=START, last_ok_at=START
)
ODD = Silence(verdict=Verdict.SUSPICIOUS, width_h=6, posts=0, expected=40.0, probability=1e-5)
FINE = Silence(verdict=Verdict.PLAUSIBLE, width_h=6, posts=30, expected=40.0, probability=0.4)


def seen(
    checkpoint: Checkpoint | None = GOOD,
    *,
    schedule: Schedule | None = SCHEDULE,
    posted: timedelta | None = timedelta(0),
    silence: Silence = NO_MODEL,
    watched: timedelta | None = None,
    shut: timedelta | None = None,
) -> Seen:
    return Seen(
        schedule=schedule,
        checkpoint=checkpoint,
        last_post_at=None if posted is None else START - posted,
        silence=silence,
        watching_since=None if watched is None else START - watched,
        shut_since=None if shut is None else START - shut,
    )


def failed(outcome: Outcome, *, failures: int, ago: timedelta = MINUTE) -> Checkpoint:
    return replace(
        GOOD,
        last_outcome=outcome,
        failures=failures,
        last_ok_at=START - ago,
        last_reason="HTTP 403",
    )


def judge(what: Seen, before: Condition | None = None) -> Condition:
    return next_condition(before, what, now=START)


def test_posts_make_it_ok_and_their_absence_ok_empty() -> None:
    assert judge(seen()).sight is Sight.OK
    empty = judge(seen(posted=2 * timedelta(hours=1)))
    assert (empty.sight, empty.dark) == (Sight.OK_EMPTY, False)


def test_a_source_that_was_never_pulled_is_unknown_until_it_is_late() -> None:
    fresh = replace(SCHEDULE, since=START - 10 * MINUTE)
    assert judge(seen(None, schedule=fresh, posted=None)).cause is Cause.NEVER_PULLED
    late = judge(seen(None, posted=None))
    assert (late.sight, late.cause, late.dark) == (Sight.FAILING, Cause.NOT_PULLED, True)


def test_a_pusher_is_unknown_until_it_speaks() -> None:
    assert judge(seen(None, schedule=None, posted=None)).cause is Cause.NOTHING_ARRIVED
    assert judge(seen(None, schedule=None)).sight is Sight.OK


def test_who_is_switched_off_is_paused_whatever_happened_before() -> None:
    off = replace(SCHEDULE, enabled=False)
    found = judge(seen(failed(Outcome.BLOCKED, failures=9), schedule=off))
    assert (found.sight, found.dark) == (Sight.PAUSED, False)


@pytest.mark.parametrize(
    ("outcome", "sight"),
    [(Outcome.BLOCKED, Sight.BLOCKED), (Outcome.SCHEMA_DRIFT, Sight.SCHEMA_DRIFT)],
)
def test_a_refusal_is_told_at_once_and_dark_the_second_time(outcome: Outcome, sight: Sight) -> None:
    once, twice = (judge(seen(failed(outcome, failures=count))) for count in (1, 2))
    assert (once.sight, once.dark) == (sight, False)
    assert (twice.sight, twice.dark, twice.detail) == (sight, True, "HTTP 403")


def test_a_first_refusal_that_has_us_wait_is_dark_when_its_pulls_are_overdue() -> None:
    waiting = failed(Outcome.BLOCKED, failures=1, ago=16 * MINUTE)
    assert judge(seen(waiting)).dark


def test_single_failures_are_the_weather() -> None:
    once, twice, thrice = (
        judge(seen(failed(Outcome.FAILED, failures=count))) for count in (1, 2, 3)
    )
    assert once.sight is Sight.OK
    assert (twice.sight, twice.dark) == (Sight.FAILING, False)
    assert (thrice.sight, thrice.dark) == (Sight.FAILING, True)


def test_good_pulls_that_stopped_are_a_failure() -> None:
    old = replace(GOOD, last_ok_at=START - 16 * MINUTE)
    assert judge(seen(old)).cause is Cause.NOT_PULLED
    assert judge(seen(replace(old, last_ok_at=START - 15 * MINUTE))).sight is Sight.OK


def test_after_a_gap_of_our_own_a_late_feed_is_dark_only_when_a_pull_had_its_turn() -> None:
    old = replace(GOOD, last_ok_at=START - 16 * MINUTE)
    first = judge(seen(old, watched=0 * MINUTE))
    assert (first.sight, first.cause, first.dark) == (Sight.FAILING, Cause.NOT_PULLED, False)
    assert first.since == old.last_ok_at
    assert not judge(seen(old, watched=7 * MINUTE)).dark
    assert judge(seen(old, watched=8 * MINUTE)).dark


def test_a_first_refusal_after_a_gap_of_our_own_is_not_dark() -> None:
    refused = failed(Outcome.BLOCKED, failures=1, ago=16 * MINUTE)
    assert not judge(seen(refused, watched=MINUTE)).dark


@pytest.mark.parametrize("schedule", [SCHEDULE, None])
def test_while_the_store_is_shut_feeds_are_blind_and_nobody_is_paged(
    schedule: Schedule | None,
) -> None:
    old = replace(GOOD, last_ok_at=START - 16 * MINUTE)
    found = judge(seen(old, schedule=schedule, silence=ODD, shut=12 * MINUTE))
    assert (found.sight, found.cause, found.dark) == (Sight.FAILING, Cause.STORE_SHUT, False)
    assert found.since == START - 12 * MINUTE


def test_a_refusal_is_told_though_the_store_is_shut() -> None:
    found = judge(seen(failed(Outcome.BLOCKED, failures=2), shut=MINUTE))
    assert (found.cause, found.dark) == (Cause.REFUSED, True)


def test_a_trouble_lasts_from_the_last_good_pull() -> None:
    found = judge(seen(failed(Outcome.BLOCKED, failures=3, ago=7 * MINUTE)))
    assert found.since == START - 7 * MINUTE


def test_silence_is_dark_and_lasts_from_the_last_post() -> None:
    found = judge(seen(posted=timedelta(hours=12), silence=ODD))
    assert (found.sight, found.dark) == (Sight.QUIET, True)
    assert found.since == START - timedelta(hours=12)
    assert "0 posts in 6 h where 40 are usual" in found.detail


def test_quiet_ends_when_the_newer_window_is_not_odd() -> None:
    quiet = judge(seen(silence=ODD))
    half = replace(ODD, verdict=Verdict.PLAUSIBLE)  # the older window is not odd any more
    assert judge(seen(silence=half), quiet).sight is Sight.QUIET
    assert judge(seen(silence=FINE), quiet).sight is Sight.OK
    assert judge(seen(silence=half)).sight is Sight.OK


def test_one_trouble_after_another_is_one_darkness() -> None:
    blocked = judge(seen(failed(Outcome.BLOCKED, failures=3, ago=30 * MINUTE)))
    drift = judge(seen(failed(Outcome.SCHEMA_DRIFT, failures=1, ago=MINUTE)), blocked)
    assert (drift.sight, drift.dark, drift.since) == (Sight.SCHEMA_DRIFT, True, blocked.since)


OUTCOMES = st.sampled_from(list(Outcome))
SILENCES = st.sampled_from([NO_MODEL, ODD, FINE, replace(ODD, verdict=Verdict.PLAUSIBLE)])


class Feed(RuleBasedStateMachine):
    """A feed that lives through any order of pulls, waits, silences and switches."""

    @initialize()
    def begin(self) -> None:
        self.now = START
        self.checkpoint: Checkpoint | None = None
        self.enabled = True
        self.silence = NO_MODEL
        self.last_post_at: object = None
        self.condition: Condition | None = None
        self.before: Condition | None = None
        self.good_at = START

    @rule(outcome=OUTCOMES)
    def pull(self, outcome: Outcome) -> None:
        good = outcome in (Outcome.OK, Outcome.OK_EMPTY, Outcome.NOT_MODIFIED)
        known = self.checkpoint or Checkpoint(source="morning")
        self.checkpoint = replace(
            known,
            last_outcome=outcome,
            last_outcome_at=self.now,
            failures=0 if good else known.failures + 1,
            last_ok_at=self.now if good else known.last_ok_at,
        )

    @rule(minutes=st.integers(min_value=1, max_value=40))
    def wait(self, minutes: int) -> None:
        self.now += minutes * MINUTE

    @rule(silence=SILENCES)
    def hear(self, silence: Silence) -> None:
        self.silence = silence

    @rule()
    def switch(self) -> None:
        self.enabled = not self.enabled
        self.since = self.now

    @rule()
    def judge(self) -> None:
        schedule = Schedule(enabled=self.enabled, interval=5 * MINUTE, since=START)
        what = Seen(
            schedule=schedule, checkpoint=self.checkpoint, last_post_at=None, silence=self.silence
        )
        self.before = self.condition
        self.condition = next_condition(self.condition, what, now=self.now)
        again = next_condition(self.condition, what, now=self.now)
        assert again == self.condition, "judging twice moves nothing"

    @invariant()
    def only_a_trouble_is_dark(self) -> None:
        if self.condition is not None and self.condition.dark:
            assert self.condition.sight in ALARMING

    @invariant()
    def nothing_lasts_from_the_future(self) -> None:
        if self.condition is not None:
            assert self.condition.since <= self.now

    @invariant()
    def darkness_never_lightens_into_another_trouble(self) -> None:
        if self.before is None or self.condition is None:
            return
        if self.before.dark and self.condition.sight in ALARMING:
            assert self.condition.dark
            assert self.condition.since <= self.before.since

    @invariant()
    def what_stays_the_same_lasts_from_its_beginning(self) -> None:
        if self.before is None or self.condition is None:
            return
        if self.before.sight is self.condition.sight:
            assert self.condition.since <= self.before.since


TestFeed = Feed.TestCase
TestFeed.settings = settings(max_examples=40, stateful_step_count=25)
