from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from service.audit import entries
from service.auth import SYSTEM, ApiKeys, BadCredentials, Principal, Role
from service.auth.keys import TRUSTED_S
from service.db import Database
from service.db.tables import api_key
from service.errors import Conflict, Forbidden, InvalidInput, NotFound
from tests.support.clock import SteppingClock


@pytest.fixture
def keys(database: Database, clock: SteppingClock) -> ApiKeys:
    return ApiKeys(database, clock)


async def test_a_key_is_its_principal(keys: ApiKeys) -> None:
    made = await keys.create(SYSTEM, name="forum", roles=[Role.CLASSIFIER])
    principal = await keys.authenticate(made.token)
    assert principal == made.key.principal
    assert principal.roles == {Role.CLASSIFIER}


async def test_the_secret_is_not_stored(database: Database, keys: ApiKeys) -> None:
    made = await keys.create(SYSTEM, name="forum", roles=[Role.CLASSIFIER])
    secret = made.token.split("_", 2)[2]
    async with database.read() as connection:
        (row,) = await connection.execute(select(api_key))
        audited = (await entries(connection)).items
    assert secret not in str(row)
    assert secret not in str(audited)


async def test_any_other_token_is_refused(keys: ApiKeys) -> None:
    made = await keys.create(SYSTEM, name="forum", roles=[Role.CLASSIFIER])
    for token in ("", "fsk", "fsk_a", "x" + made.token, made.token[:-1], "fsk_ä_b", "fsk_x_\ud800"):
        with pytest.raises(BadCredentials):
            await keys.authenticate(token)


async def test_a_key_ends_at_its_time(keys: ApiKeys, clock: SteppingClock) -> None:
    made = await keys.create(
        SYSTEM,
        name="forum",
        roles=[Role.CLASSIFIER],
        expires_at=clock.now() + timedelta(hours=1),
    )
    clock.step(minutes=59)
    assert await keys.authenticate(made.token)
    clock.step(minutes=1)
    with pytest.raises(BadCredentials):
        await keys.authenticate(made.token)


async def test_a_revoked_key_is_refused(keys: ApiKeys) -> None:
    made = await keys.create(SYSTEM, name="forum", roles=[Role.CLASSIFIER])
    assert (await keys.revoke(SYSTEM, made.key.id)).revoked_at is not None
    with pytest.raises(BadCredentials):
        await keys.authenticate(made.token)
    with pytest.raises(Conflict, match="was revoked"):
        await keys.revoke(SYSTEM, made.key.id)
    with pytest.raises(NotFound):
        await keys.revoke(SYSTEM, "key_none")


async def test_uses_are_noted_coarsely(keys: ApiKeys, clock: SteppingClock) -> None:
    made = await keys.create(SYSTEM, name="forum", roles=[Role.CLASSIFIER])
    first = clock.now()
    await keys.authenticate(made.token)
    clock.step(minutes=4)
    await keys.authenticate(made.token)
    assert (await keys.page(SYSTEM)).items[0].last_used_at == first
    clock.step(minutes=1)
    await keys.authenticate(made.token)
    assert (await keys.page(SYSTEM)).items[0].last_used_at == clock.now()


async def test_every_mistake_is_named(keys: ApiKeys, clock: SteppingClock) -> None:
    with pytest.raises(InvalidInput) as refused:
        await keys.create(SYSTEM, name=" ", roles=[], expires_at=clock.now())
    assert [path for path, _ in refused.value.errors] == ["name", "roles", "expires_at"]


async def test_only_admins_see_and_make_keys(
    keys: ApiKeys, person: Callable[..., Principal]
) -> None:
    with pytest.raises(Forbidden):
        await keys.create(person(Role.LEAD), name="x", roles=[Role.VIEWER])
    with pytest.raises(Forbidden):
        await keys.page(person(Role.LEAD))
    assert await keys.create(person(Role.ADMIN), name="x", roles=[Role.VIEWER])


async def test_keys_are_paged(keys: ApiKeys) -> None:
    made = [await keys.create(SYSTEM, name=str(n), roles=[Role.VIEWER]) for n in range(3)]
    first = await keys.page(SYSTEM, limit=2)
    second = await keys.page(SYSTEM, limit=2, after=first.next)
    assert [key.id for key in (*first.items, *second.items)] == sorted(one.key.id for one in made)


async def test_a_busy_key_is_not_looked_up_each_time(
    database: Database, keys: ApiKeys, clock: SteppingClock
) -> None:
    made = await keys.create(SYSTEM, name="forum", roles=[Role.CLASSIFIER])
    await keys.authenticate(made.token)
    # Another process revokes it: this one learns of it when its trust ends.
    await ApiKeys(database, clock).revoke(SYSTEM, made.key.id)
    clock.step(seconds=TRUSTED_S - 0.1)
    assert await keys.authenticate(made.token) == made.key.principal
    clock.step(seconds=0.1)
    with pytest.raises(BadCredentials):
        await keys.authenticate(made.token)


async def test_trust_in_a_key_ends_with_the_key(keys: ApiKeys, clock: SteppingClock) -> None:
    end = clock.now() + timedelta(seconds=1)
    made = await keys.create(SYSTEM, name="forum", roles=[Role.CLASSIFIER], expires_at=end)
    await keys.authenticate(made.token)
    clock.step(seconds=1)
    with pytest.raises(BadCredentials):
        await keys.authenticate(made.token)


async def test_a_key_revoked_here_ends_at_once(keys: ApiKeys) -> None:
    made = await keys.create(SYSTEM, name="forum", roles=[Role.CLASSIFIER])
    await keys.authenticate(made.token)
    await keys.revoke(SYSTEM, made.key.id)
    with pytest.raises(BadCredentials):
        await keys.authenticate(made.token)
