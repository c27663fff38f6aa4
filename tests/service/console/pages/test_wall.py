"""The wall screen: live, without controls, and silent about persons at risk."""

from __future__ import annotations

from nicegui import ui

from service.auth import Role
from service.incidents import Action, Kind
from tests.support.console_scene import ConsoleScene
from tests.support.insight_scene import brands, feeds, posts


async def test_what_burns_is_shown_as_it_happens(scene: ConsoleScene):
    await brands(scene)
    page = await scene.look("/wall", await scene.person("lin", Role.VIEWER))
    assert "没有未结的事件" in page.texts
    incident = await scene.open()
    scene.clock.step(seconds=1)
    await page.until(lambda: "没有未结的事件" not in page.texts)
    assert "下一个到期" in page.texts
    assert "起未接警" in page.texts
    await scene.act(incident.id, Action.MARK_FALSE_POSITIVE)
    scene.clock.step(seconds=1)
    await page.until(lambda: "没有未结的事件" in page.texts)


async def test_figures_and_sources_come_after_the_first_paint(scene: ConsoleScene):
    await brands(scene)
    await posts(scene, days=3, a_day=60)
    await feeds(scene)
    page = await scene.look("/wall", await scene.person("lin", Role.VIEWER))
    await page.until(lambda: "每小时声量" in page.texts)
    await page.until(lambda: "1 个看不见 · 1 个有延迟 · 1 个正常" in page.texts)
    assert "负面占比" in page.texts


async def test_nothing_can_be_pressed_and_no_frame_is_around_it(scene: ConsoleScene):
    await brands(scene)
    await scene.open()
    page = await scene.look("/wall", await scene.person("lin", Role.LEAD))
    assert page.keys == []
    assert "退出" not in page.texts
    assert [item for item in page.of(ui.element) if item.tag in ("button", "form")] == []


async def test_of_a_person_at_risk_nothing_is_told_to_whoever_walks_past(scene: ConsoleScene):
    await brands(scene)
    await scene.open(kind=Kind.PERSON_AT_RISK, scenario=None)
    page = await scene.look("/wall", await scene.person("lin", Role.LEAD, Role.RESPONDER))
    assert "没有未结的事件" in page.texts
    assert "有人处于危险" not in page.texts
