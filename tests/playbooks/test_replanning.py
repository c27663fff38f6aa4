"""A run under any sequence of events, beside a timer table as the service keeps one."""

from __future__ import annotations

from datetime import datetime, timedelta

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from playbooks import (
    Announce,
    Cancel,
    DeadlineKind,
    DeadlinePassed,
    DelayAsked,
    DelayDecided,
    DelayKind,
    Effect,
    Event,
    Ignored,
    IllegalStep,
    IncidentEvent,
    Moment,
    Run,
    ScenarioNamed,
    Schedule,
    StepDone,
    StepReopened,
    StepResumed,
    StepSkipped,
    StepState,
    TierChanged,
    Withdrawn,
    advance,
    from_json,
    start,
    to_json,
)
from playbooks.schema import Playbook
from tests.playbooks.sample import MINUTE, T0
from tests.playbooks.test_planner import make_playbook

FIRST = make_playbook(
    {"id": "seen", "anchor": "first_post", "due": {"all": "10m"}, "done_on": "opened"},
    {"id": "ack", "due": {"yellow": "30m", "red": "5m"}, "done_on": "acknowledged"},
    {"id": "team", "due": {"orange": "1h", "red": "30m"}},
    {
        "id": "assess",
        "anchor": "step:team",
        "due": {"orange": "30m", "red": "15m"},
        "needs": ["team"],
    },
    {"id": "ask", "anchor": "acknowledged", "due": {"all": "2h"}, "mandatory": False},
    {"id": "call", "anchor": "tier_raised", "due": {"all": "10m"}},
    {"id": "close", "due": {"all": "none"}, "done_on": "closed"},
    {"id": "review", "anchor": "step:close", "due": {"all": "7d", "red": "72h"}},
)
SECOND = make_playbook(
    {"id": "ack", "due": {"all": "20m"}, "done_on": "acknowledged"},
    {"id": "team", "due": {"all": "45m"}},
    {"id": "test", "anchor": "first_post", "due": {"all": "5h"}},
    {"id": "close", "due": {"all": "none"}, "done_on": "closed"},
)
NAMES = st.sampled_from(["seen", "ack", "team", "assess", "ask", "call", "close", "review", "test"])
PLAYBOOKS: dict[str, Playbook] = {"outage": FIRST, "misconduct": SECOND}


