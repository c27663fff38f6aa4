"""An installation in virtual time with a team, a channel for drills and one that is not."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Table, select

from service.auth import SYSTEM, Principal, Role
from service.bootstrap import Container, build
from service.bootstrap.watching import Nothing
from service.drill import GOING_ON, Drill, Tape
from service.drill.model import Ends, Joins, Move, Opens, Rises
from service.incidents import Incident, Incidents, Kind, Opening, repository
from service.jobs import advance
from service.monitors import ChannelDraft, ChannelKind, MonitorDraft
from service.settings import load_settings
from tests.support.clock import SteppingClock
from tests.support.incident_scene import evidence, person

RECORDED = datetime(2023, 5, 4, 6, 0, tzinfo=UTC)
"""When detection opened the first incident of the tape."""
LEAD = person("lin", Role.LEAD)
TEAM = person("anna", Role.LEAD, Role.RESPONDER)


def opening(at: datetime = RECORDED, **changes: Any) -> Opening:
    """A yellow one whose first post came eight minutes before."""
    made = Opening(
        kind=Kind.CRISIS,
        monitor_id="tea",
        scenario="product_quality",
        title="茶",
        tier="yellow",
        tier_rank=1,
        reasons=({"clause": "negative_1h ≥ 10", "value": 12, "threshold": 10},),
        posts=3,
        first_post_id="post1",
        first_post_at=at - timedelta(minutes=8),
        last_post_at=at,
        evidence=(evidence(1, at=at),),
    )
    return replace(made, **changes)


def opens(key: str = "a", *, minutes: float = 0, **changes: Any) -> Move:
    at = RECORDED + timedelta(minutes=minutes)
    return Move(at=at, deed=Opens(key=key, opening=opening(at, **changes)))


def joins(key: str = "a", *, minutes: float, posts: int = 9) -> Move:
    at = RECORDED + timedelta(minutes=minutes)
    deed = Joins(key=key, posts=posts, last_post_at=at, evidence=(evidence(posts, at=at),))
    return Move(at=at, deed=deed)


def rises(key: str = "a", *, minutes: float, tier: str = "red", rank: int = 3) -> Move:
    deed = Rises(key=key, tier=tier, rank=rank, reasons=({"clause": "worse"},))
    return Move(at=RECORDED + timedelta(minutes=minutes), deed=deed)


def ends(key: str = "a", *, minutes: float, contained: bool = True) -> Move:
    deed = Ends(key=key, reason="contained", contained=contained)
    return Move(at=RECORDED + timedelta(minutes=minutes), deed=deed)


def tape(*moves: Move) -> Tape:
    return Tape(moves=moves or (opens(),), posts=100)


class DrillScene:
    """What tests of drills do again and again."""

    def __init__(self, container: Container, clock: SteppingClock) -> None:
        self.container = container
        self.clock = clock
        self.office = container.drills
        self.incidents = Incidents(reactions=Nothing(), public_url="https://fengsui.example")
        """Opens real ones that nobody answers."""

    async def begin(self, *moves: Move, speed: float = 1.0, **named: Any) -> Drill:
        return await self.office.begin(LEAD, stream="test", speed=speed, tape=tape(*moves), **named)

    async def wait(self, **duration: float) -> None:
        """Let the line run for so long."""
        until = self.clock.now() + timedelta(**duration)
        await advance(self.clock, self.container.line, until)

    async def now(self, drill: Drill) -> Drill:
        return await self.office.get(SYSTEM, drill.id)

    async def incident(self, drill: Drill, key: str = "a") -> Incident:
        found = (await self.now(drill)).incidents[key]
        async with self.container.database.read() as connection:
            return await repository.get(connection, found)

    async def rows(self, table: Table) -> list[Mapping[str, Any]]:
        async with self.container.database.read() as connection:
            return [dict(row) for row in (await connection.execute(select(table))).mappings()]

    async def over(self) -> None:
        """Whatever goes on is stopped, so that the next test begins its own; a minute later."""
        page = await self.office.page(SYSTEM, after=None, limit=10)
        for drill in page.items:
            if drill.state in GOING_ON:
                await self.office.stop(LEAD, drill.id)
        await self.wait(minutes=1)
        self.container.recorder.sent.clear()


@asynccontextmanager
async def open_drills(folder: Path) -> AsyncIterator[DrillScene]:
    clock = SteppingClock()
    settings = load_settings(
        {
            "FENGSUI_DATA_DIR": str(folder),
            "FENGSUI_SECRET_KEY": "drill-test-" * 4,
            "FENGSUI_WORKER_ID": "test",
        }
    )
    container = await build(settings, clock=clock, virtual=True, random=lambda: 0.5)
    try:
        for drills in (True, False):
            name = "practice" if drills else "real"
            await container.channels.put(
                SYSTEM,
                ChannelDraft(id=name, kind=ChannelKind.RECORDING, name=name, drill=drills),
            )
        await container.monitors.put(SYSTEM, MonitorDraft(id="tea", name="茶", query="茶"))
        yield DrillScene(container, clock)
    finally:
        await container.close()


def limited(who: Principal, *monitors: str) -> Principal:
    """The same person, for some monitors only."""
    return replace(who, monitors=frozenset(monitors))
