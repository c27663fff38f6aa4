"""Thresholds are set by those who may, once, and leave a trace."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select

from service.auth import SYSTEM, Principal, PrincipalKind, Role
from service.db import tables
from service.errors import Conflict, Forbidden, InvalidInput, NotFound
from service.indicators import IndicatorId, Levels, default_threshold
from tests.support.indicator_scene import IndicatorScene

USUAL = default_threshold(IndicatorId.NEGATIVE_SHARE)
LOWER = replace(USUAL, levels=Levels(yellow=0.2, orange=None, red=0.5), alert=True)
VIEWER = Principal(id="v", kind=PrincipalKind.USER, name="v", roles=frozenset({Role.VIEWER}))


async def actions(scene: IndicatorScene) -> list[str]:
    table = tables.audit_entry
    async with scene.database.read() as connection:
        query = select(table.c.action).where(table.c.subject_type == "threshold")
        return list(await connection.scalars(query.order_by(table.c.id)))


async def test_setting_and_setting_back(scene: IndicatorScene) -> None:
    saved = await scene.desk.put(SYSTEM, "tea", LOWER, version=0)
    assert (saved.version, saved.alert, saved.updated_at) == (1, True, scene.clock.now())
    again = await scene.desk.put(SYSTEM, "tea", LOWER)
    assert again == saved
    found = {item.threshold.indicator: item for item in await scene.desk.every(SYSTEM, "tea")}
    assert found[IndicatorId.NEGATIVE_SHARE].threshold == saved
    assert found[IndicatorId.VOLUME].threshold == default_threshold(IndicatorId.VOLUME)
    others = await scene.desk.every(SYSTEM, "rival")
    assert all(item.threshold.version == 0 for item in others)
    await scene.desk.reset(SYSTEM, "tea", IndicatorId.NEGATIVE_SHARE, version=1)
    with pytest.raises(NotFound, match="defaults already"):
        await scene.desk.reset(SYSTEM, "tea", IndicatorId.NEGATIVE_SHARE)
    assert await actions(scene) == ["threshold.changed", "threshold.reset"]


async def test_who_read_something_older_is_told(scene: IndicatorScene) -> None:
    await scene.desk.put(SYSTEM, "tea", LOWER)
    with pytest.raises(Conflict, match="version 1, not 0"):
        await scene.desk.put(SYSTEM, "tea", replace(LOWER, alert=False), version=0)


async def test_two_at_once_do_not_overwrite_each_other(scene: IndicatorScene) -> None:
    drafts = (LOWER, replace(LOWER, alert=False))
    done = await asyncio.gather(
        *(scene.desk.put(SYSTEM, "tea", draft, version=0) for draft in drafts),
        return_exceptions=True,
    )
    assert sorted(isinstance(answer, Conflict) for answer in done) == [False, True]


async def test_who_may_not_and_what_is_not_there(scene: IndicatorScene) -> None:
    with pytest.raises(Forbidden):
        await scene.desk.put(VIEWER, "tea", LOWER)
    with pytest.raises(NotFound):
        await scene.desk.put(SYSTEM, "nobody", LOWER)
    with pytest.raises(InvalidInput):
        await scene.desk.put(SYSTEM, "tea", replace(LOWER, margin=2.0))
    assert len(await scene.desk.every(VIEWER, "tea")) == 15
    assert await actions(scene) == []
