"""How well complaints are answered: figures of real ones, practice and what was none left out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from service.auth import Action, Principal, Resource
from service.clock import Clock as ServiceClock
from service.complaints.lifecycle import Clock, State
from service.db import Database, tables
from service.errors import InvalidInput

_COMPLAINT = tables.complaint
_CLOCK = tables.complaint_clock
_LONGEST = timedelta(days=3 * 366)
_PROMOTER, _DETRACTOR = 9, 6
"""Who gives 9 or 10 recommends us, who gives 0 to 6 warns of us."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One clock over many complaints. `median` and `p90` are of those that were met.

    `due` are those that were met or have run out; what still runs in time is not counted.
    """

    due: int
    in_time: int
    share: float | None
    median: timedelta | None
    p90: timedelta | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComplaintFigures:
    """Of complaints opened in [since, until). `csat` is a mean in [1, 5], `nps` in [-100, 100]."""

    since: datetime
    until: datetime
    opened: int
    waiting: int
    overdue: int
    settled: int
    reopened: int
    disputed: int
    dismissed: int
    clocks: Mapping[Clock, Kept]
    rated: int
    csat: float | None
    nps_rated: int
    nps: float | None


class ComplaintReport:
    """Reads and counts."""

    def __init__(self, *, database: Database, clock: ServiceClock) -> None:
        self._database = database
        self._clock = clock

    async def between(
        self,
        principal: Principal,
        *,
        since: datetime,
        until: datetime | None = None,
        monitor: str | None = None,
        scenario: str | None = None,
    ) -> ComplaintFigures:
        """The figures of complaints opened since; `until` None: up to now.

        Raises Forbidden, InvalidInput for a time that is empty or longer than three years.
        """
        principal.require(Action.READ, Resource.COMPLAINT, monitor=monitor)
        now = self._clock.now()
        empty = until is not None and until <= since
        if empty or (until or now) - since > _LONGEST:
            raise InvalidInput(
                "this time cannot be read",
                errors=[("since", f"before until, at most {_LONGEST.days} days")],
            )
        of = [_COMPLAINT.c.opened_at >= since, _COMPLAINT.c.drill.is_(False)]
        if until is not None:
            of.append(_COMPLAINT.c.opened_at < until)
        if monitor is not None:
            of.append(_COMPLAINT.c.monitor_id == monitor)
        elif principal.monitors is not None:
            of.append(_COMPLAINT.c.monitor_id.in_(sorted(principal.monitors)))
        if scenario is not None:
            of.append(_COMPLAINT.c.scenario == scenario)
        real = [*of, _COMPLAINT.c.state != State.DISMISSED.value]
        async with self._database.read() as connection:
            dismissed = await _count(connection, *of, _COMPLAINT.c.state == State.DISMISSED.value)
            running = [*real, _COMPLAINT.c.resting == 0]
            ratings = await _ratings(connection, real)
            csat = [value for value, _ in ratings if value is not None]
            nps = [value for _, value in ratings if value is not None]
            opened, waiting = await _count(connection, *real), await _count(connection, *running)
            return ComplaintFigures(
                since=since,
                until=until or now,
                opened=opened,
                waiting=waiting,
                overdue=await _count(connection, *running, _COMPLAINT.c.due_at <= now),
                settled=opened - waiting,
                reopened=await _count(connection, *real, _COMPLAINT.c.reopened > 0),
                disputed=await _count(connection, *real, _COMPLAINT.c.disputed > 0),
                dismissed=dismissed,
                clocks={clock: await _kept(connection, clock, real, now=now) for clock in Clock},
                rated=len(csat),
                csat=round(sum(csat) / len(csat), 2) if csat else None,
                nps_rated=len(nps),
                nps=net_promoters(nps),
            )


def net_promoters(given: Sequence[int]) -> float | None:
    """The share of promoters less that of detractors, in per cent; None where nobody was asked."""
    if not given:
        return None
    promoters = sum(value >= _PROMOTER for value in given)
    detractors = sum(value <= _DETRACTOR for value in given)
    return round(100 * (promoters - detractors) / len(given), 1)


def nearest_rank(sorted_values: Sequence[timedelta], share: float) -> timedelta | None:
    """The smallest value that so large a share of the values does not exceed."""
    if not sorted_values:
        return None
    place = max(1, -(-int(share * 100) * len(sorted_values) // 100))
    return sorted_values[place - 1]


async def _count(connection: AsyncConnection, *where: ColumnElement[bool]) -> int:
    found = await connection.scalar(select(func.count()).select_from(_COMPLAINT).where(*where))
    return int(found or 0)


async def _ratings(
    connection: AsyncConnection, of: Sequence[ColumnElement[bool]]
) -> list[tuple[int | None, int | None]]:
    rows = await connection.execute(
        select(_COMPLAINT.c.csat, _COMPLAINT.c.nps).where(*of).order_by(_COMPLAINT.c.id)
    )
    return [(row.csat, row.nps) for row in rows]


async def _kept(
    connection: AsyncConnection,
    clock: Clock,
    of: Sequence[ColumnElement[bool]],
    *,
    now: datetime,
) -> Kept:
    rows = (
        await connection.execute(
            select(_CLOCK.c.started_at, _CLOCK.c.due_at, _CLOCK.c.met_at)
            .join(_COMPLAINT, _COMPLAINT.c.id == _CLOCK.c.complaint_id)
            .where(*of, _CLOCK.c.clock == clock.value, _CLOCK.c.dropped_at.is_(None))
            .order_by(_CLOCK.c.started_at)
        )
    ).all()
    over = [row for row in rows if row.met_at is not None or row.due_at <= now]
    in_time = sum(row.met_at is not None and row.met_at <= row.due_at for row in over)
    taken = sorted(row.met_at - row.started_at for row in over if row.met_at is not None)
    return Kept(
        due=len(over),
        in_time=in_time,
        share=round(in_time / len(over), 4) if over else None,
        median=median(taken) if taken else None,
        p90=nearest_rank(taken, 0.9),
    )
