from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from service.audit import AuditFilter, SecretInAudit, entries, record
from service.db import Database
from service.errors import InvalidInput
from tests.support.clock import START


async def write(database: Database, count: int = 1, **changed: Any) -> None:
    async with database.write() as connection:
        for number in range(count):
            values: dict[str, Any] = {
                "at": START + timedelta(minutes=number),
                "actor": "usr_1",
                "action": "monitor.changed",
                "subject_type": "monitor",
                "subject_id": f"m{number}",
                "data": {"number": number},
            }
            await record(connection, **{**values, **changed})


async def test_a_row_reads_back_as_written(database: Database) -> None:
    await write(database, data={"from": "a", "to": ["b", 1, None]})
    async with database.read() as connection:
        page = await entries(connection)
    (entry,) = page.items
    assert entry.at == START
    assert entry.data == {"from": "a", "to": ["b", 1, None]}
    assert entry.sequence is None


async def test_a_row_goes_with_its_transaction(database: Database) -> None:
    async def write_and_fail() -> None:
        async with database.write() as connection:
            await record(
                connection, at=START, actor="a", action="x", subject_type="s", subject_id="1"
            )
            raise RuntimeError("later")

    with pytest.raises(RuntimeError, match="later"):
        await write_and_fail()
    async with database.read() as connection:
        assert (await entries(connection)).items == ()


async def test_pages_go_from_the_newest_to_the_oldest(database: Database) -> None:
    await write(database, 5)
    seen: list[str] = []
    after: str | None = None
    async with database.read() as connection:
        while True:
            page = await entries(connection, after=after, limit=2)
            seen += [entry.subject_id for entry in page.items]
            if page.next is None:
                break
            after = page.next
    assert seen == ["m4", "m3", "m2", "m1", "m0"]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        (AuditFilter(subject_id="m1"), ["m1"]),
        (AuditFilter(actor="nobody"), []),
        (AuditFilter(action="monitor.changed", since=START + timedelta(minutes=2)), ["m2"]),
        (AuditFilter(subject_type="monitor", until=START + timedelta(minutes=1)), ["m0"]),
    ],
)
async def test_filters(sqlite_database: Database, where: AuditFilter, expected: list[str]) -> None:
    await write(sqlite_database, 3)
    async with sqlite_database.read() as connection:
        page = await entries(connection, where=where)
    assert [entry.subject_id for entry in page.items] == expected


async def test_a_made_up_place_is_refused(sqlite_database: Database) -> None:
    async with sqlite_database.read() as connection:
        with pytest.raises(InvalidInput, match="audit trail"):
            await entries(connection, after="x")


@pytest.mark.parametrize(
    "data",
    [
        {"password": "x"},
        {"changed": {"webhook_secret": "x"}},
        {"changed": [{"API_Key": "x"}]},
        {"access_token": "x"},
    ],
)
async def test_secrets_are_refused(sqlite_database: Database, data: dict[str, Any]) -> None:
    with pytest.raises(SecretInAudit, match="named like a secret"):
        await write(sqlite_database, data=data)


async def test_what_postgres_cannot_keep_is_cleaned(database: Database) -> None:
    await write(database, data={"te\x00xt": "a\x00b\ud800c\\u0000"}, subject_id="x\x00y")
    async with database.read() as connection:
        (entry,) = (await entries(connection)).items
    assert entry.subject_id == "xy"
    assert entry.data == {"text": "ab?c\\u0000"}
