"""Briefings in virtual time: two brands' monitors over a real installation, posts made by hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from service.auth import Principal, Role
from service.auth.principal import SYSTEM
from service.bootstrap import Container, build
from service.briefings import Briefing, Kind, Language, Measure, Scope, SectionId
from service.briefings.content import Piece
from service.db import tables
from service.delivery import outbox
from service.delivery.model import OutboxEvent
from service.events import EventType
from service.incidents import repository
from service.incidents.lifecycle import State
from service.incidents.model import Incident
from service.incidents.model import Kind as IncidentKind
from service.monitors import BrandDraft, ChannelDraft, ChannelKind, MonitorDraft
from service.settings import load_settings
from service.stores import StoredPost
from tests.support.clock import SteppingClock
from tests.support.incident_scene import PUBLIC_URL, person
from tests.support.stored_posts import stored_post

DAY = date(2024, 3, 1)
"""The day before the scene: it is the morning of 2 March in Shanghai."""
MORNING = datetime(2024, 3, 2, 0, 0, tzinfo=UTC)
NOON = datetime(2024, 3, 1, 4, 0, tzinfo=UTC)
"""Of that day, on people's clocks."""

ANALYST = person("ana", Role.ANALYST)
LEAD = person("lin", Role.LEAD)
OTHER_LEAD = person("ou", Role.LEAD)
VIEWER = person("wei", Role.VIEWER)


class BriefingScene:
    """`tea` and `shop` are monitors of 晨屿, `lark` one of 云雀; `chat` and `mail` are channels."""

    def __init__(self, container: Container, clock: SteppingClock) -> None:
        self.container = container
        self.clock = clock
        self.desk = container.briefings.desk
        self.schedules = container.briefings.schedules
        self.job = container.briefings.job
        self._numbers = iter(range(1, 100_000))

    async def open(self) -> None:
        for brand, name in (("chenyu", "晨屿"), ("yunque", "云雀")):
            await self.container.brands.put(SYSTEM, BrandDraft(id=brand, name=name))
        for monitor, name, brand in (
            ("tea", "晨屿茶饮", "chenyu"),
            ("shop", "晨屿门店", "chenyu"),
            ("lark", "云雀出行", "yunque"),
        ):
            await self.container.monitors.put(
                SYSTEM, MonitorDraft(id=monitor, name=name, query=name, brand_id=brand)
            )
        for channel in ("chat", "mail"):
            await self.container.channels.put(
                SYSTEM, ChannelDraft(id=channel, kind=ChannelKind.RECORDING, name=channel)
            )

    async def posts(
        self, number: int, *, at: datetime = NOON, text: str = "青柚茶", **changes: Any
    ) -> list[StoredPost]:
        """That many posts of `tea`, a second apart, each a text of its own unless told."""
        made = []
        for place in range(number):
            no = next(self._numbers)
            published = at + timedelta(seconds=place)
            values = {
                "published_at": published,
                "fetched_at": published + timedelta(seconds=30),
                "stored_at": published + timedelta(seconds=31),
                "author": f"au_{no}",
            } | changes
            made.append(stored_post(no, f"{text} {no}", **values))
        await self.container.store.upsert(made)
        return made

    async def crisis(self, *, opened_at: datetime = NOON, **changes: Any) -> str:
        """A crisis of `tea` without its run, found ten minutes after its first post."""
        number = next(self._numbers)
        values: dict[str, Any] = {
            "id": f"inc_{number:020d}",
            "kind": IncidentKind.CRISIS,
            "drill": False,
            "monitor_id": "tea",
            "scenario": "product_quality",
            "title": "晨屿茶饮",
            "tier": "yellow",
            "tier_rank": 1,
            "state": State.NEW,
            "reasons": (),
            "posts": 1,
            "first_post_id": None,
            "first_post_at": opened_at - timedelta(minutes=10),
            "opened_at": opened_at,
            "last_post_at": opened_at,
            "taking_ended_at": opened_at,
            "previous_id": None,
            "updated_at": opened_at,
            "version": 1,
        } | changes
        async with self.container.database.write() as connection:
            await repository.add(connection, Incident(**values))
        return str(values["id"])

    async def step(
        self, incident_id: str, step_id: str, *, due_at: datetime, **changes: Any
    ) -> None:
        """A step of the incident's run, which waits to be done."""
        run_id = f"run_{incident_id}"
        async with self.container.database.write() as connection:
            found = await connection.execute(select(tables.run).where(tables.run.c.id == run_id))
            if found.first() is None:
                await connection.execute(
                    insert(tables.run).values(
                        id=run_id,
                        incident_id=incident_id,
                        playbook="general",
                        content_version="1",
                        tier="yellow",
                        snapshot={},
                        started_at=due_at,
                        updated_at=due_at,
                    )
                )
            values: dict[str, Any] = {
                "run_id": run_id,
                "step_id": step_id,
                "incident_id": incident_id,
                "position": 1,
                "title": {"zh": "首次回应", "en": "First response"},
                "role": "pr",
                "state": "pending",
                "due_at": due_at,
            }
            await connection.execute(insert(tables.step).values(**values | changes))

    async def prepare(
        self,
        *,
        by: Principal = ANALYST,
        kind: Kind = Kind.DAILY,
        scope: Scope | None = None,
        language: Language = Language.ZH,
        **period: Any,
    ) -> Briefing:
        """Of `tea` alone unless told."""
        self.clock.step(seconds=1)
        return await self.desk.prepare(
            by, kind, scope=scope or Scope(monitors=("tea",)), language=language, **period
        )

    async def events(self) -> list[OutboxEvent]:
        """Every news that a briefing goes out."""
        table = tables.outbox
        async with self.container.database.read() as connection:
            rows = await connection.execute(
                select(table, table.c.id.label("outbox_id"))
                .where(table.c.type == EventType.BRIEFING_DELIVERED.value)
                .order_by(table.c.created_at, table.c.id)
            )
            return [outbox.event_of(row) for row in rows]

    async def trail(self) -> list[str]:
        """What the audit trail says of briefings, in order."""
        table = tables.audit_entry
        async with self.container.database.read() as connection:
            rows = await connection.execute(
                select(table.c.action, table.c.actor)
                .where(table.c.subject_type == "briefing")
                .order_by(table.c.id)
            )
            return [f"{row.actor} {row.action}" for row in rows]


def pieces(briefing: Briefing, section: SectionId) -> tuple[Piece, ...]:
    """Those of one section."""
    (found,) = [item for item in briefing.body.sections if item.id is section]
    return found.pieces


def measure(briefing: Briefing, name: str) -> Measure:
    """A figure of a briefing by its id."""
    return briefing.body.measures()[name]


def within(principal: Principal, *monitors: str) -> Principal:
    """The same, bound to those monitors."""
    return replace(principal, monitors=frozenset(monitors))


@asynccontextmanager
async def open_briefings(folder: Path) -> AsyncIterator[BriefingScene]:
    """An installation of its own, put together as it runs."""
    clock = SteppingClock(MORNING)
    settings = load_settings(
        {
            "FENGSUI_DATA_DIR": str(folder),
            "FENGSUI_SECRET_KEY": "briefings-" * 5,
            "FENGSUI_WORKER_ID": "test",
            "FENGSUI_PUBLIC_URL": PUBLIC_URL,
        }
    )
    container = await build(settings, clock=clock, virtual=True, random=lambda: 0.5)
    try:
        scene = BriefingScene(container, clock)
        await scene.open()
        yield scene
    finally:
        await container.close()
