"""Two people at one entry, or one rate, on the engine where they may meet."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import delete

from service.db import Database, tables
from service.db.alone import Alone, alone
from service.errors import Conflict, InvalidInput
from service.recurring import KeptDuties, Planning
from service.risks import (
    Money,
    Rate,
    RateBook,
    Reviews,
    Risk,
    RiskDesk,
    RiskDraft,
    Stage,
    rows,
    shipped_formula,
)
from service.timers import Timers
from tests.support.clock import START, SteppingClock
from tests.support.database import open_database, postgres_url
from tests.support.incident_scene import LEAD, LEGAL

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(postgres_url() is None, reason="rows are locked on PostgreSQL only"),
]
ZONE = ZoneInfo("Asia/Shanghai")
NOTHING = Money(amount=Decimal(), currency="CNY")
DRAFT = RiskDraft(
    title="断供",
    description="",
    legal=1,
    user=2,
    technical=3,
    likelihood=4,
    loss=NOTHING,
    control_cost=NOTHING,
    compliance_cost=NOTHING,
    owner="usr_mei",
)

DOLLARS = replace(DRAFT, title="美元", loss=Money(amount=Decimal(1), currency="USD"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    database: Database
    desk: RiskDesk
    rates: RateBook
    risk: Risk

    @asynccontextmanager
    async def taking_away(self, day: date) -> AsyncIterator[None]:
        """Somebody takes a rate of USD away: it is gone for others when this ends."""
        table = tables.exchange_rate
        async with self.database.write() as connection:
            await alone(connection, Alone.CHANGE_RATES)
            await connection.execute(delete(table).where(table.c.day == day.isoformat()))
            yield


@pytest.fixture
async def place(clock: SteppingClock, tmp_path: Path) -> AsyncIterator[Place]:
    async with open_database("postgres", tmp_path) as database:
        async with database.write() as connection:
            await connection.execute(
                tables.user.insert().values(
                    id="usr_mei",
                    name="mei",
                    password_hash="none",
                    roles=[],
                    must_change_password=False,
                    disabled=False,
                    failures=0,
                    created_at=START,
                    version=1,
                )
            )
        planning = Planning(timers=Timers(), clock=clock, works_on=lambda _: True)
        reviews = Reviews(
            kept=KeptDuties("risk", planning=planning), policy=shipped_formula().review, zone=ZONE
        )
        rates = RateBook(database, clock, reporting="CNY", zone=ZONE)
        desk = RiskDesk(database, clock, reviews=reviews, rates=rates, scenarios=())
        risk = await desk.create(LEAD, DRAFT)
        yield Place(database=database, desk=desk, rates=rates, risk=risk)


async def test_one_of_two_who_read_the_same_version_is_told(place: Place) -> None:
    moves = [
        place.desk.move(who, place.risk.id, Stage.DO, note="x", version=1) for who in (LEAD, LEGAL)
    ]
    found = await asyncio.gather(*moves, return_exceptions=True)
    assert sorted(type(item).__name__ for item in found) == ["Conflict", "Risk"]
    async with place.database.read() as connection:
        known = await rows.changes(connection, place.risk.id, limit=9)
    assert [item.version for item in known] == [2, 1]


async def test_two_reviews_at_once_make_one_round_good(place: Place, clock: SteppingClock) -> None:
    clock.step(days=90)
    reviews = [
        place.desk.review(who, place.risk.id, note="x", evidence=None) for who in (LEAD, LEGAL)
    ]
    await asyncio.gather(*reviews)
    async with place.database.read() as connection:
        found = await rows.changes(connection, place.risk.id, limit=9)
    assert [item.data["round"] is None for item in found[:2]] == [True, False]


async def test_of_two_who_enter_a_new_rate_one_is_told(place: Place) -> None:
    async def put(worth: str) -> Rate:
        return await place.rates.put(
            LEAD, "USD", date(2024, 2, 1), rate=Decimal(worth), origin="x", version=0
        )

    found = await asyncio.gather(put("7"), put("8"), return_exceptions=True)
    assert sum(isinstance(item, Conflict) for item in found) == 1


async def test_two_who_take_rates_away_leave_the_last_one(place: Place) -> None:
    first, second = date(2024, 2, 1), date(2024, 2, 2)
    for day in (first, second):
        await place.rates.put(LEAD, "USD", day, rate=Decimal(7), origin="x")
    await place.desk.create(LEAD, DOLLARS)
    async with place.taking_away(first):
        removing = asyncio.create_task(place.rates.remove(LEAD, "USD", second))
        await asyncio.sleep(0.3)
    with pytest.raises(Conflict, match="the only one"):
        await removing


async def test_an_entry_waits_for_whoever_takes_its_rate_away(place: Place) -> None:
    day = date(2024, 2, 1)
    await place.rates.put(LEAD, "USD", day, rate=Decimal(7), origin="x")
    async with place.taking_away(day):
        entering = asyncio.create_task(place.desk.create(LEAD, DOLLARS))
        await asyncio.sleep(0.3)
    with pytest.raises(InvalidInput):
        await entering
