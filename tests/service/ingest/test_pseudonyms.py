"""Authors become pseudonyms; the way back is encrypted and durable first."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, select

from crawlers import Author
from service.db.tables import author_handle
from service.ingest import pseudonyms as module
from service.ingest.pseudonyms import HandlePseudonyms
from tests.support.ingest_scene import IngestScene

XIAOYU = Author(id="1700", name="小雨")


async def _handles(scene: IngestScene) -> dict[str, str]:
    async with scene.database.read() as connection:
        rows = (await connection.execute(select(author_handle))).all()
    return {row.author: scene.ring.decrypt(row.handle) for row in rows}


@contextmanager
def writes_of(scene: IngestScene) -> Iterator[list[str]]:
    """The transactions begun for writing while the block runs."""
    begun: list[str] = []

    def see(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement == "BEGIN IMMEDIATE":
            begun.append(statement)

    engine = scene.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", see)
    yield begun
    event.remove(engine, "before_cursor_execute", see)


async def test_a_pseudonym_is_the_same_for_every_post_and_process(scene: IngestScene) -> None:
    first = await scene.pseudonyms.hide([("weibo", XIAOYU), ("weibo", XIAOYU)])
    again = await scene.fresh_pseudonyms().hide([("weibo", XIAOYU)])
    assert first[0] == first[1] == again[0]
    assert "1700" not in first[0]
    assert len(await _handles(scene)) == 1


async def test_the_same_id_at_another_source_is_somebody_else(scene: IngestScene) -> None:
    here, there = await scene.pseudonyms.hide([("weibo", XIAOYU), ("appstore", XIAOYU)])
    assert here != there


async def test_the_way_back_is_encrypted_and_stored_before_the_answer(scene: IngestScene) -> None:
    (pseudonym,) = await scene.pseudonyms.hide([("weibo", XIAOYU)])
    assert '"1700"' in (await _handles(scene))[pseudonym]
    async with scene.database.read() as connection:
        raw = await connection.scalar(select(author_handle.c.handle))
    assert raw is not None
    assert "1700" not in raw


async def test_a_known_author_costs_no_write_and_a_new_name_does(scene: IngestScene) -> None:
    await scene.pseudonyms.hide([("weibo", XIAOYU)])
    with writes_of(scene) as written:
        await scene.pseudonyms.hide([("weibo", XIAOYU)])
    assert written == []
    (pseudonym,) = await scene.pseudonyms.hide([("weibo", Author(id="1700", name="大雨"))])
    assert "\\u5927\\u96e8" in (await _handles(scene))[pseudonym]


async def test_when_the_write_fails_no_pseudonym_is_given_and_nothing_is_believed_known(
    scene: IngestScene,
) -> None:
    engine = scene.database.engine.sync_engine

    def refuse(_connection, _cursor, statement, *_rest):
        if statement.startswith("INSERT INTO author_handle"):
            raise OSError("no space left on device")

    event.listen(engine, "before_cursor_execute", refuse)
    with pytest.raises(OSError, match="no space"):
        await scene.pseudonyms.hide([("weibo", XIAOYU)])
    event.remove(engine, "before_cursor_execute", refuse)
    await scene.pseudonyms.hide([("weibo", XIAOYU)])
    assert len(await _handles(scene)) == 1


async def test_memory_is_bounded_and_forgetting_costs_only_a_write(
    scene: IngestScene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_REMEMBERED", 2)
    hidden: HandlePseudonyms = scene.fresh_pseudonyms()
    for number in range(3):
        await hidden.hide([("weibo", Author(id=str(number)))])
    with writes_of(scene) as written:
        await hidden.hide([("weibo", Author(id="2"))])
        assert written == []
        await hidden.hide([("weibo", Author(id="0"))])
        assert written != []
    assert len(await _handles(scene)) == 3
