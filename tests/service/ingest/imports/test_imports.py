"""Files that people bring: read when they come, stored by the job piece by piece."""

from __future__ import annotations

import base64
import zlib
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select, update

from crawlers.tabular import TableLimits
from service.audit import entries
from service.auth import SYSTEM, KeyRing, Principal, PrincipalKind, Role
from service.db.tables import import_piece, import_run
from service.errors import Conflict, Forbidden, InvalidInput, NotFound
from service.ingest.imports import ImportJob, ImportOptions, Imports, ImportState, look, read_whole
from service.ingest.imports.repository import MOST_WAITING
from service.jobs import advance
from service.stores.post_store import PostQuery
from tests.support.ingest_scene import IngestScene

ZONE = ZoneInfo("Asia/Shanghai")


def options(**said: Any) -> ImportOptions:
    return ImportOptions.of(**{"name": "f.csv", "source": "weibo", "zone": ZONE, **said})


def table(rows: int, *, bad: int = 0) -> bytes:
    lines = ["id,时间,内容,作者"]
    lines += [f"{n},2024-02-01 08:00,青柚茶第{n}杯,小满{n}" for n in range(rows)]
    lines += [f"{n},昨天,x,y" for n in range(bad)]
    return "\n".join(lines).encode()


@pytest.fixture
def imports(scene: IngestScene) -> Imports:
    return Imports(scene.database, scene.clock, scene.ring)


@pytest.fixture
def job(scene: IngestScene, imports: Imports) -> ImportJob:
    return ImportJob(
        database=scene.database, clock=scene.clock, imports=imports, ingest=scene.ingest
    )


async def test_a_file_is_stored_piece_by_piece(
    scene: IngestScene, imports: Imports, job: ImportJob
) -> None:
    run = await imports.begin(SYSTEM, table(600, bad=2), options())
    assert (run.state, run.posts, run.done, run.rejected) == (ImportState.RUNNING, 600, 0, 2)
    assert run.problems[0][0] == "f.csv:602:2"
    assert await job.run(scene.clock.now()) == 500
    assert (await imports.get(run.id)).done == 500
    await advance(scene.clock, [job], scene.clock.now() + timedelta(seconds=1))
    ended = await imports.get(run.id)
    assert (ended.state, ended.done, ended.changes) == (ImportState.DONE, 600, {"new": 600})
    assert ended.finished_at is not None
    assert await scene.store.count(PostQuery()) == 600


async def test_the_same_file_again_changes_nothing(
    scene: IngestScene, imports: Imports, job: ImportJob
) -> None:
    for _ in range(2):
        run = await imports.begin(SYSTEM, table(3), options())
        await advance(scene.clock, [job], scene.clock.now() + timedelta(seconds=1))
    assert (await imports.get(run.id)).changes == {"unchanged": 3}


async def test_a_piece_that_was_stored_before_a_crash_is_counted_once(
    scene: IngestScene, imports: Imports, job: ImportJob
) -> None:
    run = await imports.begin(SYSTEM, table(3), options())
    piece = await imports.next_piece()
    assert piece is not None
    await scene.ingest.ingest(imports.open(piece), via="import")
    await job.run(scene.clock.now())
    await imports.store(piece, {"new": 3})
    ended = await imports.get(run.id)
    assert (ended.done, ended.changes) == (3, {"unchanged": 3})


async def test_posts_that_wait_name_nobody(scene: IngestScene, imports: Imports) -> None:
    await imports.begin(SYSTEM, table(3), options())
    async with scene.database.read() as connection:
        content = await connection.scalar(select(import_piece.c.content))
        run = (await connection.execute(select(import_run))).one()
    assert content is not None
    assert "小满" not in content
    assert "小满" not in str(run)


async def test_a_lost_key_ends_the_run_and_says_so(scene: IngestScene, imports: Imports) -> None:
    run = await imports.begin(SYSTEM, table(3), options())
    other = Imports(
        scene.database, scene.clock, KeyRing.from_secret("another secret of thirty-two characters")
    )
    job = ImportJob(database=scene.database, clock=scene.clock, imports=other, ingest=scene.ingest)
    assert await job.run(scene.clock.now()) == 0
    ended = await imports.get(run.id)
    assert (ended.state, "send the file again" in str(ended.reason)) == (ImportState.FAILED, True)
    assert await job.next_at() is None


@pytest.mark.parametrize(
    "packed", [b"no archive", zlib.compress(b"no JSON"), zlib.compress(b'[{"source": "weibo"}]')]
)
async def test_a_piece_that_cannot_be_read_ends_its_run_and_no_other(
    scene: IngestScene, imports: Imports, job: ImportJob, packed: bytes
) -> None:
    broken = await imports.begin(SYSTEM, table(600), options())
    whole = await imports.begin(SYSTEM, table(3), options())
    content = scene.ring.encrypt(base64.b64encode(packed).decode())
    async with scene.database.write() as connection:
        first = await connection.scalar(select(func.min(import_piece.c.id)))
        await connection.execute(
            update(import_piece).where(import_piece.c.id == first).values(content=content)
        )
    await advance(scene.clock, [job], scene.clock.now() + timedelta(seconds=1))
    ended = await imports.get(broken.id)
    assert (ended.state, "cannot be read" in str(ended.reason)) == (ImportState.FAILED, True)
    assert (await imports.get(whole.id)).state is ImportState.DONE


