from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from service.auth import SYSTEM
from service.db import Database
from service.db.tables import monitor_tick
from service.errors import InvalidInput
from service.monitors import BackfillProgress, BrandDraft, Brands, MonitorDraft, Monitors
from tests.support.clock import START

TEA = MonitorDraft(id="tea", name="青岚", query="青岚")


@pytest.mark.parametrize(
    ("query", "message"),
    [("青岚 )", "column 4"), ('"青岚', "column 1"), ("", "column 1"), ("茶" * 10_001, "at most")],
)
async def test_a_bad_query_is_refused_with_its_column(
    monitors: Monitors, query: str, message: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await monitors.put(SYSTEM, replace(TEA, query=query))
    (problem,) = refused.value.errors
    assert problem[0] == "query"
    assert message in problem[1]


async def test_filters(monitors: Monitors, brands: Brands) -> None:
    await brands.put(SYSTEM, BrandDraft(id="b", name="b"))
    await monitors.put(SYSTEM, replace(TEA, id="m1", brand_id="b"))
    await monitors.put(SYSTEM, replace(TEA, id="m2", enabled=False))
    assert [item.id for item in (await monitors.page(brand_id="b")).items] == ["m1"]
    assert [item.id for item in (await monitors.page(enabled=False)).items] == ["m2"]
    assert [item.id for item in await monitors.every(enabled_only=True)] == ["m1"]


async def test_a_changed_query_starts_a_backfill_and_a_changed_name_does_not(
    database: Database, monitors: Monitors
) -> None:
    made = (await monitors.put(SYSTEM, TEA)).item
    assert await monitors.backfilling() == (made,)
    async with database.write() as connection:
        finished = BackfillProgress(after_id="p9", done=9, of=9, finished=True)
        assert await monitors.note_backfill(connection, made, finished)
    renamed = (await monitors.put(SYSTEM, replace(TEA, name="x"))).item
    assert renamed.backfill == {"after_id": "p9", "done": 9, "of": 9, "state": "done"}
    assert await monitors.backfilling() == ()
    changed = (await monitors.put(SYSTEM, replace(TEA, query="青岚 奶茶"))).item
    assert await monitors.backfilling() == (changed,)


async def test_another_brand_starts_a_backfill(
    database: Database, brands: Brands, monitors: Monitors
) -> None:
    made = (await monitors.put(SYSTEM, TEA)).item
    async with database.write() as connection:
        assert await monitors.note_backfill(connection, made, BackfillProgress(finished=True))
    await brands.put(SYSTEM, BrandDraft(id="b", name="b"))
    changed = (await monitors.put(SYSTEM, replace(TEA, brand_id="b"))).item
    assert await monitors.backfilling() == (changed,)


async def test_progress_of_an_older_query_is_dropped(
    database: Database, monitors: Monitors
) -> None:
    old = (await monitors.put(SYSTEM, TEA)).item
    await monitors.put(SYSTEM, replace(TEA, query="奶茶"))
    async with database.write() as connection:
        assert not await monitors.note_backfill(connection, old, BackfillProgress(done=5))


async def test_its_watermark_goes_with_a_monitor(database: Database, monitors: Monitors) -> None:
    await monitors.put(SYSTEM, TEA)
    async with database.write() as connection:
        await connection.execute(
            monitor_tick.insert().values(monitor_id="tea", ticked_at=START, seen_until=START)
        )
    await monitors.delete(SYSTEM, "tea")
    async with database.read() as connection:
        assert await connection.scalar(select(func.count()).select_from(monitor_tick)) == 0
