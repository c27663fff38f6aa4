from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, update

from service.audit import Sealer, record, verify
from service.audit.entry import GENESIS
from service.db import Database
from service.db.tables import audit_entry
from tests.support.clock import START


@pytest.fixture
async def sealed(database: Database) -> Database:
    """Five sealed rows and one that is not."""
    for number in range(6):
        async with database.write() as connection:
            await record(
                connection,
                at=START,
                actor="usr_1",
                action="step.done",
                subject_type="step",
                subject_id=str(number),
                data={"note": "已联系用户", "share": 0.25},
            )
        if number == 4:
            await Sealer(database, owner="a").run(START)
    return database


async def test_an_untouched_trail_holds(sealed: Database) -> None:
    verification = await verify(sealed)
    assert verification.ok
    assert verification.sealed == 5
    assert len(verification.unsealed) == 1
    assert verification.head != GENESIS


async def test_an_empty_trail_holds(database: Database) -> None:
    verification = await verify(database)
    assert (verification.ok, verification.sealed, verification.head) == (True, 0, GENESIS)


@pytest.mark.parametrize(
    "changed",
    [
        {"actor": "usr_2"},
        {"data": {"note": "x"}},
        {"subject_id": "9"},
        {"at": START.replace(year=2023)},
    ],
)
async def test_a_changed_row_is_named(sealed: Database, changed: dict[str, Any]) -> None:
    async with sealed.write() as connection:
        await connection.execute(
            update(audit_entry).where(audit_entry.c.sequence == 3).values(**changed)
        )
    verification = await verify(sealed)
    assert not verification.ok
    assert verification.sealed == 2
    assert verification.first_bad is not None
    assert verification.first_bad.sequence == 3
    assert "changed" in verification.first_bad.reason


async def test_a_removed_row_is_named(sealed: Database) -> None:
    async with sealed.write() as connection:
        await connection.execute(delete(audit_entry).where(audit_entry.c.sequence == 2))
    verification = await verify(sealed)
    assert verification.first_bad is not None
    assert verification.first_bad.reason == "row 2 of the chain is missing"


async def test_a_forged_link_is_named(sealed: Database) -> None:
    async with sealed.write() as connection:
        await connection.execute(
            update(audit_entry).where(audit_entry.c.sequence == 4).values(previous_hash=GENESIS)
        )
    verification = await verify(sealed)
    assert verification.first_bad is not None
    assert verification.first_bad.reason == "does not continue the row before it"
