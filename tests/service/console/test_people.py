"""Whom something can be given to."""

from __future__ import annotations

import pytest

from service.auth import SYSTEM, Action, Resource, Role
from service.console import people
from service.console.people import accounts_of, every_account, who_may
from tests.support.console_scene import ConsoleScene


async def test_every_account_is_found_however_many_there_are(
    scene: ConsoleScene, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(people, "_BATCH", 2)
    users = scene.container.users
    for number in range(5):
        await users.create(SYSTEM, name=f"user-{number}", roles=[Role.VIEWER])
    assert [user.name for user in await every_account(users)] == [f"user-{n}" for n in range(5)]


async def test_a_closed_account_is_offered_only_where_it_is_kept(scene: ConsoleScene):
    users = scene.container.users
    open_one = (await users.create(SYSTEM, name="hua", roles=[Role.LEAD])).user
    closed = (await users.create(SYSTEM, name="lin", roles=[Role.RESPONDER])).user
    await users.set_disabled(SYSTEM, closed.id, disabled=True)
    assert await accounts_of(users) == {open_one.id: "hua"}
    assert await accounts_of(users, closed.id, None, "usr_gone") == {
        open_one.id: "hua",
        closed.id: "lin",
        "usr_gone": "usr_gone",
    }


async def test_work_is_offered_to_who_may_do_it_but_not_to_who_has_it(scene: ConsoleScene):
    users = scene.container.users
    await users.create(SYSTEM, name="kan", roles=[Role.VIEWER])
    lin = (await users.create(SYSTEM, name="lin", roles=[Role.RESPONDER])).user
    hua = (await users.create(SYSTEM, name="hua", roles=[Role.LEAD])).user
    asked = (users, Action.WORK, Resource.INCIDENT)
    assert await who_may(*asked) == {hua.id: "hua", lin.id: "lin"}
    assert await who_may(*asked, but=lin.id) == {hua.id: "hua"}
