"""Posts as files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path

import openpyxl
import pytest
from sqlalchemy import select

from nlp import normalize, search_phrases, search_tokens
from service.auth import Principal, PrincipalKind, Role
from service.clock import SystemClock
from service.db import Database, tables
from service.errors import Forbidden
from service.posts import ExportForm, PageRequest, PostExport, Posts, read_written
from service.posts.export import COLUMNS
from service.stores import PostQuery
from service.stores.sqlite import SqlitePostStore
from tests.support.database import sqlite_database
from tests.support.stored_posts import stored_post

HOSTILE = (
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2",
    "@SUM(A1)",
    "\t=1",
    "＝1",
    " =1",
    "\x01=1",
    "\ud800=1",
)


def who(*roles: Role) -> Principal:
    return Principal(
        id="usr_lin", kind=PrincipalKind.USER, name="lin", roles=frozenset(roles), monitors=None
    )


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    async with sqlite_database(tmp_path) as opened:
        yield opened


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlitePostStore]:
    opened = SqlitePostStore(
        tmp_path / "posts.db",
        query_phrases=lambda text: search_phrases(normalize(text).text),
        durable=False,
    )
    await opened.migrate()
    yield opened
    await opened.close()


async def exported(
    store: SqlitePostStore,
    database: Database,
    form: ExportForm,
    *,
    request: PageRequest | None = None,
    roles: tuple[Role, ...] = (Role.ANALYST,),
    most: int = 10_000,
) -> bytes:
    export = PostExport(database=database, clock=SystemClock(), posts=Posts(store), most=most)
    made = await export.start(
        who(*roles), request or PageRequest(query=PostQuery()), form=form, asked={"q": ["晨屿"]}
    )
    return b"".join([chunk async for chunk in made.lines])


async def test_a_csv_holds_no_formula_and_no_telephone_number(
    store: SqlitePostStore, database: Database
) -> None:
    await store.upsert(
        [stored_post(n, text, title="=A1", url="=B1") for n, text in enumerate(HOSTILE, 1)]
        + [stored_post(50, "打我电话 13812345678")]
    )
    data = await exported(store, database, ExportForm.CSV)
    assert data.startswith(b"\xef\xbb\xbf")
    head, *rows = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert tuple(head) == COLUMNS
    assert len(rows) == len(HOSTILE) + 1
    for row in rows:
        for cell in row:
            assert not cell.lstrip(" \u3000\ufeff").startswith(
                ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
            )
    assert "13812345678" not in data.decode()


async def test_a_workbook_holds_no_formula(store: SqlitePostStore, database: Database) -> None:
    await store.upsert(
        [stored_post(n, text, followers=7) for n, text in enumerate(HOSTILE, 1)]
        + [stored_post(60, "长" * 40_000)]
    )
    data = await exported(store, database, ExportForm.XLSX)
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "inlineStr"}
    texts = [str(row[COLUMNS.index("text")].value) for row in sheet.iter_rows(min_row=2)]
    assert texts[-1] == "=1+1"
    assert len(texts[0]) == 32_767
    assert sheet.cell(3, COLUMNS.index("followers") + 1).value == 7


async def test_lines_of_json_are_the_posts_of_the_query_alone(
    store: SqlitePostStore, database: Database
) -> None:
    await store.upsert(
        [
            stored_post(n, text, search_tokens=search_tokens(text))
            for n, text in enumerate(("晨屿退款", "退款没有", "晨屿不退款了"), 1)
        ]
    )
    written = read_written("+晨屿 NEAR/0 退款")
    request = PageRequest(query=PostQuery(condition=written.condition), written=written)
    data = await exported(store, database, ExportForm.JSONL, request=request)
    assert [json.loads(line)["text"] for line in data.splitlines()] == ["晨屿退款"]


async def test_a_file_holds_no_more_than_its_limit(
    store: SqlitePostStore, database: Database
) -> None:
    await store.upsert([stored_post(number) for number in range(1, 430)])
    data = await exported(store, database, ExportForm.JSONL, most=405)
    numbers = [json.loads(line)["id"] for line in data.splitlines()]
    assert len(numbers) == len(set(numbers)) == 405


async def test_an_export_is_in_the_audit_trail_and_not_for_everybody(
    store: SqlitePostStore, database: Database
) -> None:
    with pytest.raises(Forbidden):
        await exported(store, database, ExportForm.CSV, roles=(Role.VIEWER, Role.RESPONDER))
    await exported(store, database, ExportForm.CSV, roles=(Role.LEGAL,))
    async with database.read() as connection:
        [row] = (await connection.execute(select(tables.audit_entry))).all()
    assert (row.action, row.actor) == ("posts.exported", "usr_lin")
    assert row.data["form"] == "csv"
    assert row.data["asked"] == {"q": ["晨屿"]}
