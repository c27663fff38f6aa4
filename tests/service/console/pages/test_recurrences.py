"""Recurrences in the console: their share, and how sure each is."""

from __future__ import annotations

from service.auth import Role
from tests.support.console_aftermath_samples import closed, department
from tests.support.console_departments_samples import reviewed
from tests.support.console_scene import ConsoleScene


async def test_the_share_stands_against_the_target_and_says_how_sure_each_is(scene: ConsoleScene):
    token = await scene.person("wei", Role.VIEWER)
    page = await scene.look("/recurrences", token)
    await page.until(lambda: "这段时间没有认定了场景的危机" in page.texts)
    await department(scene)
    first = await reviewed(scene, "inspection")
    scene.clock.step(days=5)
    await closed(scene)
    scene.clock.step(minutes=1)
    page = await scene.look("/recurrences", await scene.person("lan", Role.VIEWER))
    await page.until(lambda: "▲ 高于 8% 的目标" in page.texts)
    assert {"1 / 2 起", "50.0%", "◐ 待查", "这次：还没有查清", first} <= set(page.texts)


async def test_causes_confirm_a_recurrence_or_rule_it_out(scene: ConsoleScene):
    await department(scene)
    ids = []
    for cause in ("inspection", "inspection", "supplier"):
        ids.append(await reviewed(scene, cause))
        scene.clock.step(days=5)
    token = await scene.person("wei", Role.VIEWER)
    page = await scene.look("/recurrences", token)
    await page.until(lambda: "1 / 3 起" in page.texts)
    assert {"● 已确认", "○ 已排除"} <= set(page.texts)
    page = await scene.look("/recurrences?state=refuted", token)
    assert ids[2] in page.texts
    assert "● 已确认" not in page.texts
    page = await scene.look("/recurrences?monitor=tea&period=week", token)
    await page.until(lambda: "0 / 1 起" in page.texts)