class RunMachine(RuleBasedStateMachine):
    """Timers are set and dropped by effects alone; they must always be what the run expects."""

    @initialize(tier=st.sampled_from(["yellow", "orange", "red"]), age=st.integers(0, 600))
    def open_incident(self, tier: str, age: int) -> None:
        self.now: datetime = T0
        self.timers: dict[tuple[str, DeadlineKind], datetime] = {}
        self.spent: dict[tuple[str, DeadlineKind], datetime] = {}
        run, effects = start(
            FIRST, run_id="r", tier=tier, opened_at=T0, first_post_at=T0 - age * MINUTE
        )
        self.run: Run = run
        self.take(effects)

    def take(self, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            if isinstance(effect, Schedule):
                self.timers[(effect.step, effect.kind)] = effect.at
                self.spent.pop((effect.step, effect.kind), None)
            elif isinstance(effect, Cancel):
                key = (effect.step, effect.kind)
                del (self.timers if key in self.timers else self.spent)[key]
            elif isinstance(effect, Announce) and effect.late_by is not None:
                assert effect.late_by > timedelta()

    def send(self, event: Event) -> None:
        before = self.run
        try:
            self.run, effects = advance(before, event, self.now)
        except IllegalStep:
            return
        if any(isinstance(effect, Ignored) for effect in effects):
            assert self.run is before
        self.take(effects)
        for step in before.steps:
            after = self.run.step(step.id)
            assert step.breached_at is None or after.breached_at == step.breached_at
            if step.ended and not isinstance(event, StepReopened):
                assert (after.state, after.done_at) == (step.state, step.done_at)

    @rule(minutes=st.integers(1, 240))
    def time_passes(self, minutes: int) -> None:
        """Every timer that falls due fires, in order, as the timer engine does it."""
        until = self.now + minutes * MINUTE
        while self.timers and min(self.timers.values()) <= until:
            key = min(self.timers, key=self.firing_order)
            self.spent[key] = self.timers.pop(key)
            self.now = max(self.now, self.spent[key])
            self.send(DeadlinePassed(step=key[0], kind=key[1]))
            if key not in self.run.timers():
                self.spent.pop(key, None)
        self.now = until

    def firing_order(self, key: tuple[str, DeadlineKind]) -> tuple[datetime, int]:
        return self.timers[key], list(DeadlineKind).index(key[1])

    @rule(step=NAMES)
    def do(self, step: str) -> None:
        self.send(StepDone(step=step))

    @rule(step=NAMES, reason=st.sampled_from([None, "因"]))
    def skip(self, step: str, reason: str | None) -> None:
        self.send(StepSkipped(step=step, reason=reason))

    @rule(step=NAMES)
    def reopen(self, step: str) -> None:
        self.send(StepReopened(step=step))

    @rule(step=NAMES, kind=st.sampled_from(DelayKind), minutes=st.integers(1, 600))
    def ask_for_time(self, step: str, kind: DelayKind, minutes: int) -> None:
        lasting = minutes * MINUTE
        self.send(DelayAsked(step=step, kind=kind, lasting=lasting, reason="因", by="u1"))

    @rule(step=NAMES, granted=st.booleans(), by=st.sampled_from(["u1", "u2", "u3"]))
    def decide_on_time(self, step: str, granted: bool, by: str) -> None:
        self.send(DelayDecided(step=step, granted=granted, by=by))

    @rule(step=NAMES)
    def resume(self, step: str) -> None:
        self.send(StepResumed(step=step, by="u1"))

    @rule(step=NAMES, kind=st.sampled_from(DeadlineKind))
    def stale_timer(self, step: str, kind: DeadlineKind) -> None:
        """A timer that no longer counts, or not yet."""
        if self.run.timers().get((step, kind), self.now + MINUTE) > self.now:
            _, effects = advance(self.run, DeadlinePassed(step=step, kind=kind), self.now)
            assert [type(effect) for effect in effects] == [Ignored]

    @rule(tier=st.sampled_from(["yellow", "orange", "red"]))
    def change_tier(self, tier: str) -> None:
        self.send(TierChanged(tier=tier))

    @rule(scenario=st.sampled_from(sorted(PLAYBOOKS)))
    def name_scenario(self, scenario: str) -> None:
        self.send(ScenarioNamed(scenario=scenario, playbook=PLAYBOOKS[scenario]))

    @rule(moment=st.sampled_from([Moment.ACKNOWLEDGED, Moment.CONTAINED, Moment.RESOLVED]))
    def incident(self, moment: Moment) -> None:
        self.send(IncidentEvent(moment=moment))

    @rule(chance=st.integers(0, 4))
    def close(self, chance: int) -> None:
        if chance == 0:
            self.send(IncidentEvent(moment=Moment.CLOSED))

    @rule(chance=st.integers(0, 9))
    def withdraw(self, chance: int) -> None:
        if chance == 0:
            self.send(Withdrawn())

    @invariant()
    def timers_are_what_the_run_expects(self) -> None:
        """A spent timer that the run still waits for is a warning that its breach overtook."""
        wanted = self.run.timers()
        assert {kind for _, kind in self.spent} <= {DeadlineKind.WARN}
        assert {**self.spent, **self.timers} == wanted

    @invariant()
    def late_steps_were_counted(self) -> None:
        for step in self.run.steps:
            if step.state is StepState.BREACHED or step.late_by is not None:
                assert step.breached_at is not None

    @invariant()
    def a_clock_that_stands_still_goes_on_by_itself(self) -> None:
        for step in self.run.steps:
            if step.open and step.pause is not None:
                assert (step.due_at, step.warn_at, step.escalate_at) == (None, None, None)
                wanted = self.run.timers().get((step.id, DeadlineKind.RESUME))
                assert wanted == (step.pause.until if self.run.counts(step) else None)

    @invariant()
    def every_step_stands_once(self) -> None:
        ids = [step.id for step in self.run.steps]
        assert len(ids) == len(set(ids))

    @invariant()
    def an_ended_run_wants_nothing(self) -> None:
        assert not self.run.ended or self.timers == {}

    @invariant()
    def a_snapshot_keeps_everything(self) -> None:
        assert from_json(to_json(self.run)) == self.run


TestRunMachine = RunMachine.TestCase
TestRunMachine.settings = settings(max_examples=60, stateful_step_count=25)
