from __future__ import annotations

from dataclasses import replace

from sqlalchemy import update

from nlp.query import QueryDocument
from service.auth import SYSTEM
from service.db import Database
from service.db.changes import announce
from service.db.tables import monitor
from service.monitors import BrandDraft, Brands, MonitorDirectory, MonitorDraft, Monitors
from tests.support.clock import START

TEA = MonitorDraft(id="tea", name="青岚", query="青岚")
POST = QueryDocument("青岚的奶茶喝坏肚子")


async def test_enabled_monitors_take_posts(database: Database, monitors: Monitors) -> None:
    await monitors.put(SYSTEM, TEA)
    await monitors.put(SYSTEM, replace(TEA, id="drinks", query="奶茶 -咖啡"))
    await monitors.put(SYSTEM, replace(TEA, id="off", enabled=False))
    directory = MonitorDirectory(database, monitors)
    assert directory.match(POST) == ()
    assert await directory.refresh()
    assert directory.match(POST) == ("drinks", "tea")
    assert sorted(directory.monitors) == ["drinks", "tea"]


async def test_the_brand_of_a_monitor_is_known(
    database: Database, brands: Brands, monitors: Monitors
) -> None:
    await brands.put(SYSTEM, BrandDraft(id="qinglan", name="青岚"))
    await monitors.put(SYSTEM, replace(TEA, brand_id="qinglan"))
    await monitors.put(SYSTEM, replace(TEA, id="drinks"))
    directory = MonitorDirectory(database, monitors)
    await directory.refresh()
    known = [directory.brand_of(name) for name in ("tea", "drinks", "nobody")]
    assert known == ["qinglan", None, None]


async def test_an_edit_is_seen_at_the_next_refresh(database: Database, monitors: Monitors) -> None:
    await monitors.put(SYSTEM, TEA)
    directory = MonitorDirectory(database, monitors)
    await directory.refresh()
    await monitors.put(SYSTEM, replace(TEA, id="drinks", query="奶茶"))
    await monitors.put(SYSTEM, replace(TEA, query="咖啡"))
    assert await directory.refresh()
    assert directory.match(POST) == ("drinks",)
    await monitors.delete(SYSTEM, "drinks")
    await directory.refresh()
    assert directory.match(POST) == ()


async def test_without_a_change_nothing_is_read_again(
    database: Database, monitors: Monitors
) -> None:
    await monitors.put(SYSTEM, TEA)
    directory = MonitorDirectory(database, monitors)
    assert await directory.refresh()
    assert not await directory.refresh()
    async with database.write() as connection:
        await announce(connection, at=START, kind="brand", subject_id="x")
    assert not await directory.refresh()


async def test_one_query_that_no_longer_reads_does_not_stop_the_others(
    database: Database, monitors: Monitors
) -> None:
    await monitors.put(SYSTEM, TEA)
    await monitors.put(SYSTEM, replace(TEA, id="old"))
    async with database.write() as connection:
        await connection.execute(update(monitor).where(monitor.c.id == "old").values(query="("))
    directory = MonitorDirectory(database, monitors)
    await directory.refresh()
    assert directory.match(POST) == ("tea",)
