"""Random lives of one incident through the real desk: whatever people do, the file stays sound."""

from __future__ import annotations

import asyncio
import tempfile
from datetime import datetime
from pathlib import Path

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from service.db import Database, tables
from service.errors import Conflict, IllegalTransition
from service.incidents import Incident
from service.incidents.lifecycle import OPEN_STATES, Action, State, allowed_actions
from tests.support.clock import SteppingClock
from tests.support.database import create_tables
from tests.support.incident_scene import LEAD, IncidentScene

FIRST_TIME = ("acknowledged_at", "responding_at", "monitoring_at")
"""Instants that are those of the first time, and stay."""
ENDINGS = {Action.CLOSE, Action.MARK_FALSE_POSITIVE, Action.MERGE}
ONWARD = [action for action in Action if action not in ENDINGS]
TIERS = ("yellow", "orange", "red")


class IncidentLife(RuleBasedStateMachine):
    """One incident, one lead, any order of deeds."""

    @initialize()
    def open(self) -> None:
        self.runner = asyncio.Runner()
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "state.db"
        self.database = Database(f"sqlite+aiosqlite:///{path}", durable=False, inline=True)
        self.clock = SteppingClock()
        self.scene = IncidentScene(self.database, self.clock)
        self.stamps: dict[str, datetime] = {}
        self.runner.run(create_tables(self.database))
        self.incident: Incident = self.runner.run(self.scene.open())

    @rule(number=st.integers(0, 3))
    def go_on(self, number: int) -> None:
        onward = [item for item in allowed_actions(self.incident.state) if item in ONWARD]
        if onward:
            self.act(onward[number % len(onward)])

    @rule(action=st.sampled_from(ONWARD))
    def try_anything(self, action: Action) -> None:
        self.act(action)

    @rule(action=st.sampled_from([Action.CLOSE, Action.MARK_FALSE_POSITIVE]), now=st.booleans())
    def end(self, action: Action, now: bool) -> None:
        if now or action is Action.CLOSE:
            self.act(action)

    def act(self, action: Action) -> None:
        before = self.incident
        deed = self.scene.desk.act(LEAD, before.id, action, reason="so it was")
        try:
            after = self.runner.run(deed)
        except IllegalTransition:
            assert action not in allowed_actions(before.state)
            return
        if action in allowed_actions(before.state):
            assert after.version > before.version
            assert after.state is not before.state
        else:
            assert after == before
        if after.is_taking and not before.is_taking:
            assert after.reopened_at == self.clock.now()
        self.incident = after

    @rule(tier=st.sampled_from(TIERS))
    def change_tier(self, tier: str) -> None:
        deed = self.scene.desk.set_tier(LEAD, self.incident.id, tier, reason="so it is")
        try:
            self.incident = self.runner.run(deed)
        except Conflict:
            assert self.incident.state not in OPEN_STATES
            return
        assert self.incident.tier == tier

    @rule(hours=st.integers(1, 30))
    def let_time_pass(self, hours: int) -> None:
        self.runner.run(self.scene.pass_time(hours=hours))
        self.incident = self.runner.run(self.scene.get(self.incident.id))

    @invariant()
    def first_times_stay(self) -> None:
        for name in FIRST_TIME:
            stamp = getattr(self.incident, name)
            assert (
                self.stamps.setdefault(name, stamp) == stamp if stamp else name not in self.stamps
            )

    @invariant()
    def a_resolution_stands_only_where_there_is_one(self) -> None:
        unresolved = {State.NEW, State.ACKNOWLEDGED, State.RESPONDING, State.MONITORING}
        if self.incident.state in unresolved:
            assert self.incident.resolved_at is None
        if self.incident.state in {State.RESOLVED, State.CLOSED}:
            assert self.incident.resolved_at is not None

    @invariant()
    def a_closed_file_takes_no_posts(self) -> None:
        closed = self.incident.state not in OPEN_STATES
        assert (self.incident.closed_at is not None) == closed
        assert not (closed and self.incident.is_taking)

    @invariant()
    def the_last_tier_is_the_tier(self) -> None:
        rows = self.runner.run(self.scene.rows(tables.incident_tier))
        assert rows[-1]["tier"] == self.incident.tier

    @invariant()
    def each_deed_is_in_the_timeline_and_in_the_audit(self) -> None:
        events = self.runner.run(self.scene.rows(tables.incident_event))
        audited = self.runner.run(self.scene.rows(tables.audit_entry))
        assert [row["data"] for row in audited] == [row["data"] for row in events]

    def teardown(self) -> None:
        self.runner.run(self.database.close())
        self.runner.close()
        self.folder.cleanup()


# Each step is a transaction or several: shrinking a failure would take minutes.
IncidentLife.TestCase.settings = settings(
    max_examples=15,
    stateful_step_count=14,
    phases=(Phase.explicit, Phase.generate),
)
TestIncidentLife = IncidentLife.TestCase
