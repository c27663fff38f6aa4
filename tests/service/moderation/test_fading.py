"""Old account scores go by themselves."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from service.db import Database
from service.db.tables import account_signal
from service.jobs import advance
from service.moderation.accounts import FORGOTTEN_AFTER, Accounts
from service.moderation.fading import EVERY, FadedAccounts
from service.moderation.policies import Indicator
from tests.support.clock import START, SteppingClock


async def authors(database: Database) -> list[str]:
    async with database.read() as connection:
        return list(await connection.scalars(select(account_signal.c.author)))


async def note(accounts: Accounts, database: Database, author: str, clock: SteppingClock) -> None:
    async with database.write() as connection:
        await accounts.note(connection, author, Indicator.COPY, at=clock.now())


async def test_a_counter_goes_when_it_has_faded_and_not_before(
    database: Database, clock: SteppingClock
) -> None:
    accounts = Accounts(database, clock=clock)
    job = FadedAccounts(database, clock=clock, accounts=accounts)
    await note(accounts, database, "au_old", clock)
    clock.step(days=1)
    await note(accounts, database, "au_new", clock)

    await advance(clock, (job,), START + FORGOTTEN_AFTER)
    assert set(await authors(database)) == {"au_old", "au_new"}

    assert await advance(clock, (job,), START + FORGOTTEN_AFTER + EVERY) == 1
    assert await authors(database) == ["au_new"]


async def test_it_looks_once_an_hour(database: Database, clock: SteppingClock) -> None:
    job = FadedAccounts(database, clock=clock, accounts=Accounts(database, clock=clock))
    assert await job.next_at() == START
    assert await job.run(START) == 0
    assert await job.next_at() == START + timedelta(hours=1)
