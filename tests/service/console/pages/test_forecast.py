"""The forecast with its range, its error, and the people it takes."""

from __future__ import annotations

import asyncio

from service.auth import Role
from tests.support.console_scene import ConsoleScene
from tests.support.insight_scene import brands, posts


async def test_a_forecast_has_its_range_its_error_and_people(scene: ConsoleScene):
    await brands(scene)
    await posts(scene, days=90, a_day=8)
    page = await scene.look("/forecast?minutes=5&shift_h=8", await scene.person("l", Role.VIEWER))
    # The first forecast of a process loads a library of statistics.
    for _ in range(20):
        if "能信多少" in page.texts:
            break
        await asyncio.sleep(0.5)
    assert "八成下限" in page.texts
    assert "现在用的" in page.texts
    assert "08–16" in page.texts
    assert any("每条 5 分钟" in text for text in page.texts)


async def test_a_short_history_has_none(scene: ConsoleScene):
    await brands(scene)
    await posts(scene, days=10)
    page = await scene.look("/forecast", await scene.person("l", Role.VIEWER))
    await page.until(lambda: "历史太短，没有预测" in page.texts)


async def test_a_staffing_that_cannot_be_meant_is_said(scene: ConsoleScene):
    await brands(scene)
    token = await scene.person("l", Role.VIEWER)
    for query in ("minutes=-1", "minutes=x", "shift_h=7", "minutes=nan"):
        page = await scene.look(f"/forecast?{query}", token)
        assert any("分钟数要大于 0" in text for text in page.texts), query
