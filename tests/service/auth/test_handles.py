from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, update

from service.audit import entries
from service.auth import SYSTEM, Handle, Handles, KeyRing, Principal, Role, mask_name
from service.db import Database
from service.db.tables import author_handle
from service.errors import Forbidden, InvalidInput, NotFound
from tests.support.clock import SteppingClock

REASON = "联系投诉人核实批次"


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing.from_file(tmp_path / "keys.json")


@pytest.fixture
def handles(database: Database, clock: SteppingClock, ring: KeyRing) -> Handles:
    return Handles(database, clock, ring)


def handle(ring: KeyRing, identity: str, name: str | None = None) -> Handle:
    return Handle(author=ring.pseudonym("weibo", identity), source="weibo", id=identity, name=name)


async def remember(database: Database, handles: Handles, *items: Handle) -> int:
    async with database.write() as connection:
        return await handles.remember(connection, items)


async def test_a_handle_is_revealed_with_a_reason(
    database: Database, handles: Handles, ring: KeyRing, person: Callable[..., Principal]
) -> None:
    kept = handle(ring, "1234567890", "不二家的猫")
    await remember(database, handles, kept)
    assert await handles.reveal(person(Role.LEAD), kept.author, reason=REASON) == kept
    async with database.read() as connection:
        (entry,) = (await entries(connection)).items
    assert (entry.actor, entry.action, entry.subject_id) == (
        "usr_test",
        "handle.revealed",
        kept.author,
    )
    assert entry.data == {"reason": REASON}


async def test_no_raw_handle_is_stored(database: Database, handles: Handles, ring: KeyRing) -> None:
    kept = handle(ring, "1234567890", "不二家的猫")
    await remember(database, handles, kept)
    await handles.reveal(SYSTEM, kept.author, reason=REASON)
    async with database.read() as connection:
        rows = str((await connection.execute(select(author_handle))).all())
        rows += str((await entries(connection)).items)
    assert "1234567890" not in rows
    assert "不二家的猫" not in rows


async def test_without_the_role_the_try_is_audited(
    database: Database, handles: Handles, ring: KeyRing, person: Callable[..., Principal]
) -> None:
    kept = handle(ring, "1")
    await remember(database, handles, kept)
    with pytest.raises(Forbidden):
        await handles.reveal(person(Role.ANALYST), kept.author, reason="")
    async with database.read() as connection:
        (entry,) = (await entries(connection)).items
    assert entry.action == "handle.reveal_refused"


async def test_a_reason_is_needed(database: Database, handles: Handles, ring: KeyRing) -> None:
    kept = handle(ring, "1")
    await remember(database, handles, kept)
    with pytest.raises(InvalidInput, match="at least 5"):
        await handles.reveal(SYSTEM, kept.author, reason="  x  ")


async def test_an_unknown_author_is_not_found(handles: Handles) -> None:
    with pytest.raises(NotFound, match="au_none"):
        await handles.reveal(SYSTEM, "au_none", reason=REASON)


async def test_remembering_again_writes_nothing(
    database: Database, handles: Handles, ring: KeyRing
) -> None:
    assert await remember(database, handles, handle(ring, "1", "a"), handle(ring, "2")) == 2
    assert await remember(database, handles, handle(ring, "1", "a"), handle(ring, "1")) == 0


async def test_a_new_name_replaces_the_old_and_none_does_not(
    database: Database, handles: Handles, ring: KeyRing
) -> None:
    await remember(database, handles, handle(ring, "1", "旧名"))
    await remember(database, handles, handle(ring, "1", "新名"), handle(ring, "1"))
    author = handle(ring, "1").author
    assert (await handles.reveal(SYSTEM, author, reason=REASON)).name == "新名"


async def test_many_at_once(sqlite_database: Database, clock: SteppingClock, ring: KeyRing) -> None:
    handles = Handles(sqlite_database, clock, ring)
    many = [handle(ring, str(number), "x") for number in range(1_000)]
    assert await remember(sqlite_database, handles, *many) == 1_000
    assert await remember(sqlite_database, handles, *many) == 0


async def test_a_handle_that_no_key_opens_is_kept_anew(
    database: Database, handles: Handles, ring: KeyRing
) -> None:
    kept = handle(ring, "1", "x")
    await remember(database, handles, kept)
    async with database.write() as connection:
        await connection.execute(update(author_handle).values(handle="lost"))
    assert await remember(database, handles, kept) == 1
    assert await handles.reveal(SYSTEM, kept.author, reason=REASON) == kept


async def test_a_forgotten_author_is_gone(
    database: Database, handles: Handles, ring: KeyRing
) -> None:
    kept = handle(ring, "1")
    await remember(database, handles, kept)
    async with database.write() as connection:
        assert await handles.forget(connection, kept.author)
        assert not await handles.forget(connection, kept.author)
    with pytest.raises(NotFound):
        await handles.reveal(SYSTEM, kept.author, reason=REASON)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("张三丰", "张**"),
        ("Alice", "A**"),
        ("猫", "**"),
        ("", "**"),
        (None, "**"),
        (" 李 四", "李**"),
    ],
)
def test_masked_names(name: str | None, expected: str) -> None:
    assert mask_name(name) == expected
