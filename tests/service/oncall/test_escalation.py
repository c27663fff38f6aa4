from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from service.oncall.escalation import (
    Escalation,
    EscalationState,
    begin,
    end,
    fire,
    hold,
    lapse,
)
from service.oncall.model import EVERYBODY, ChainDraft, ChainStep

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def chain(*waits: int, **changes: object) -> ChainDraft:
    steps = tuple(ChainStep(notify=(EVERYBODY,), wait_min=wait) for wait in waits)
    return ChainDraft(id="red", name="red", steps=steps, **changes)  # type: ignore[arg-type]  # of the chain's own fields


def begun(drawn: ChainDraft) -> Escalation:
    return begin(escalation_id="e", incident_id="i", tier_rank=3, chain=drawn, now=NOW)[0]


def test_steps_follow_each_other_by_their_waits_and_rounds_by_theirs() -> None:
    drawn = chain(0, 5, repeat=2, again_min=30)
    escalation, due = begin(escalation_id="e", incident_id="i", tier_rank=3, chain=drawn, now=NOW)

    seen = []
    at: datetime | None = due
    while at is not None:
        seen.append((at - NOW) // timedelta(minutes=1))
        firing = fire(escalation, firing=escalation.firings, now=at)
        assert firing is not None
        escalation, at = firing.escalation, firing.next_at

    assert seen == [0, 5, 35, 40]
    assert escalation.state is EscalationState.EXHAUSTED


def test_a_timer_of_an_earlier_firing_is_stale() -> None:
    first = fire(begun(chain(0, 5)), firing=0, now=NOW)
    assert first is not None

    assert fire(first.escalation, firing=0, now=NOW) is None


def test_a_lapse_begins_anew_when_the_chain_has_run_out() -> None:
    exhausted = fire(begun(chain(0)), firing=0, now=NOW)
    assert exhausted is not None
    held = hold(exhausted.escalation, by="lin", now=NOW)

    after = lapse(held, last_act=NOW, now=NOW + held.lease)

    assert isinstance(after, Escalation)
    assert (after.state, after.position, after.lapses) == (EscalationState.RUNNING, 0, 1)


def test_a_lapse_waits_for_the_last_act() -> None:
    held = hold(begun(chain(0)), by="lin", now=NOW)
    act = NOW + timedelta(minutes=59)

    assert lapse(held, last_act=act, now=NOW + held.lease) == act + held.lease


def test_what_is_over_is_held_by_nobody() -> None:
    over = end(begun(chain(0)), now=NOW)

    assert hold(over, by="lin", now=NOW) == over
    assert end(over, now=NOW + timedelta(hours=1), replaced=True) == over


class EscalationLife(RuleBasedStateMachine):
    """Timers that fire, people who act and tiers that rise, in any order."""

    @initialize(
        waits=st.lists(st.integers(0, 30), min_size=1, max_size=4),
        repeat=st.integers(1, 3),
        lease=st.integers(1, 90),
    )
    def start(self, waits: list[int], repeat: int, lease: int) -> None:
        self.now = NOW
        drawn = chain(*waits, repeat=repeat, lease_min=lease)
        self.escalation, due = begin(
            escalation_id="e", incident_id="i", tier_rank=3, chain=drawn, now=NOW
        )
        self.due: datetime | None = due
        self.fired: list[int] = []

    @rule(minutes=st.integers(0, 60))
    def wait(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @precondition(lambda self: self.due is not None)
    @rule()
    def step(self) -> None:
        assert self.due is not None
        self.now = max(self.now, self.due)
        number = self.escalation.firings
        firing = fire(self.escalation, firing=number, now=self.now)
        assert firing is not None
        assert fire(firing.escalation, firing=number, now=self.now) is None
        self.fired.append(number)
        self.escalation, self.due = firing.escalation, firing.next_at

    @rule()
    def acknowledge(self) -> None:
        self.escalation = hold(self.escalation, by="lin", now=self.now)
        self.due = None

    @precondition(lambda self: self.escalation.state is EscalationState.HELD)
    @rule()
    def look_at_the_lease(self) -> None:
        held_at = self.escalation.held_at
        assert held_at is not None
        after = lapse(self.escalation, last_act=held_at, now=self.now)
        if isinstance(after, datetime):
            assert after == held_at + self.escalation.lease > self.now
            return
        assert self.now >= held_at + self.escalation.lease
        self.escalation, self.due = after, self.now

    @rule(replaced=st.booleans())
    def finish(self, replaced: bool) -> None:
        self.escalation = end(self.escalation, now=self.now, replaced=replaced)
        self.due = None

    @invariant()
    def nothing_fires_twice(self) -> None:
        assert self.fired == list(range(len(self.fired)))

    @invariant()
    def only_a_running_one_has_a_step_to_come(self) -> None:
        running = self.escalation.state is EscalationState.RUNNING
        assert running is (self.due is not None)

    @invariant()
    def the_place_is_one_of_the_chain(self) -> None:
        assert 0 <= self.escalation.position < len(self.escalation.chain.steps)
        assert 1 <= self.escalation.round <= self.escalation.chain.repeat + 1

    @invariant()
    def what_is_over_stays_over(self) -> None:
        if self.escalation.is_over:
            assert self.escalation.ended_at is not None
            assert fire(self.escalation, firing=self.escalation.firings, now=self.now) is None


EscalationLife.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestEscalationLife = EscalationLife.TestCase
