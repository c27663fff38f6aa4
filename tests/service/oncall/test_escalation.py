from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from service.oncall.escalation import (
    Escalation,
    EscalationState,
    at_open_step,
    begin,
    end,
    fire,
    hold,
    lapse,
    lighten,
)
from service.oncall.model import EVERYBODY, ChainDraft, ChainStep, Window

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

    after = lapse(held, now=NOW + held.lease)

    assert isinstance(after, Escalation)
    assert (after.state, after.position, after.lapses) == (EscalationState.RUNNING, 0, 1)


def test_a_lapse_waits_for_the_last_act() -> None:
    act = NOW + timedelta(minutes=59)
    held = hold(begun(chain(0)), by="lin", now=act)

    assert lapse(held, now=NOW + held.lease) == act + held.lease


def test_it_begins_anew_so_often_and_then_rests() -> None:
    escalation = begun(chain(0, 5, repeat=2, again_min=7, anew=1, rest_min=60))
    seen = []
    for _ in range(12):
        firing = fire(escalation, firing=escalation.firings, now=NOW)
        assert firing is not None
        assert firing.next_at is not None
        escalation = firing.escalation
        minutes = (firing.next_at - NOW) // timedelta(minutes=1)
        seen.append((minutes, escalation.round, firing.last, firing.said))

    again = [(5, 1, False, False), (7, 2, False, False), (5, 2, False, False)]
    assert seen[:8] == [*again, (7, 1, True, True), *again, (60, 2, True, True)]
    assert seen[8:] == [(5, 2, False, False), (60, 2, True, False)] * 2


def test_an_acknowledgement_lets_it_begin_anew_as_often_again() -> None:
    firing = fire(begun(chain(0, anew=1)), firing=0, now=NOW)
    assert firing is not None
    assert firing.escalation.anew == 1

    assert hold(firing.escalation, by="lin", now=NOW).anew == 0


def test_a_lapse_goes_on_with_the_step_whose_hours_these_are() -> None:
    day, night = Window(since=time(9), until=time(18)), Window(since=time(18), until=time(9))
    drawn = replace(
        chain(0, 1, 1, lease_min=1),
        steps=tuple(
            ChainStep(notify=(EVERYBODY,), window=window) for window in (night, day, night)
        ),
    )
    fired = fire(begun(drawn), firing=0, now=NOW)
    assert fired is not None
    noon, evening = (NOW + timedelta(hours=hours) for hours in (4, 14))

    def position(at: datetime) -> int:
        after = lapse(hold(fired.escalation, by="lin", now=NOW), now=at)
        assert isinstance(after, Escalation)
        return after.position

    assert (position(noon), position(evening)) == (1, 2)


def test_behind_the_last_step_the_first_ones_are_looked_at() -> None:
    day, night = Window(since=time(9), until=time(18)), Window(since=time(18), until=time(9))
    steps = tuple(ChainStep(notify=(EVERYBODY,), window=window) for window in (day, night))
    late = replace(begun(replace(chain(0), steps=steps, repeat=2)), position=1)

    after = at_open_step(late, now=NOW + timedelta(hours=4))

    assert (after.position, after.round) == (0, 2)


def test_where_no_hours_are_open_it_stays_where_it_is() -> None:
    never = Window(since=time(18), until=time(19))
    shut = begun(replace(chain(0), steps=(ChainStep(notify=(EVERYBODY,), window=never),)))

    assert at_open_step(shut, now=NOW) == shut


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
        anew=st.integers(0, 2),
        rest=st.sampled_from([0, 60]),
    )
    def start(self, waits: list[int], repeat: int, lease: int, anew: int, rest: int) -> None:
        self.now = NOW
        self.rank = 3
        self.begun = 1
        drawn = chain(*waits, repeat=repeat, lease_min=lease, anew=anew, rest_min=rest)
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

    @precondition(lambda self: self.escalation.held_at is not None)
    @rule()
    def act(self) -> None:
        """A deed of a person: only what was acknowledged before is held by it."""
        self.acknowledge()

    @rule(rank=st.integers(1, 4))
    def change_tier(self, rank: int) -> None:
        """As `Escalating` does: graver than what it pages for begins anew, else it goes on."""
        if self.escalation.is_over:
            return
        before, self.rank = self.escalation, rank
        if rank <= before.tier_rank:
            self.escalation = lighten(before, tier_rank=rank)
            assert replace(self.escalation, tier_rank=before.tier_rank) == before
            return
        assert end(before, now=self.now, replaced=True).state is EscalationState.REPLACED
        self.begun += 1
        self.escalation, self.due = begin(
            escalation_id=f"e{self.begun}",
            incident_id="i",
            tier_rank=rank,
            chain=before.chain,
            now=self.now,
        )
        self.fired = []

    @precondition(lambda self: self.escalation.state is EscalationState.HELD)
    @rule()
    def look_at_the_lease(self) -> None:
        held_at = self.escalation.held_at
        assert held_at is not None
        after = lapse(self.escalation, now=self.now)
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
    def what_is_raised_again_pages_again(self) -> None:
        assert self.escalation.is_over or self.escalation.tier_rank == self.rank

    @invariant()
    def it_begins_anew_no_more_often_than_it_may(self) -> None:
        chain = self.escalation.chain
        assert chain.anew is not None
        assert chain.rest_min or self.escalation.anew <= chain.anew

    @invariant()
    def nobody_holds_it_before_an_acknowledgement(self) -> None:
        held = self.escalation.state is EscalationState.HELD
        assert not held or self.escalation.held_by == "lin"

    @invariant()
    def the_place_is_one_of_the_chain(self) -> None:
        assert 0 <= self.escalation.position < len(self.escalation.chain.steps)
        assert 1 <= self.escalation.round <= self.escalation.chain.repeat + 1

    @invariant()
    def what_is_over_stays_over(self) -> None:
        if self.escalation.is_over:
            assert self.escalation.ended_at is not None
            assert fire(self.escalation, firing=self.escalation.firings, now=self.now) is None


EscalationLife.TestCase.settings = settings(max_examples=60, stateful_step_count=25)
TestEscalationLife = EscalationLife.TestCase
