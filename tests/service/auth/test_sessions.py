from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from service.auth import SYSTEM, BadCredentials, Role, Sessions, User, Users
from service.db import Database
from service.db.tables import login_session
from service.db.tables import user as accounts
from tests.support.clock import SteppingClock


@pytest.fixture
def sessions(database: Database, clock: SteppingClock) -> Sessions:
    return Sessions(database, clock, idle=timedelta(hours=2), absolute=timedelta(hours=8))


@pytest.fixture
async def user(users: Users) -> User:
    return (await users.create(SYSTEM, name="lin", roles=[Role.VIEWER])).user


async def count(database: Database) -> int:
    async with database.read() as connection:
        found = await connection.scalar(select(func.count()).select_from(login_session))
    return found or 0


async def test_a_token_leads_to_its_user(sessions: Sessions, user: User) -> None:
    session = await sessions.resolve(await sessions.start(user))
    assert session.user == user
    assert session.principal.name == "lin"


async def test_a_made_up_token_is_refused(sessions: Sessions) -> None:
    with pytest.raises(BadCredentials, match="sign in again"):
        await sessions.resolve("x\ud800")


async def test_a_session_sleeps_in(sessions: Sessions, user: User, clock: SteppingClock) -> None:
    token = await sessions.start(user)
    clock.step(minutes=90)
    await sessions.resolve(token)
    clock.step(minutes=90)
    await sessions.resolve(token)
    clock.step(hours=2)
    with pytest.raises(BadCredentials):
        await sessions.resolve(token)


async def test_a_session_ends_in_any_case(
    sessions: Sessions, user: User, clock: SteppingClock
) -> None:
    token = await sessions.start(user)
    for _ in range(7):
        clock.step(hours=1)
        await sessions.resolve(token)
    clock.step(hours=1)
    with pytest.raises(BadCredentials):
        await sessions.resolve(token)


async def test_roles_are_those_of_the_moment(sessions: Sessions, users: Users, user: User) -> None:
    token = await sessions.start(user)
    await users.set_roles(SYSTEM, user.id, roles=[Role.LEAD], version=1)
    assert (await sessions.resolve(token)).principal.roles == {Role.LEAD}


async def test_an_account_closed_this_moment_is_refused(
    database: Database, sessions: Sessions, user: User
) -> None:
    token = await sessions.start(user)
    async with database.write() as connection:
        await connection.execute(update(accounts).values(disabled=True))
    with pytest.raises(BadCredentials):
        await sessions.resolve(token)


async def test_signing_out_ends_one_session(sessions: Sessions, user: User) -> None:
    one, other = await sessions.start(user), await sessions.start(user)
    await sessions.end(one)
    with pytest.raises(BadCredentials):
        await sessions.resolve(one)
    assert await sessions.resolve(other)


async def test_signing_out_everywhere(sessions: Sessions, user: User) -> None:
    one, other = await sessions.start(user), await sessions.start(user)
    await sessions.end_all(user.id)
    for token in (one, other):
        with pytest.raises(BadCredentials):
            await sessions.resolve(token)


async def test_ended_sessions_are_forgotten(
    database: Database, sessions: Sessions, user: User, clock: SteppingClock
) -> None:
    await sessions.start(user)
    clock.step(hours=2)
    await sessions.start(user)
    assert await sessions.prune() == 1
    assert await count(database) == 1
