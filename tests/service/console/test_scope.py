"""A monitor and a time out of the address."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.auth import SYSTEM, Role
from service.monitors import MonitorDraft
from tests.support.console_scene import ConsoleScene, Viewer
from tests.support.insight_scene import brands


async def shown(scene: ConsoleScene, query: str) -> Viewer:
    return await scene.look(f"/board{query}", await scene.person("lin", Role.LEAD))


def chosen(page: Viewer) -> list[str]:
    """Values of the options that are selected."""
    return [
        str(item.props["value"])
        for item in page.elements
        if item.tag == "option" and item.props.get("selected") is True
    ]


async def test_our_own_monitor_is_the_usual_one_and_brands_group_them(scene: ConsoleScene):
    await brands(scene)
    await scene.container.monitors.put(SYSTEM, MonitorDraft(id="all", name="行业", query="茶"))
    page = await shown(scene, "")
    assert chosen(page) == ["tea"]
    groups = [str(item.props["label"]) for item in page.elements if item.tag == "optgroup"]
    assert groups == ["晨屿", "云雀", "未归属品牌"]


async def test_a_brand_in_the_address_is_its_monitor(scene: ConsoleScene):
    await brands(scene)
    assert chosen(await shown(scene, "?brand=yunque")) == ["lark"]


async def test_a_monitor_that_is_not_there_is_a_page_that_says_so(scene: ConsoleScene):
    await brands(scene)
    page = await shown(scene, "?monitor=none")
    assert "这里没有这样东西" in page.texts


@pytest.mark.parametrize(
    "query",
    ["?from=2024-02-20&to=2024-02-10", "?from=nonsense", "?period=century", "?from=1999-01-01"],
)
async def test_a_time_that_cannot_be_meant_is_said_and_the_usual_one_shown(
    scene: ConsoleScene, query: str
):
    await brands(scene)
    page = await shown(scene, query)
    assert any("地址里的时间用不了" in text for text in page.texts)
    assert any("02-23 10:00 CST 至 03-01 10:00 CST" in text for text in page.texts)


async def test_days_are_those_of_the_zone_and_the_last_one_is_included(scene: ConsoleScene):
    await brands(scene)
    page = await shown(scene, "?from=2024-02-10&to=2024-02-11")
    assert any("02-10 00:00 CST 至 02-12 00:00 CST" in text for text in page.texts)


async def test_instants_under_the_names_of_the_api_are_understood(scene: ConsoleScene):
    await brands(scene)
    now = scene.clock.now()
    since = (now - timedelta(hours=5)).isoformat().replace("+00:00", "Z")
    page = await shown(scene, f"?since={since}&until={now.isoformat().replace('+00:00', 'Z')}")
    assert any("03-01 05:00 CST 至 03-01 10:00 CST" in text for text in page.texts)


async def test_without_a_monitor_the_page_says_what_to_do(scene: ConsoleScene):
    page = await shown(scene, "")
    assert "还没有监测方案" in page.texts
    assert "去写监测方案" in page.texts
