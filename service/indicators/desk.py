"""What people do with thresholds: read, set, set back; and what was crossed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from service.audit import record
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.db.alone import Alone, alone
from service.db.page import Page
from service.errors import Conflict, NotFound
from service.indicators import repository
from service.indicators.definition import IndicatorId
from service.indicators.repository import Crossing, Standing
from service.indicators.surroundings import Surroundings
from service.indicators.threshold import Threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """The thresholds of an indicator, and at what level it was at the last look."""

    threshold: Threshold
    standing: Standing | None


class ThresholdDesk:
    """The one door for people. Writes are audited, each in the transaction that it tells of."""

    def __init__(self, *, database: Database, clock: Clock, surroundings: Surroundings) -> None:
        self._database = database
        self._clock = clock
        self._surroundings = surroundings

    async def every(self, actor: Principal, monitor_id: str) -> tuple[Watched, ...]:
        """Of a monitor, in the order of the design. Raises Forbidden, NotFound."""
        actor.require(Action.READ, Resource.INDICATOR, monitor=monitor_id)
        await self._surroundings.monitor(monitor_id)
        async with self._database.read() as connection:
            found = await repository.thresholds(connection, monitor_id)
            standings = await repository.standings(connection, monitor_id)
        return tuple(
            Watched(threshold=item, standing=standings.get(name)) for name, item in found.items()
        )

    async def put(
        self,
        actor: Principal,
        monitor_id: str,
        draft: Threshold,
        *,
        version: int | None = None,
    ) -> Threshold:
        """Set the thresholds of one indicator; `version` is the If-Match, 0 for the defaults.

        Raises Forbidden, NotFound for the monitor, InvalidInput, Conflict.
        """
        actor.require(Action.EDIT, Resource.INDICATOR, monitor=monitor_id)
        draft.check()
        await self._surroundings.monitor(monitor_id)
        async with self._database.write() as connection:
            before = await self._current(connection, monitor_id, draft.indicator, version)
            same = replace(draft, version=before.version, updated_at=before.updated_at)
            if same == before:
                return before
            after = replace(draft, version=before.version + 1, updated_at=self._clock.now())
            await repository.put_threshold(connection, monitor_id, after)
            await self._tell(connection, actor, monitor_id, "changed", before, after)
        return after

    async def reset(
        self,
        actor: Principal,
        monitor_id: str,
        indicator: IndicatorId,
        *,
        version: int | None = None,
    ) -> None:
        """Back to the defaults. Raises Forbidden, Conflict, and NotFound where nothing was set."""
        actor.require(Action.DELETE, Resource.INDICATOR, monitor=monitor_id)
        async with self._database.write() as connection:
            before = await self._current(connection, monitor_id, indicator, version)
            if before.version == 0:
                raise NotFound(f"{indicator} of monitor {monitor_id} has the defaults already")
            await repository.remove_threshold(connection, monitor_id, indicator)
            await self._tell(connection, actor, monitor_id, "reset", before, None)

    async def crossings(
        self,
        actor: Principal,
        *,
        monitor_id: str | None = None,
        before: int | None = None,
        limit: int = 50,
    ) -> Page[Crossing]:
        """Newest first: of a monitor, or of all that the actor may see. Raises Forbidden."""
        actor.require(Action.READ, Resource.INDICATOR, monitor=monitor_id)
        monitors = actor.monitors if monitor_id is None else {monitor_id}
        async with self._database.read() as connection:
            return await repository.crossings(
                connection, monitors=monitors, before=before, limit=limit
            )

    async def _current(
        self,
        connection: AsyncConnection,
        monitor_id: str,
        indicator: IndicatorId,
        version: int | None,
    ) -> Threshold:
        await alone(connection, Alone.SET_THRESHOLDS)
        found = await repository.threshold(connection, monitor_id, indicator)
        if version is not None and version != found.version:
            raise Conflict(
                f"thresholds of {indicator} for {monitor_id} are at version {found.version}, not "
                f"{version}: somebody changed them; reload and retry",
                errors=[("version", "changed since you read it")],
            )
        return found

    async def _tell(
        self,
        connection: AsyncConnection,
        actor: Principal,
        monitor_id: str,
        change: str,
        before: Threshold,
        after: Threshold | None,
    ) -> None:
        await record(
            connection,
            at=self._clock.now(),
            actor=actor.id,
            action=f"threshold.{change}",
            subject_type="threshold",
            subject_id=f"{monitor_id}/{before.indicator}",
            data={"before": _told(before), "after": None if after is None else _told(after)},
        )


def _told(item: Threshold) -> Mapping[str, Any]:
    return {
        "measured": item.measured.value,
        "yellow": item.levels.yellow,
        "orange": item.levels.orange,
        "red": item.levels.red,
        "least": item.least,
        "margin": item.margin,
        "alert": item.alert,
        "version": item.version,
    }
