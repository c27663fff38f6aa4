"""Series in the console: brought as files with every bad row named, drawn, deleted after asking."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.auth import SYSTEM, Role
from service.errors import NotFound
from service.series import Point
from tests.service.console.pages.test_imports import bring
from tests.support.console_scene import ConsoleScene

ORDERS = "时间,数值\n2024-02-28 08:00,1830\n2024-02-28 09:00,许多\n2024-02-28 10:00,1910\n"


async def test_a_file_is_read_with_its_bad_rows_then_stored(scene: ConsoleScene):
    page = await scene.look("/series", await scene.person("lin", Role.ANALYST))
    await bring(page, "orders.csv", ORDERS.encode())
    await page.until(lambda: any("no column of name" in text for text in page.texts))
    page.send("series-options", name="orders.shanghai", unit="单")
    await page.until(lambda: "series-store" in page.keys)
    assert any("1 行读不出来" in text for text in page.texts)
    page.press("series-store")
    await page.until(lambda: any("新增 2" in script for script in page.scripts))
    assert await scene.container.series.unit("orders.shanghai") == "单"
    assert len(await scene.container.series.points("orders.shanghai")) == 2


async def test_a_series_is_drawn_and_deleted_after_asking(scene: ConsoleScene):
    now = scene.clock.now()
    points = [Point(now - timedelta(hours=hours), float(hours)) for hours in range(1, 30)]
    await scene.container.series.write(SYSTEM, "orders.shanghai", points, unit="单")
    token = await scene.person("lin", Role.ANALYST)
    assert "orders.shanghai" in (await scene.look("/series", token)).texts
    page = await scene.look("/series/orders.shanghai", token)
    assert "共 29 个点，画出最近 29 个" in page.texts
    page.press("delete")
    await page.until(lambda: "删除序列“orders.shanghai”？" in page.texts)
    page.answer("删除")
    await page.until(lambda: any("已删除" in script for script in page.scripts))
    with pytest.raises(NotFound):
        await scene.container.series.unit("orders.shanghai")
