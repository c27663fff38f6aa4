"""Coverage: blind, late or fine; and of one source since when, why, what to do."""

from __future__ import annotations

from dataclasses import replace

from service.auth import Role
from service.coverage import repository
from tests.support.console_scene import ConsoleScene
from tests.support.insight_scene import MONITOR, brands, feeds, posts


async def test_every_source_is_blind_late_or_fine_in_words(scene: ConsoleScene):
    await feeds(scene)
    page = await scene.look("/coverage", await scene.person("lin", Role.VIEWER))
    await page.until(lambda: "1 个看不见 · 1 个有延迟 · 1 个正常" in page.texts)
    for key in ("feed-heimao", "feed-news", "feed-push:weibo"):
        assert key in page.keys
    for text in ("被拒绝", "由对方推送", "按时抓取"):
        assert text in page.texts


async def test_without_a_source_it_says_what_to_do(scene: ConsoleScene):
    page = await scene.look("/coverage", await scene.person("lin", Role.VIEWER))
    await page.until(lambda: "还没有数据源" in page.texts)


async def test_a_dark_source_is_explained(scene: ConsoleScene):
    await brands(scene)
    await posts(scene, days=3)
    incident = await feeds(scene)
    page = await scene.look("/coverage/heimao", await scene.person("lin", Role.RESPONDER))
    assert "看不见" in page.texts
    assert any("拒绝了抓取" in text for text in page.texts)
    assert any(text.startswith("HTTP 403") for text in page.texts)
    assert any("先在配置里点“测试”" in text for text in page.texts)
    assert "feed-incident" in page.keys
    assert incident.title in page.texts
    await page.until(lambda: "跟着看不见的监测方案" in page.texts)
    names = {item.id: item.name for item in await scene.container.monitors.every()}
    assert names[MONITOR] in page.texts
    assert "还在持续" in page.texts


async def test_a_source_that_was_refused_once_is_no_alarm_yet(scene: ConsoleScene):
    await feeds(scene)
    async with scene.container.database.write() as connection:
        known = await repository.feed(connection, "heimao")
        assert known is not None
        await repository.save_condition(connection, "heimao", replace(known.condition, dark=False))
        await repository.note_incident(connection, "heimao", None)
    page = await scene.look("/coverage/heimao", await scene.person("lin", Role.LEAD))
    assert any("还没到告警的程度" in text for text in page.texts)


async def test_a_pushed_source_is_found_by_its_own_id(scene: ConsoleScene):
    await feeds(scene)
    page = await scene.look("/coverage/push%3Aweibo", await scene.person("lin", Role.LEAD))
    assert "weibo" in page.texts
    assert "这个数据源的配置" not in page.texts


async def test_a_source_that_there_is_not(scene: ConsoleScene):
    page = await scene.look("/coverage/none", await scene.person("lin", Role.LEAD))
    assert "这里没有这样东西" in page.texts
