from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import func, select

from service.db import Database
from service.db.tables import account_signal
from service.moderation.accounts import FORGOTTEN_AFTER, Accounts
from service.moderation.policies import Indicator
from tests.support.clock import SteppingClock


async def test_an_author_without_a_past_is_missing(
    database: Database, clock: SteppingClock
) -> None:
    accounts = Accounts(database, clock=clock)
    assert await accounts.counts(["au_1"]) == {}
    assert await accounts.counts([]) == {}


async def test_events_add_up_and_fade(database: Database, clock: SteppingClock) -> None:
    accounts = Accounts(database, clock=clock)
    for _ in range(2):
        async with database.write() as connection:
            await accounts.add(
                connection,
                {("au_1", Indicator.COPY): 3.0, ("au_2", Indicator.BURST): 1.0},
                at=clock.now(),
            )
        clock.step(days=14)
    found = await accounts.counts(["au_1", "au_2", "au_3"])
    assert found["au_1"] == pytest.approx({Indicator.COPY: 3 * 0.25 + 3 * 0.5})
    assert found["au_2"] == pytest.approx({Indicator.BURST: 0.75})
    assert "au_3" not in found


async def test_a_verdict_is_one_event(database: Database, clock: SteppingClock) -> None:
    accounts = Accounts(database, clock=clock)
    async with database.write() as connection:
        await accounts.note(connection, "au_1", Indicator.APPEAL_WON, at=clock.now())
    assert await accounts.counts(["au_1"]) == {"au_1": pytest.approx({Indicator.APPEAL_WON: 1.0})}


async def test_events_counted_at_once_are_all_counted(
    database: Database, clock: SteppingClock
) -> None:
    accounts = Accounts(database, clock=clock)

    async def add() -> None:
        async with database.write() as connection:
            events = {("au_1", Indicator.COPY): 1.0, ("au_2", Indicator.COPY): 1.0}
            await accounts.add(connection, events, at=clock.now())

    await asyncio.gather(*(add() for _ in range(8)))
    found = await accounts.counts(["au_1", "au_2"])
    assert found["au_1"][Indicator.COPY] == pytest.approx(8)
    assert found["au_2"][Indicator.COPY] == pytest.approx(8)


async def test_an_indicator_of_another_version_is_left_aside(
    database: Database, clock: SteppingClock
) -> None:
    async with database.write() as connection:
        await connection.execute(
            account_signal.insert().values(
                author="au_1", indicator="charm", mass=1.0, updated_at=clock.now()
            )
        )
    assert await Accounts(database, clock=clock).counts(["au_1"]) == {}


async def test_what_has_faded_is_forgotten(database: Database, clock: SteppingClock) -> None:
    accounts = Accounts(database, clock=clock)
    async with database.write() as connection:
        await accounts.note(connection, "au_1", Indicator.COPY, at=clock.now())
    clock.advance_to(clock.now() + FORGOTTEN_AFTER)
    async with database.write() as connection:
        await accounts.note(connection, "au_2", Indicator.COPY, at=clock.now())
        assert await accounts.forget(connection, now=clock.step(seconds=1)) == 1
    async with database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(account_signal)) == 1
