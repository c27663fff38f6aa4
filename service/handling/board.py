"""The measures of handling, read: a table by tier, scenario and team, and crisis by crisis."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import Library
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.complaints import ComplaintFigures, ComplaintReport
from service.db import Database
from service.errors import InvalidInput
from service.handling import figures, records
from service.handling.course import Axis, Handled, Wanted
from service.handling.definition import LEAST
from service.handling.figures import Row
from service.handling.pricing import Pricing
from service.indicators import Window
from service.risks import RateBook


@dataclass(frozen=True, slots=True, kw_only=True)
class HandlingTable:
    """`complaints` are None where a tier was asked for: complaints have none."""

    wanted: Wanted
    by: tuple[Axis, ...]
    least: int
    total: Row
    rows: tuple[Row, ...]
    complaints: ComplaintFigures | None


class HandlingBoard:
    """Nothing is kept: whatever changes is in the next answer."""

    def __init__(
        self,
        *,
        database: Database,
        clock: Clock,
        library: Library,
        pricing: Pricing,
        rates: RateBook,
        complaints: ComplaintReport,
    ) -> None:
        self._database = database
        self._clock = clock
        self._library = library
        self.pricing = pricing
        self._rates = rates
        self._complaints = complaints

    def wanted(
        self,
        principal: Principal,
        window: Window,
        *,
        monitor: str | None = None,
        scenario: str | None = None,
        tier: str | None = None,
    ) -> Wanted:
        """What somebody asks for, as far as they may see it. Raises Forbidden, InvalidInput."""
        principal.require(Action.READ, Resource.INDICATOR, monitor=monitor)
        for name, given, known in (
            ("scenario", scenario, sorted(self._library.scenarios)),
            ("tier", tier, self._library.tiers.ids),
        ):
            if given is not None and given not in known:
                message = f"one of {', '.join(known)}"
                raise InvalidInput(f"no {name} {given!r}: {message}", errors=[(name, message)])
        monitors = principal.monitors if monitor is None else {monitor}
        return Wanted(
            window=window, monitor=monitor, monitors=monitors, scenario=scenario, tier=tier
        )

    async def table(
        self, principal: Principal, wanted: Wanted, by: Collection[Axis], *, least: int = LEAST
    ) -> HandlingTable:
        """Figures of all crises asked for. `wanted` is of the same principal. Raises Forbidden."""
        principal.require(Action.READ, Resource.INDICATOR)
        now = self._clock.now()
        async with self._database.read() as connection:
            crises = await self._handled(connection, wanted, now=now)
        complaints = None
        if wanted.tier is None:
            complaints = await self._complaints.between(
                principal,
                since=wanted.window.since,
                until=wanted.window.until,
                monitor=wanted.monitor,
                scenario=wanted.scenario,
            )
        return HandlingTable(
            wanted=wanted,
            by=tuple(axis for axis in Axis if axis in by),
            least=least,
            total=figures.total(crises, now=now, least=least),
            rows=figures.rows(crises, by, now=now, least=least) if by else (),
            complaints=complaints,
        )

    async def page(
        self,
        principal: Principal,
        wanted: Wanted,
        *,
        after: records.Position | None = None,
        limit: int | None = None,
    ) -> tuple[Handled, ...]:
        """Crises one by one, newest first; `after` is opening and id of the last one before."""
        principal.require(Action.READ, Resource.INDICATOR)
        async with self._database.read() as connection:
            return await self._handled(
                connection, wanted, now=self._clock.now(), after=after, limit=limit
            )

    async def _handled(
        self,
        connection: AsyncConnection,
        wanted: Wanted,
        *,
        now: datetime,
        after: records.Position | None = None,
        limit: int | None = None,
    ) -> tuple[Handled, ...]:
        reckoning = records.Reckoning(
            pricing=self.pricing,
            rates=await self._rates.load(connection),
            day_of=self._rates.day_of,
        )
        return await records.handled(
            connection, wanted, money=reckoning, now=now, after=after, limit=limit
        )
