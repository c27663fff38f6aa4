"""The monitoring tick: look at monitors with new posts, decide, act."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service.clock import Clock
from service.db import Database, leases
from service.incidents import repository as incident_rows
from service.incidents.model import Incident
from service.incidents.repository import Standing
from service.metrics import tick_seconds
from service.monitoring import watermarks
from service.monitoring.actions import Actions
from service.monitoring.planning import Plan, Planner
from service.monitoring.situation import SegmentView, Situations, is_worth_a_look
from service.monitors.matcher import MonitorDirectory
from service.monitors.model import Monitor
from service.stores.post_store import PostQuery, PostStore, SortOrder

log = structlog.get_logger(__name__)

EVERY = timedelta(seconds=60)
QUIET_EVERY = timedelta(minutes=15)
LOOK_EVERY = timedelta(minutes=5)
"""A monitor whose last hour is calm has its day read this often: slow burns and late posts."""
_SAVE_EVERY = timedelta(hours=1)
_DAY = timedelta(hours=24)
LEASE = "monitoring"
LEASE_FOR = timedelta(seconds=90)
"""Longer than from tick to tick: whoever ticks goes on doing so, since the others know less."""
_EVIDENCE_MAX = 100


class Onlooker(Protocol):
    """Told of every look at a monitor, after what it led to was done."""

    async def seen(
        self, monitor: Monitor, views: Sequence[SegmentView], *, now: datetime
    ) -> None: ...


class MonitoringTick:
    """Ticks each monitor at most once a minute, and only when posts came or an incident is open.

    After a crash it starts from the last saved watermark: ticking the same posts twice is harmless,
    since an incident that is there already is joined, not opened.
    """

    name = "monitoring"

    def __init__(
        self,
        *,
        database: Database,
        store: PostStore,
        clock: Clock,
        directory: MonitorDirectory,
        situations: Situations,
        planner: Planner,
        actions: Actions,
        owner: str,
        onlookers: Sequence[Onlooker] = (),
        observe: Callable[[float], None] = tick_seconds.observe,
    ) -> None:
        """`observe` is told the seconds that each monitor's tick took."""
        self._observe = observe
        self._onlookers = tuple(onlookers)
        self._database = database
        self._store = store
        self._clock = clock
        self._directory = directory
        self._situations = situations
        self._planner = planner
        self._actions = actions
        self._owner = owner
        # One process owns a SQLite file; on PostgreSQL others write too, and only one may tick.
        self._alone = database.is_sqlite
        self._leased_until: datetime | None = None
        self._fence: int | None = None
        self._not_before: datetime | None = None
        self._marks: dict[str, watermarks.Watermark] | None = None
        self._fresh: Mapping[str, datetime] = {}
        self._history_since: dict[str, datetime] = {}
        self._looked_at: dict[str, datetime] = {}
        self._standings_known: dict[str, tuple[int, datetime, Mapping[str, Standing]]] = {}
        self._burning: Mapping[str, bool] = {}
        self._backfills: dict[str, Mapping[str, Any] | None] = {}
        self._burning_generation = -1

    async def next_at(self) -> datetime | None:
        due = await self._due()
        earliest = min(due.values(), default=None)
        if earliest is None or self._not_before is None:
            return earliest
        return max(earliest, self._not_before)

    async def run(self, now: datetime) -> int:
        if not await self._is_ours(now):
            return 0
        due = await self._due()
        ticked = [monitor_id for monitor_id, at in sorted(due.items()) if at <= now]
        errors: list[Exception] = []
        for monitor_id in ticked:
            started = self._clock.monotonic()
            try:
                await self._run_one(monitor_id, now)
            except Exception as error:
                # Nothing is marked as seen, so the next run decides again, over fresh standings;
                # the other monitors must not wait for this one.
                log.exception("tick.failed", monitor=monitor_id)
                self._standings_known.pop(monitor_id, None)
                errors.append(error)
            self._observe(self._clock.monotonic() - started)
        if errors:
            raise errors[0]
        return len(ticked)

    async def _run_one(self, monitor_id: str, now: datetime) -> None:
        monitor = self._directory.monitors.get(monitor_id)
        if monitor is None:
            await self._end_taking(monitor_id, now)
            return
        if self._backfills.get(monitor_id) != monitor.backfill:
            self._backfills[monitor_id] = monitor.backfill
            self._situations.forget(monitor_id)
            self._history_since.pop(monitor_id, None)
            self._looked_at.pop(monitor_id, None)
        looked = await self._tick(monitor, now)
        await self._mark(monitor_id, now, looked=looked)

    async def _end_taking(self, monitor_id: str, now: datetime) -> None:
        """A monitor that was switched off takes no posts: its incidents must not wait for more."""
        standings = await self._standings(monitor_id, now)
        taking = {item.latest.id: item.latest for item in standings.values()}
        async with self._database.write() as connection:
            if not await self._may_act(connection):
                return
            for incident in taking.values():
                if incident.is_taking:
                    await self._actions.end(
                        connection, incident, reason="the monitor is switched off", now=now
                    )

    async def _is_ours(self, now: datetime) -> bool:
        """Whether this worker may tick: it holds the lease, or nobody else could."""
        if self._alone or (self._leased_until is not None and now < self._leased_until - EVERY):
            return True
        async with self._database.write(quiet=True) as connection:
            fence = await leases.acquire(
                connection, LEASE, owner=self._owner, now=now, ttl=LEASE_FOR
            )
        self._fence, self._leased_until = fence, None if fence is None else now + LEASE_FOR
        self._not_before = now + EVERY / 4 if fence is None else None
        return fence is not None

    async def _may_act(self, connection: AsyncConnection) -> bool:
        """Whether no other worker has ticked since: this one may have slept since its look."""
        if self._fence is None or await leases.holds(
            connection, LEASE, owner=self._owner, fence=self._fence
        ):
            return True
        log.warning("tick.lease_lost", owner=self._owner)
        self._leased_until = None
        return False

    async def _due(self) -> dict[str, datetime]:
        """When each monitor is next due; monitors without news or open incident are absent.

        One that is disabled or gone is due only while an incident of it still takes posts.
        """
        await self._directory.refresh()
        marks = await self._loaded_marks()
        oldest = min((mark.seen_until for mark in marks.values()), default=None)
        fresh = await self._store.monitors_since(oldest or watermarks.BEGINNING)
        self._fresh = fresh
        now = self._clock.now()
        due: dict[str, datetime] = {}
        for monitor_id, stored_at in fresh.items():
            mark = marks.get(monitor_id)
            if monitor_id not in self._directory.monitors:
                continue
            if mark is None:
                due[monitor_id] = min(stored_at, now)
            elif stored_at > mark.seen_until:
                # A clock that was set back leaves stamps in the future: they must not delay us.
                due[monitor_id] = max(min(stored_at, now), mark.ticked_at + EVERY)
        for monitor_id, takes in (await self._monitors_burning()).items():
            if monitor_id not in self._directory.monitors:
                if takes:
                    due[monitor_id] = now
                continue
            mark = marks.get(monitor_id)
            quiet = mark.ticked_at + QUIET_EVERY if mark else now
            due[monitor_id] = min(quiet, due.get(monitor_id, quiet))
        return due

    async def _loaded_marks(self) -> dict[str, watermarks.Watermark]:
        if self._marks is None:
            async with self._database.read() as connection:
                self._marks = await watermarks.load(connection)
        return self._marks

    async def _monitors_burning(self) -> Mapping[str, bool]:
        if not self._alone or self._burning_generation != self._database.generation:
            generation = self._database.generation
            async with self._database.read() as connection:
                self._burning = await incident_rows.monitors_burning(connection)
            self._burning_generation = generation
        return self._burning

    async def _mark(self, monitor_id: str, now: datetime, *, looked: bool) -> None:
        """Move the watermark to the last post that the tick could see, not to `now`: a batch on its
        way into the store may carry an earlier instant. A tick that did not look moves nothing."""
        marks = await self._loaded_marks()
        old = marks.get(monitor_id)
        before = old.seen_until if old else watermarks.BEGINNING
        seen_until = max(before, self._fresh.get(monitor_id, before)) if looked else before
        saved_at = old.saved_at if old else None
        if saved_at is None or now - saved_at >= _SAVE_EVERY:
            async with self._database.write(quiet=True) as connection:
                await watermarks.save(connection, monitor_id, ticked_at=now, seen_until=seen_until)
            saved_at = now
        marks[monitor_id] = watermarks.Watermark(
            ticked_at=now, seen_until=seen_until, saved_at=saved_at
        )

    async def _tick(self, monitor: Monitor, now: datetime) -> bool:
        """One tick; False when nothing was looked at: calm, or another worker's by now."""
        hour = await self._situations.hour(monitor.id, now)
        looked_at = self._looked_at.get(monitor.id)
        waited = looked_at is None or now - looked_at >= LOOK_EVERY
        if not waited and not is_worth_a_look(hour):
            return False
        standings = await self._standings(monitor.id, now)
        since = await self._first_post_at(monitor.id, now)
        views = await self._situations.look(
            monitor, hour=hour, standings=standings, since=since, now=now
        )
        plan = await self._planner.plan(monitor, views, standings, now=now)
        if not await self._act(monitor, plan, now=now):
            return False
        for onlooker in self._onlookers:
            await onlooker.seen(monitor, views, now=now)
        self._looked_at[monitor.id] = now
        return True

    async def _standings(self, monitor_id: str, now: datetime) -> Mapping[str, Standing]:
        """The monitor's recent crises, read again when something was written (or after an hour)."""
        known = self._standings_known.get(monitor_id)
        generation = self._database.generation
        recent = known is not None and now - known[1] < _SAVE_EVERY
        if known and self._alone and recent and known[0] == generation:
            return known[2]
        async with self._database.read() as connection:
            found = await incident_rows.standings(connection, monitor_id, since=now - 2 * _DAY)
        self._standings_known[monitor_id] = (generation, now, found)
        return found

    async def _first_post_at(self, monitor_id: str, now: datetime) -> datetime:
        """Since when there is history; asked of the store once."""
        if monitor_id not in self._history_since:
            query = PostQuery(monitors=(monitor_id,))
            first = await self._store.search(query, limit=1, sort=SortOrder.OLDEST)
            if not first.items:
                return now
            self._history_since[monitor_id] = first.items[0].post.published_at
        return self._history_since[monitor_id]

    async def _act(self, monitor: Monitor, plan: Plan, *, now: datetime) -> bool:
        """Carry out the plan; False when that has become another worker's to do."""
        if plan.is_empty:
            return True
        async with self._database.write() as connection:
            if not await self._may_act(connection):
                return False
            raised: dict[str, Incident] = {}
            for incident, asked in plan.raises:
                raised[incident.id] = await self._actions.escalate(
                    connection, incident, asked, now=now
                )
            for incident, joined, calm in plan.takings:
                current = raised.get(incident.id, incident)
                if joined is not None:
                    frozen = await incident_rows.count_evidence(connection, current.id)
                    current = await self._actions.join(
                        connection, current, joined, evidence_left=_EVIDENCE_MAX - frozen, now=now
                    )
                await self._actions.settle(connection, current, calm, now=now)
            for asked, decision, gathered in plan.opens:
                await self._actions.open(connection, monitor, asked, decision, gathered, now=now)
        return True