def test_texts_are_bounded_all_together() -> None:
    content = "时间,内容\n" + f"2024-02-01,{'好' * 60}\n" * 20
    with pytest.raises(InvalidInput, match=r"f\.csv:18: texts of more than 1,000 characters"):
        read_whole(content.encode(), options(), limits=TableLimits(unpacked=1_000))


def test_rows_with_the_id_of_another_are_told_of() -> None:
    found = read_whole(table(3) + b"\n" + table(2), options())
    assert (len(found.posts), found.rejected) == (5, 1)
    assert found.problems[0].place == "f.csv"
    assert "2 rows have the id of an earlier row" in found.problems[0].reason


def test_equal_rows_without_ids_are_posts_of_their_own() -> None:
    content = ("时间,内容\n" + "2024-02-01,好\n" * 3).encode()
    found = read_whole(content, options())
    assert len({post.native_id for post in found.posts}) == 3
    assert found.problems == ()


async def test_mistakes_quote_no_number_of_a_person(imports: Imports) -> None:
    content = table(1) + b"\n9,13812345678,x,y"
    run = await imports.begin(SYSTEM, content, options())
    assert [reason for _, reason in run.problems] == [
        "时间: '138****5678' is no time, such as 2026-03-01 12:30:05"
    ]
    rows = look(content, options(), rows=5).rows
    assert "13812345678" not in str(rows)
    with pytest.raises(InvalidInput) as raised:
        read_whole("时间,内容\n13812345678,x".encode(), options())
    assert "13812345678" not in str(raised.value.errors)


async def test_a_file_is_not_even_read_while_too_many_wait(imports: Imports) -> None:
    for _ in range(MOST_WAITING):
        await imports.begin(SYSTEM, table(1), options())
    with pytest.raises(Conflict):
        await imports.begin(SYSTEM, b"", options())


async def test_a_job_without_work_waits(scene: IngestScene, job: ImportJob) -> None:
    assert await job.next_at() is None
    assert await job.run(scene.clock.now()) == 0


@pytest.mark.parametrize(
    ("content", "said", "message"),
    [
        (table(0, bad=3), {"pairs": ["published_at=时间"]}, "none of its 3 rows is a post"),
        (b"a,b\n1,2\n", {}, "the columns are not clear"),
        (table(1), {"source": None}, "the columns are not clear"),
        (table(1), {"pairs": ["text=nope"]}, "the columns are not clear"),
        (b"PK\x03\x04xx", {}, "no workbook"),
        (table(1) + b"\n7,2024-01-01,x,y" * 100_000, {}, "more than 100,000 rows"),
    ],
)
async def test_a_file_that_is_refused_leaves_nothing(
    imports: Imports, content: bytes, said: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidInput, match=message):
        await imports.begin(SYSTEM, content, options(**said))
    assert (await imports.page()).items == ()


@pytest.mark.parametrize(
    ("said", "path"),
    [
        ({"timezone": "Mars/Base"}, "timezone"),
        ({"timezone": "../etc"}, "timezone"),
        ({"channel": "pigeon"}, "channel"),
        ({"source": " "}, "source"),
    ],
)
def test_options_that_cannot_be_meant(said: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        options(**said)
    assert [where for where, _ in raised.value.errors] == [path]


def test_a_name_is_only_shown() -> None:
    assert options(name="a\x00\n" + "b" * 500).name == "a" + "b" * 199
    assert options(name="\n").name == "file"


def test_a_look_stores_nothing_and_shows_some_rows() -> None:
    found = look(table(5, bad=1), options(), rows=2)
    assert [row.number for row in found.rows] == [2, 3]


async def test_only_so_many_wait(scene: IngestScene, imports: Imports) -> None:
    for _ in range(MOST_WAITING):
        await imports.begin(SYSTEM, table(1), options())
    with pytest.raises(Conflict, match="20 imports wait already"):
        await imports.begin(SYSTEM, table(1), options())


async def test_runs_are_listed_newest_first_and_old_ones_forgotten(
    scene: IngestScene, imports: Imports, job: ImportJob
) -> None:
    ids = []
    for _ in range(3):
        ids.append((await imports.begin(SYSTEM, table(1), options())).id)
        scene.clock.step(seconds=1)
    first = await imports.page(limit=2)
    assert [item.id for item in first.items] == ids[:0:-1]
    last = first.items[-1]
    second = await imports.page(after=(last.created_at, last.id), limit=2)
    assert [item.id for item in second.items] == ids[:1]
    await advance(scene.clock, [job], scene.clock.now() + timedelta(seconds=1))
    async with scene.database.write() as connection:
        await connection.execute(
            update(import_run).values(created_at=scene.clock.now() - timedelta(days=91))
        )
    await imports.begin(SYSTEM, table(1), options())
    with pytest.raises(NotFound):
        await imports.get(ids[0])


async def test_who_may_and_what_the_trail_says(scene: IngestScene, imports: Imports) -> None:
    viewer = Principal(
        id="usr_1", kind=PrincipalKind.USER, name="v", roles=frozenset({Role.VIEWER})
    )
    with pytest.raises(Forbidden):
        await imports.begin(viewer, table(1), options())
    run = await imports.begin(SYSTEM, table(1), options())
    async with scene.database.read() as connection:
        [entry] = [
            item for item in (await entries(connection)).items if item.action == "import.begun"
        ]
    assert (entry.subject_id, entry.data["posts"]) == (run.id, 1)
