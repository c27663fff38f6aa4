from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from service.audit import entries
from service.auth import SYSTEM, BadCredentials, Principal, Role, Sessions, SignIn, Users
from service.db import Database
from service.errors import Conflict, Forbidden, InvalidInput, NotFound
from tests.support.clock import SteppingClock


async def actions(database: Database) -> list[str]:
    async with database.read() as connection:
        return [entry.action for entry in (await entries(connection)).items]


async def test_the_first_admin_is_made_once(users: Users) -> None:
    first = await users.first_admin()
    assert first is not None
    assert Role.ADMIN in first.user.roles
    assert first.user.must_change_password
    assert await users.first_admin() is None


async def test_a_new_account_signs_in_with_its_one_time_password(
    users: Users, sign_in: SignIn
) -> None:
    made = await users.create(SYSTEM, name="lin.mei", roles=[Role.RESPONDER])
    user = await sign_in.authenticate("lin.mei", made.password)
    assert user.id == made.user.id
    assert user.last_sign_in_at is not None
    assert user.principal.roles == {Role.RESPONDER}


async def test_names_are_taken_once_whatever_their_case(users: Users) -> None:
    await users.create(SYSTEM, name="Lin", roles=[])
    with pytest.raises(Conflict, match="already"):
        await users.create(SYSTEM, name="lin", roles=[])


@pytest.mark.parametrize("name", ["", "a b", "x" * 65, "a\n"])
async def test_odd_names_are_refused(users: Users, name: str) -> None:
    with pytest.raises(InvalidInput, match="not a name"):
        await users.create(SYSTEM, name=name, roles=[])


async def test_only_an_admin_makes_accounts(users: Users, person: Callable[..., Principal]) -> None:
    with pytest.raises(Forbidden):
        await users.create(person(Role.LEAD), name="x", roles=[])
    made = await users.create(person(Role.ADMIN), name="x", roles=[])
    assert made.user.name == "x"


async def test_a_reset_replaces_the_password_and_unlocks(users: Users, sign_in: SignIn) -> None:
    made = await users.create(SYSTEM, name="lin", roles=[])
    for _ in range(5):
        with pytest.raises(BadCredentials):
            await sign_in.authenticate("lin", "wrong")
    fresh = await users.reset(SYSTEM, made.user.id)
    with pytest.raises(BadCredentials):
        await sign_in.authenticate("lin", made.password)
    assert (await sign_in.authenticate("lin", fresh.password)).must_change_password


async def test_a_disabled_account_is_shut_out_and_its_sessions_end(
    database: Database, clock: SteppingClock, users: Users, sign_in: SignIn
) -> None:
    made = await users.create(SYSTEM, name="lin", roles=[Role.VIEWER])
    sessions = Sessions(database, clock, idle=timedelta(hours=1), absolute=timedelta(hours=8))
    token = await sessions.start(made.user)
    await users.set_disabled(SYSTEM, made.user.id, disabled=True)
    with pytest.raises(BadCredentials):
        await sign_in.authenticate("lin", made.password)
    with pytest.raises(BadCredentials):
        await sessions.resolve(token)
    await users.set_disabled(SYSTEM, made.user.id, disabled=False)
    assert await sign_in.authenticate("lin", made.password)


async def test_the_last_admin_stays(users: Users) -> None:
    first = await users.first_admin()
    assert first is not None
    with pytest.raises(Conflict, match="last admin"):
        await users.set_disabled(SYSTEM, first.user.id, disabled=True)
    with pytest.raises(Conflict, match="last admin"):
        await users.set_roles(SYSTEM, first.user.id, roles=[Role.VIEWER], version=1)
    second = await users.create(SYSTEM, name="second", roles=[Role.ADMIN])
    assert (await users.set_disabled(SYSTEM, first.user.id, disabled=True)).disabled
    with pytest.raises(Conflict, match="last admin"):
        await users.set_disabled(SYSTEM, second.user.id, disabled=True)


async def test_roles_change_at_the_version_that_was_read(users: Users) -> None:
    made = await users.create(SYSTEM, name="lin", roles=[Role.VIEWER])
    changed = await users.set_roles(SYSTEM, made.user.id, roles=[Role.LEAD, Role.ADMIN], version=1)
    assert changed.roles == (Role.ADMIN, Role.LEAD)
    with pytest.raises(Conflict, match="version 2, not 1"):
        await users.set_roles(SYSTEM, made.user.id, roles=[], version=1)


async def test_unknown_users_are_named(users: Users) -> None:
    with pytest.raises(NotFound, match="usr_none"):
        await users.get("usr_none")
    assert await users.find("nobody") is None


async def test_users_are_listed_by_name(users: Users) -> None:
    for name in ("c", "a", "b"):
        await users.create(SYSTEM, name=name, roles=[])
    first = await users.page(limit=2)
    second = await users.page(limit=2, after=first.next)
    assert [user.name for user in (*first.items, *second.items)] == ["a", "b", "c"]
    assert second.next is None
    found = await users.find("b")
    assert found == await users.get(found.id if found else "")


async def test_every_change_is_audited(database: Database, users: Users) -> None:
    made = await users.create(SYSTEM, name="lin", roles=[])
    await users.reset(SYSTEM, made.user.id)
    await users.set_roles(SYSTEM, made.user.id, roles=[Role.LEAD], version=2)
    await users.set_disabled(SYSTEM, made.user.id, disabled=True)
    assert await actions(database) == [
        "user.disabled",
        "user.roles_changed",
        "user.reset",
        "user.created",
    ]
