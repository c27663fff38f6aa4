"""Causes: what is complained of, when, and what people want."""

from __future__ import annotations

import pytest

from service.auth import Role
from service.console.pages.causes_crossed import _edges
from tests.support.console_scene import ConsoleScene
from tests.support.insight_scene import brands, posts, rain


async def test_causes_against_hours_weekdays_and_rain(scene: ConsoleScene):
    await brands(scene)
    await posts(scene, days=30)
    await rain(scene)
    page = await scene.look(
        "/causes?period=month&series=rain.hangzhou", await scene.person("lin", Role.VIEWER)
    )
    await page.until(lambda: "各种原因的帖数" in page.texts)
    await page.until(lambda: "原因 × 钟点" in page.texts)
    assert "原因 × 星期" in page.texts
    assert "原因 × rain.hangzhou (mm)" in page.texts
    await page.until(lambda: "人们想要什么" in page.texts)
    await page.until(lambda: "不同的作者" in page.texts)


async def test_few_posts_say_nothing(scene: ConsoleScene):
    await brands(scene)
    page = await scene.look("/causes", await scene.person("lin", Role.VIEWER))
    await page.until(lambda: "这段时间没有帖子说出已知的原因" in page.texts)
    await page.until(
        lambda: any(text.startswith("数据不足：要有帖子的日子") for text in page.texts)
    )
    await page.until(lambda: any("至少 20 条才说话" in text for text in page.texts))


async def test_what_the_address_asks_for_and_cannot_have_is_said(scene: ConsoleScene):
    await brands(scene)
    token = await scene.person("lin", Role.VIEWER)
    page = await scene.look("/causes?series=none&scenario=none", token)
    assert any("外部数据已不存在" in text for text in page.texts)
    page = await scene.look("/causes?edges=8+1", token)
    assert any("从小到大的数" in text for text in page.texts)


@pytest.mark.parametrize(
    ("text", "edges"),
    [
        ("", ()),
        ("0.1 8", (0.1, 8.0)),
        ("0.1，8,20", (0.1, 8.0, 20.0)),
        ("8 1", None),
        ("1 1", None),
        ("x", None),
        ("nan", None),
        ("inf", None),
        ("1 2 3 4 5 6", None),
    ],
)
def test_edges_are_numbers_that_grow(text: str, edges: tuple[float, ...] | None):
    assert _edges(text) == edges
