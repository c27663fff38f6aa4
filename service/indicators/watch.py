"""The job that looks at every monitor's indicators, notes what crossed a threshold, and pages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import SYSTEM
from service.clock import Clock
from service.db import Database
from service.db.leases import turn
from service.delivery import outbox
from service.delivery.render import instant_text
from service.errors import NotFound
from service.events import EventType
from service.indicators import repository
from service.indicators.board import IndicatorBoard, Reading
from service.indicators.definition import IndicatorId, Measured
from service.indicators.definitions import DEFINITIONS
from service.indicators.repository import Crossing, Standing
from service.indicators.surroundings import Surroundings
from service.indicators.threshold import Level, Look, Threshold, next_level
from service.indicators.window import Earlier, Window
from service.monitors import Monitor
from service.stores import StoreError

LEASE = "indicator_watch"
EVERY = timedelta(hours=1)
_AFTER_START = timedelta(minutes=5)

log = structlog.get_logger(__name__)


class IndicatorWatch:
    """Looks every hour, at windows that end at the time of the look."""

    name = "indicators"

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        board: IndicatorBoard,
        surroundings: Surroundings,
        owner: str,
    ) -> None:
        self._database = database
        self._clock = clock
        self._board = board
        self._surroundings = surroundings
        self._owner = owner
        self._due = clock.now() + _AFTER_START

    async def next_at(self) -> datetime | None:
        return self._due

    async def run(self, now: datetime) -> int:
        """Answers how many levels were crossed."""
        self._due = now + EVERY
        async with turn(self._database, LEASE, owner=self._owner, now=self._clock.now) as mine:
            if not mine:
                return 0
            async with self._database.write(quiet=True) as connection:
                await repository.forget_deleted(connection)
            crossed = 0
            for monitor in await self._surroundings.enabled():
                try:
                    crossed += await self._look(monitor, now)
                except (StoreError, NotFound) as error:
                    log.warning("indicators.not_seen", monitor=monitor.id, reason=str(error))
            return crossed

    async def _look(self, monitor: Monitor, now: datetime) -> int:
        async with self._database.read() as connection:
            thresholds = await repository.thresholds(connection, monitor.id)
        by_length: defaultdict[timedelta, list[IndicatorId]] = defaultdict(list)
        for item in IndicatorId:
            by_length[DEFINITIONS[item].watched].append(item)
        looked: dict[IndicatorId, tuple[Look, Window]] = {}
        for length, indicators in by_length.items():
            window = Window(since=now - length, until=now)
            readings = await self._board.readings(
                SYSTEM,
                monitor.id,
                window,
                indicators=indicators,
                compared={Earlier.PREVIOUS}
                if any(thresholds[item].measured is Measured.CHANGE for item in indicators)
                else (),
            )
            for reading in readings:
                look = look_of(reading, thresholds[reading.indicator])
                looked[reading.indicator] = (look, window)
        async with self._database.write(quiet=True) as connection:
            return await self._note(connection, monitor, thresholds, looked, now)

    async def _note(
        self,
        connection: AsyncConnection,
        monitor: Monitor,
        thresholds: Mapping[IndicatorId, Threshold],
        looked: Mapping[IndicatorId, tuple[Look, Window]],
        now: datetime,
    ) -> int:
        standings = await repository.standings(connection, monitor.id)
        crossed = 0
        for indicator, (look, window) in looked.items():
            held = standings.get(indicator)
            before = Level.NONE if held is None else held.level
            after = next_level(before, look, thresholds[indicator])
            await repository.put_standing(
                connection,
                monitor.id,
                Standing(
                    indicator=indicator,
                    level=after,
                    since=now if held is None or after is not before else held.since,
                    looked_at=now,
                    value=look.value,
                    n=look.n,
                ),
            )
            if after is before:
                continue
            crossed += 1
            crossing = Crossing(
                monitor=monitor.id,
                indicator=indicator,
                at=now,
                before=before,
                after=after,
                measured=thresholds[indicator].measured,
                value=look.value,
                n=look.n,
                window=window,
                paged=thresholds[indicator].alert and after.rank > before.rank,
            )
            await repository.add_crossing(connection, crossing)
            log.info("indicators.crossed", monitor=monitor.id, indicator=indicator, level=after)
            if crossing.paged:
                await _page(connection, monitor, crossing)
        return crossed


def look_of(reading: Reading, threshold: Threshold) -> Look:
    """What thresholds are compared with: the value, or its change since the window before."""
    if threshold.measured is Measured.VALUE:
        return Look(value=reading.figure.value, n=reading.figure.n)
    before = reading.before[Earlier.PREVIOUS]
    return Look(value=before.ratio, n=reading.figure.n)


async def _page(connection: AsyncConnection, monitor: Monitor, crossing: Crossing) -> None:
    """Tell the channels. Their minimum tier is compared with the rank of the level."""
    defined = DEFINITIONS[crossing.indicator]
    data = {
        "indicator": {
            "id": crossing.indicator,
            "name": dict(defined.name),
            "monitor": monitor.id,
            "monitor_name": monitor.name,
            "level": crossing.after,
            "before": crossing.before,
            "measured": crossing.measured,
            "value": crossing.value,
            "unit": defined.unit,
            "n": crossing.n,
            "since": crossing.window.since,
            "until": crossing.window.until,
        }
    }
    await outbox.enqueue(
        connection,
        type=EventType.INDICATOR_CROSSED,
        occurred_at=crossing.at,
        incident_id=None,
        tier_rank=crossing.after.rank,
        drill=False,
        data=data,
        parts=[monitor.id, crossing.indicator.value, instant_text(crossing.at)],
    )
