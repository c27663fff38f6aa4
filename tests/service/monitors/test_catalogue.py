"""What all catalogues share, shown on monitors and brands."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from service.audit import entries
from service.auth import SYSTEM, Principal
from service.db import Database
from service.db.changes import changes_after
from service.db.tables import monitor
from service.errors import Conflict, Forbidden, InvalidInput, NotFound
from service.monitors import Brands, MonitorDraft, Monitors, SaveChange
from tests.support.clock import SteppingClock

TEA = MonitorDraft(id="tea", name="青岚茶饮", query="青岚 -招聘")


async def test_a_new_item_reads_back(monitors: Monitors, clock: SteppingClock) -> None:
    saved = await monitors.put(SYSTEM, TEA)
    assert saved.change is SaveChange.CREATED
    assert saved.item == await monitors.get("tea")
    assert (saved.item.version, saved.item.created_at) == (1, clock.now())
    assert saved.item.name == "青岚茶饮"


async def test_a_change_grows_the_version(monitors: Monitors, clock: SteppingClock) -> None:
    await monitors.put(SYSTEM, TEA)
    clock.step(hours=1)
    saved = await monitors.put(SYSTEM, replace(TEA, name="青岚"), version=1)
    assert saved.change is SaveChange.CHANGED
    assert (saved.item.version, saved.item.updated_at) == (2, clock.now())


async def test_saving_the_same_changes_nothing(database: Database, monitors: Monitors) -> None:
    await monitors.put(SYSTEM, TEA)
    saved = await monitors.put(SYSTEM, TEA)
    assert saved.change is SaveChange.UNCHANGED
    async with database.read() as connection:
        assert len((await entries(connection)).items) == 1
        assert len(await changes_after(connection, 0)) == 1


async def test_somebody_faster_is_named_with_what_they_changed(
    monitors: Monitors, analyst: Principal
) -> None:
    await monitors.put(SYSTEM, TEA)
    await monitors.put(analyst, replace(TEA, query="青岚 奶茶"), version=1)
    with pytest.raises(
        Conflict, match=r"monitor tea is at version 2, not 1: usr_ana changed .*query"
    ) as refused:
        await monitors.put(SYSTEM, replace(TEA, name="x"), version=1)
    assert ("query", "changed since you read it") in refused.value.errors


async def test_what_must_be_new_must_not_exist(monitors: Monitors) -> None:
    await monitors.put(SYSTEM, TEA, version=0)
    with pytest.raises(Conflict, match="exists already"):
        await monitors.put(SYSTEM, TEA, version=0)


async def test_what_is_edited_must_exist(monitors: Monitors) -> None:
    with pytest.raises(NotFound, match="no monitor tea"):
        await monitors.put(SYSTEM, TEA, version=3)
    with pytest.raises(NotFound):
        await monitors.get("tea")


@pytest.mark.parametrize("name", ["", "Tea", "-tea", "a b", "茶", "x" * 65, "tea\n"])
async def test_odd_ids_are_refused(monitors: Monitors, name: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await monitors.put(SYSTEM, replace(TEA, id=name))
    assert [path for path, _ in refused.value.errors] == ["id"]


async def test_every_mistake_is_named_at_once(monitors: Monitors) -> None:
    with pytest.raises(InvalidInput) as refused:
        await monitors.put(SYSTEM, MonitorDraft(id="Tea", name=" ", query='"open', brand_id="none"))
    assert [path for path, _ in refused.value.errors] == ["id", "query", "brand", "name"]


async def test_a_refused_draft_leaves_nothing(database: Database, monitors: Monitors) -> None:
    with pytest.raises(InvalidInput):
        await monitors.put(SYSTEM, replace(TEA, query=""))
    async with database.read() as connection:
        assert (await connection.execute(select(monitor))).all() == []


async def test_only_those_who_may_edit_and_delete(
    monitors: Monitors, brands: Brands, analyst: Principal
) -> None:
    viewer = replace(analyst, roles=frozenset())
    with pytest.raises(Forbidden):
        await monitors.put(viewer, TEA)
    await monitors.put(analyst, TEA)
    with pytest.raises(Forbidden):
        await monitors.delete(viewer, "tea")


async def test_a_deleted_item_is_gone_and_told_of(database: Database, monitors: Monitors) -> None:
    await monitors.put(SYSTEM, TEA)
    with pytest.raises(Conflict):
        await monitors.delete(SYSTEM, "tea", version=7)
    await monitors.delete(SYSTEM, "tea", version=1)
    with pytest.raises(NotFound):
        await monitors.delete(SYSTEM, "tea")
    async with database.read() as connection:
        changes = await changes_after(connection, 0)
        trail = (await entries(connection)).items
    assert [change.data["change"] for change in changes] == ["created", "deleted"]
    assert [entry.action for entry in trail] == ["monitor.deleted", "monitor.created"]


async def test_a_conflict_after_a_deletion_and_a_new_start_is_told(monitors: Monitors) -> None:
    await monitors.put(SYSTEM, TEA)
    await monitors.delete(SYSTEM, "tea")
    await monitors.put(SYSTEM, TEA)
    with pytest.raises(Conflict, match="version 1, not 5"):
        await monitors.put(SYSTEM, TEA, version=5)


async def test_the_trail_says_what_was_and_what_is(database: Database, monitors: Monitors) -> None:
    await monitors.put(SYSTEM, TEA)
    await monitors.put(SYSTEM, replace(TEA, enabled=False))
    async with database.read() as connection:
        latest = (await entries(connection)).items[0]
    assert latest.data == {
        "changed": {"enabled": {"before": True, "after": False}},
        "version": 2,
    }
