"""Monitors of two brands over an empty post store, with everything that indicators are read by."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert

from nlp.text.search_tokens import search_phrases
from service.auth import SYSTEM, KeyRing
from service.db import Database, tables
from service.incidents import Kind, repository
from service.incidents.lifecycle import State
from service.incidents.model import Incident
from service.indicators import Changes, IndicatorBoard, Surroundings, ThresholdDesk
from service.indicators.watch import IndicatorWatch
from service.monitors import BrandDraft, BrandKind, Brands, MonitorDraft, Monitors
from service.settings import load_settings
from service.stores import StoredPost
from service.stores.sqlite import SqlitePostStore
from tests.support.clock import START, SteppingClock
from tests.support.stored_posts import stored_post

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


class IndicatorScene:
    """`tea` is of our brand, `rival` of a competitor, `loose` of none. It is START."""

    def __init__(self, database: Database, store: SqlitePostStore, clock: SteppingClock) -> None:
        self.database = database
        self.store = store
        self.clock = clock
        ring = KeyRing.from_secret("a secret of at least thirty-two characters")
        self.monitors = Monitors(database, clock, ring)
        self.brands = Brands(database, clock, ring)
        self.topics: str | None = None
        self.surroundings = Surroundings(
            monitors=self.monitors, brands=self.brands, active_topics=self._topics
        )
        self.board = IndicatorBoard(
            database=database,
            store=store,
            clock=clock,
            zone=load_settings({}).zone,
            surroundings=self.surroundings,
        )
        self.changes = Changes(store=store, surroundings=self.surroundings)
        self.desk = ThresholdDesk(database=database, clock=clock, surroundings=self.surroundings)
        self.watch = IndicatorWatch(
            database=database,
            clock=clock,
            board=self.board,
            surroundings=self.surroundings,
            owner="test",
        )
        self._numbers = iter(range(1, 1_000_000))

    async def _topics(self, monitor: str) -> str | None:
        return self.topics

    async def open(self) -> None:
        for brand, kind in (("chengyu", BrandKind.OWN), ("yunpu", BrandKind.COMPETITOR)):
            await self.brands.put(SYSTEM, BrandDraft(id=brand, name=brand, kind=kind))
        for monitor, brand_id in (("tea", "chengyu"), ("rival", "yunpu"), ("loose", None)):
            await self.monitors.put(
                SYSTEM, MonitorDraft(id=monitor, name=monitor, query="茶", brand_id=brand_id)
            )

    async def posts(
        self,
        number: int,
        *,
        ago: timedelta = HOUR,
        emotion: str | None = None,
        intent: str | None = None,
        topic: str | None = None,
        **changes: Any,
    ) -> list[StoredPost]:
        """That many posts, published `ago`, one microsecond after the other."""
        analysis: dict[str, Any] = {
            head: {"label": label}
            for head, label in (("emotion", emotion), ("intent", intent))
            if label is not None
        }
        if topic is not None:
            version, _, name = topic.partition(":")
            analysis["topics"] = [{"version": version, "topic": None if name == "-" else name}]
        at = self.clock.now() - ago
        made = [
            stored_post(
                next(self._numbers),
                **{"published_at": at + timedelta(microseconds=place), "analysis": analysis},
                **{"fetched_at": at + HOUR, "stored_at": at + HOUR},
                **changes,
            )
            for place in range(number)
        ]
        await self.store.upsert(made)
        return made

    async def crisis(
        self,
        *,
        opened_at: datetime | None = None,
        acknowledged_after: timedelta | None = None,
        **changes: Any,
    ) -> str:
        """An incident without its run; a crisis of `tea` unless told otherwise."""
        number = next(self._numbers)
        at = opened_at or self.clock.now() - HOUR
        values: dict[str, Any] = {
            "id": f"inc_{number:020d}",
            "kind": Kind.CRISIS,
            "drill": False,
            "monitor_id": "tea",
            "scenario": "product_quality",
            "title": "t",
            "tier": "yellow",
            "tier_rank": 1,
            "state": State.NEW,
            "reasons": (),
            "posts": 1,
            "first_post_id": None,
            "first_post_at": at,
            "opened_at": at,
            "acknowledged_at": None if acknowledged_after is None else at + acknowledged_after,
            "last_post_at": at,
            "taking_ended_at": at,
            "previous_id": None,
            "updated_at": at,
            "version": 1,
        } | changes
        async with self.database.write() as connection:
            await repository.add(connection, Incident(**values))
        return str(values["id"])

    async def step(
        self,
        incident_id: str,
        step_id: str,
        *,
        due_at: datetime,
        state: str = "pending",
        done_at: datetime | None = None,
        breached_at: datetime | None = None,
    ) -> None:
        """A step of the incident's run."""
        run_id = f"run_{incident_id}"
        async with self.database.write() as connection:
            found = await connection.execute(tables.run.select().where(tables.run.c.id == run_id))
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
            await connection.execute(
                insert(tables.step).values(
                    run_id=run_id,
                    step_id=step_id,
                    incident_id=incident_id,
                    position=1,
                    title={},
                    role="pr",
                    state=state,
                    due_at=due_at,
                    done_at=done_at,
                    breached_at=breached_at,
                )
            )

    async def feed(self, feed_id: str, known_since: datetime, **changes: Any) -> None:
        """A feed that is seen."""
        values = {
            "id": feed_id,
            "pushed": False,
            "platforms": [],
            "channels": [],
            "known_since": known_since,
            "sight": "ok",
            "since": known_since,
            "cause": "posts_arrive",
            "detail": "",
            "dark": False,
        } | changes
        async with self.database.write() as connection:
            await connection.execute(insert(tables.feed).values(**values))


@asynccontextmanager
async def indicator_scene(database: Database, folder: Path) -> AsyncIterator[IndicatorScene]:
    """A scene whose post store is closed afterwards."""
    store = SqlitePostStore(
        folder / "posts.db",
        query_phrases=lambda text: search_phrases(text.lower()),
        durable=False,
    )
    await store.migrate()
    scene = IndicatorScene(database, store, SteppingClock(START))
    try:
        await scene.open()
        yield scene
    finally:
        await store.close()
