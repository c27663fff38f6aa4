from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from argon2 import PasswordHasher

from service.auth import SYSTEM, BadCredentials, Passwords, SignIn, Users
from service.auth.sign_in import FREE_TRIES, lock_after
from service.db import Database
from service.errors import InvalidInput
from tests.support.clock import SteppingClock


@pytest.fixture
async def password(users: Users) -> str:
    return (await users.create(SYSTEM, name="lin", roles=[])).password


async def fail(sign_in: SignIn, times: int) -> None:
    for _ in range(times):
        with pytest.raises(BadCredentials):
            await sign_in.authenticate("lin", "wrong")


@pytest.mark.parametrize(
    ("failures", "expected"),
    [
        (0, None),
        (4, None),
        (5, timedelta(minutes=1)),
        (6, timedelta(minutes=2)),
        (10, timedelta(minutes=32)),
        (11, timedelta(hours=1)),
        (10_000, timedelta(hours=1)),
    ],
)
def test_locks_grow_to_an_hour(failures: int, expected: timedelta | None) -> None:
    assert lock_after(failures) == expected


async def test_refusals_do_not_say_why(sign_in: SignIn, password: str) -> None:
    with pytest.raises(BadCredentials) as unknown:
        await sign_in.authenticate("nobody", password)
    with pytest.raises(BadCredentials) as wrong:
        await sign_in.authenticate("lin", "wrong")
    assert unknown.value.detail == wrong.value.detail


async def test_a_locked_account_refuses_the_right_password(
    sign_in: SignIn, password: str, clock: SteppingClock
) -> None:
    await fail(sign_in, FREE_TRIES)
    with pytest.raises(BadCredentials):
        await sign_in.authenticate("lin", password)
    clock.step(minutes=1)
    assert (await sign_in.authenticate("lin", password)).locked_until is None


async def test_a_right_password_starts_the_count_anew(sign_in: SignIn, password: str) -> None:
    await fail(sign_in, FREE_TRIES - 1)
    await sign_in.authenticate("lin", password)
    await fail(sign_in, FREE_TRIES - 1)
    assert await sign_in.authenticate("lin", password)


async def test_tries_at_once_cannot_outrun_the_lock(sign_in: SignIn, password: str) -> None:
    tries = [sign_in.authenticate("lin", "wrong") for _ in range(FREE_TRIES)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    assert all(isinstance(outcome, BadCredentials) for outcome in outcomes)
    with pytest.raises(BadCredentials):
        await sign_in.authenticate("lin", password)


async def test_a_changed_password_is_the_only_one(
    users: Users, sign_in: SignIn, password: str
) -> None:
    user = await sign_in.authenticate("lin", password)
    await sign_in.change_password(user.id, old=password, new="一二三四五六七八九十")
    with pytest.raises(BadCredentials):
        await sign_in.authenticate("lin", password)
    changed = await sign_in.authenticate("lin", "一二三四五六七八九十")
    assert not changed.must_change_password


async def test_changing_takes_the_old_password(
    sign_in: SignIn, users: Users, password: str
) -> None:
    user = await users.find("lin")
    assert user is not None
    with pytest.raises(BadCredentials):
        await sign_in.change_password(user.id, old="wrong", new="一二三四五六七八九十")


async def test_a_new_password_is_not_weak_and_not_the_old(
    sign_in: SignIn, users: Users, password: str
) -> None:
    user = await users.find("lin")
    assert user is not None
    with pytest.raises(InvalidInput, match="at least"):
        await sign_in.change_password(user.id, old=password, new="short")
    with pytest.raises(InvalidInput, match="is the old one"):
        await sign_in.change_password(user.id, old=password, new=password)


async def test_signing_in_renews_a_weak_hash(
    database: Database, clock: SteppingClock, password: str
) -> None:
    stronger = Passwords(PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    renewing = SignIn(database, clock, stronger)
    assert await renewing.authenticate("lin", password)
    assert await renewing.authenticate("lin", password)
