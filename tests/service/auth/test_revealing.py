from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from service.audit import entries
from service.auth import Principal, Resource, Role
from service.auth.revealing import require_reveal
from service.db import Database
from service.errors import Forbidden, InvalidInput
from tests.support.clock import SteppingClock

Look = Callable[..., Awaitable[None]]


@pytest.fixture
def look(database: Database, clock: SteppingClock) -> Look:
    async def ask(principal: Principal, *, reason: str = "  核实投诉批次 ") -> None:
        await require_reveal(
            database,
            principal,
            Resource.POST,
            kind="post",
            subject_type="post",
            subject_id="p1",
            reason=reason,
            at=clock.now(),
            data={"why": "test"},
        )

    return ask


async def trail(database: Database) -> list[tuple[str, str, dict[str, str]]]:
    async with database.read() as connection:
        found = (await entries(connection)).items
    return [(row.action, row.subject_id, dict(row.data)) for row in found]


async def test_who_may_look_is_kept_with_the_reason(
    database: Database, look: Look, person: Callable[..., Principal]
) -> None:
    await look(person(Role.LEAD))
    kept = {"reason": "核实投诉批次", "why": "test"}
    assert await trail(database) == [("post.revealed", "p1", kept)]


async def test_who_may_not_look_is_refused_and_kept(
    database: Database, look: Look, person: Callable[..., Principal]
) -> None:
    with pytest.raises(Forbidden):
        await look(person(Role.VIEWER), reason="")
    assert [row[0] for row in await trail(database)] == ["post.reveal_refused"]


async def test_without_a_reason_nothing_is_shown_or_kept(
    database: Database, look: Look, person: Callable[..., Principal]
) -> None:
    with pytest.raises(InvalidInput, match="why you need to know"):
        await look(person(Role.LEAD), reason=" 1 ")
    assert await trail(database) == []
