"""Rates of exchange, entered by hand: each counts from its day on until the next one."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Row, delete, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from service import audit
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.db.alone import Alone, alone
from service.db.statement import insert
from service.db.storable import storable
from service.db.tables import exchange_rate
from service.delivery.channels.escaping import plain
from service.errors import Conflict, InvalidInput, NotFound
from service.oncall.model import in_reach
from service.risks import rows
from service.risks.model import MONEY
from service.risks.money import CURRENCY, Rate, Rates

_ORIGIN_MAX = 500
_RATE = r"[0-9]{1,9}(\.[0-9]{1,10})?"
_TABLE = exchange_rate


class RateBook:
    """The rates that lead to the reporting currency; those to another one stay, and do not count.

    A rate of a past day changes what that day's money comes to, and so is in the audit trail.
    """

    def __init__(self, database: Database, clock: Clock, *, reporting: str, zone: ZoneInfo) -> None:
        self._database = database
        self._clock = clock
        self.reporting = reporting
        self.zone = zone

    def day_of(self, at: datetime) -> date:
        """The local day of an instant."""
        return at.astimezone(self.zone).date()

    async def load(self, connection: AsyncConnection) -> Rates:
        """All that count."""
        found = await connection.execute(select(_TABLE).where(_TABLE.c.reporting == self.reporting))
        return Rates(self.reporting, (_rate(row) for row in found))

    async def held(self, connection: AsyncConnection) -> Rates:
        """The same, and nobody takes one of them away before this transaction ends."""
        await alone(connection, Alone.CHANGE_RATES)
        return await self.load(connection)

    async def page(
        self, principal: Principal, *, after: tuple[str, str] | None, limit: int
    ) -> tuple[Rate, ...]:
        """By currency and day; `after` is the last (currency, day) of the page before."""
        principal.require(Action.READ, Resource.RISK)
        query = select(_TABLE).where(_TABLE.c.reporting == self.reporting)
        if after is not None:
            query = query.where(tuple_(_TABLE.c.currency, _TABLE.c.day) > tuple_(*after))
        query = query.order_by(_TABLE.c.currency, _TABLE.c.day).limit(limit)
        async with self._database.read() as connection:
            return tuple(_rate(row) for row in await connection.execute(query))

    async def put(
        self,
        principal: Principal,
        currency: str,
        day: date,
        *,
        rate: Decimal,
        origin: str,
        version: int | None = None,
    ) -> Rate:
        """Enter one, or correct the one of that day; said twice is said once.

        Raises Forbidden, InvalidInput, Conflict, and NotFound for a version of what is not there.
        """
        principal.require(Action.EDIT, Resource.RISK)
        now = self._clock.now()
        self._check(currency, day, rate=rate, origin=origin, today=self.day_of(now))
        kept = {"rate": f"{rate:f}", "origin": storable(origin.strip())}
        stamp = {"by": principal.id, "at": now}
        async with self._database.write() as connection:
            inserted = await connection.execute(
                insert(connection, _TABLE)
                .values(
                    reporting=self.reporting,
                    currency=currency,
                    day=day.isoformat(),
                    version=1,
                    **kept,
                    **stamp,
                )
                .on_conflict_do_nothing(index_elements=["reporting", "currency", "day"])
            )
            before = None
            if inserted.rowcount == 1 and version not in (None, 0):
                raise NotFound(f"there is no rate of {currency} on {day} yet, at any version")
            if inserted.rowcount != 1:
                row = await self._get(connection, currency, day)
                self._check_version(row, version)
                if (row.rate, row.origin) == (kept["rate"], kept["origin"]):
                    return _rate(row)
                before = row.rate
                await connection.execute(
                    update(_TABLE)
                    .where(*self._key(currency, day))
                    .values(version=row.version + 1, **kept, **stamp)
                )
            await self._tell(
                connection, principal, "risk_rate.put", currency, day, now, before=before, **kept
            )
            return _rate(await self._get(connection, currency, day))

    async def remove(
        self, principal: Principal, currency: str, day: date, *, version: int | None = None
    ) -> None:
        """Take one away that should not be there.

        Raises Forbidden, NotFound, Conflict for another version or where an entry has need of it.
        """
        principal.require(Action.DELETE, Resource.RISK)
        now = self._clock.now()
        async with self._database.write() as connection:
            # Two who take the last two away must not both see the other's.
            await alone(connection, Alone.CHANGE_RATES)
            row = await self._get(connection, currency, day)
            self._check_version(row, version)
            await connection.execute(delete(_TABLE).where(*self._key(currency, day)))
            left = await self.load(connection)
            today = self.day_of(now)
            needing = [
                risk.id
                for risk in await rows.every(connection)
                if not risk.retired
                and any(getattr(risk.draft, name).currency == currency for name in MONEY)
            ]
            if needing and left.on(currency, today) is None:
                raise Conflict(
                    f"the rate of {currency} on {day} is the only one for {', '.join(needing[:5])}"
                    f"{' and others' if len(needing) > 5 else ''}: enter the right one first"
                )
            await self._tell(
                connection, principal, "risk_rate.removed", currency, day, now, before=row.rate
            )

    def _check(self, currency: str, day: date, *, rate: Decimal, origin: str, today: date) -> None:
        wrong = []
        if not re.fullmatch(CURRENCY, currency):
            wrong.append(("currency", "three letters of ISO 4217, such as USD"))
        elif currency == self.reporting:
            wrong.append(("currency", f"{currency} is the reporting currency itself"))
        if not in_reach(day.year) or day > today:
            wrong.append(("day", f"a day from 2000 on that has begun: today is {today}"))
        if not (rate.is_finite() and rate > 0 and re.fullmatch(_RATE, f"{rate:f}")):
            said = f"what one unit of {currency} is worth in {self.reporting}, above zero"
            wrong.append(("rate", f"{said}; at most 9 digits, and 10 behind the point"))
        if not plain(origin) or len(origin.strip()) > _ORIGIN_MAX:
            wrong.append(("origin", f"say where the rate is from, in at most {_ORIGIN_MAX}"))
        if wrong:
            raise InvalidInput("this is no rate of exchange", errors=wrong)

    def _check_version(self, row: Row[Any], version: int | None) -> None:
        if version is not None and version != row.version:
            raise Conflict(
                f"the rate of {row.currency} on {row.day} is at version {row.version}, not "
                f"{version}: {row.by} wrote {row.rate}; reload and retry"
            )

    def _key(self, currency: str, day: date) -> tuple[Any, ...]:
        return (
            _TABLE.c.reporting == self.reporting,
            _TABLE.c.currency == currency,
            _TABLE.c.day == day.isoformat(),
        )

    async def _get(self, connection: AsyncConnection, currency: str, day: date) -> Row[Any]:
        query = select(_TABLE).where(*self._key(currency, day)).with_for_update()
        row = (await connection.execute(query)).first()
        if row is None:
            raise NotFound(f"there is no rate from {currency} to {self.reporting} of {day}")
        return row

    async def _tell(
        self,
        connection: AsyncConnection,
        principal: Principal,
        action: str,
        currency: str,
        day: date,
        now: datetime,
        **data: Any,
    ) -> None:
        await audit.record(
            connection,
            at=now,
            actor=principal.id,
            action=action,
            subject_type="risk_rate",
            subject_id=f"{currency}-{day}",
            data={"reporting": self.reporting, **data},
        )


def _rate(row: Row[Any]) -> Rate:
    return Rate(
        reporting=row.reporting,
        currency=row.currency,
        day=date.fromisoformat(row.day),
        rate=Decimal(row.rate),
        origin=row.origin,
        by=row.by,
        version=row.version,
    )
