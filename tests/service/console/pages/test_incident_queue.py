"""The queue as somebody sees it."""

from __future__ import annotations

import pytest
from nicegui import ui

from service.auth import Role
from service.incidents import Action, State
from tests.support.console_scene import ConsoleScene


async def test_the_first_line_says_what_breaks_next(scene: ConsoleScene):
    await scene.open()
    page = await scene.look("/", await scene.person("lin", Role.LEAD))
    assert page.texts[page.texts.index("接下来最先到期") + 1] == "客服首次应答"
    assert "客服 · 产品质量投诉 · tea" in page.texts


async def test_a_row_has_tier_state_monitor_posts_and_holder(scene: ConsoleScene):
    await scene.open()
    page = await scene.look("/", await scene.person("lin", Role.LEAD))
    for text in ("●", "一般", "产品质量投诉", "未接警", "tea", "3", "无人接手"):
        assert text in page.texts


async def test_deadlines_are_absolute_instants_for_the_browser_to_count_to(scene: ConsoleScene):
    incident = await scene.open()
    page = await scene.look("/", await scene.person("lin", Role.LEAD))
    steps = (await scene.steps(incident.id)).values()
    due = min(step.due_at for step in steps if step.due_at and step.state == "pending")
    until = [item.props["data-until"] for item in page.elements if "data-until" in item.props]
    assert until == [due.isoformat()] * 2
    since = [item.props["data-since"] for item in page.elements if "data-since" in item.props]
    assert since == [incident.first_post_at.isoformat(), incident.opened_at.isoformat()]


async def test_graver_incidents_stand_above(scene: ConsoleScene):
    await scene.open(scenario="product_quality")
    await scene.open(scenario="safety_incident", tier="red", tier_rank=3)
    page = await scene.look("/", await scene.person("lin", Role.LEAD), language="en")
    rows = [text for text in page.texts if text in ("Critical", "Minor")]
    assert rows == ["Critical", "Minor"]


async def test_acknowledging_from_the_queue_takes_the_incident(scene: ConsoleScene):
    incident = await scene.open()
    page = await scene.look("/", await scene.person("lin", Role.LEAD))
    page.press(f"acknowledge-{incident.id}")
    await page.until(lambda: "lin" in page.texts and page.told == ["已确认接警，由你接手"])
    assert (await scene.get(incident.id)).state is State.ACKNOWLEDGED
    assert f"acknowledge-{incident.id}" not in page.keys


async def test_a_viewer_is_not_offered_to_acknowledge(scene: ConsoleScene):
    incident = await scene.open()
    page = await scene.look("/", await scene.person("wei", Role.VIEWER))
    assert page.keys == [f"open-{incident.id}"]


async def test_who_lost_the_role_meanwhile_is_told_so(scene: ConsoleScene):
    incident = await scene.open()
    page = await scene.look("/", await scene.person("lin", Role.LEAD))
    user = await scene.container.users.find("lin")
    assert user is not None
    await scene.container.users.set_roles(
        scene.admin, user.id, roles=[Role.VIEWER], version=user.version
    )
    page.press(f"acknowledge-{incident.id}")
    await page.until(lambda: page.told)
    assert page.told[0].startswith("你没有这项权限")
    assert (await scene.get(incident.id)).state is State.NEW


async def test_a_new_incident_shows_up_by_itself(scene: ConsoleScene):
    page = await scene.look("/", await scene.person("lin", Role.LEAD))
    assert "没有处理中的事件" in page.texts
    incident = await scene.open()
    scene.clock.step(seconds=1)
    await page.until(lambda: f"open-{incident.id}" in page.keys)


async def test_an_incident_that_somebody_else_ends_goes_away_by_itself(scene: ConsoleScene):
    incident = await scene.open()
    page = await scene.look("/", await scene.person("lin", Role.LEAD))
    await scene.act(incident.id, Action.MARK_FALSE_POSITIVE)
    scene.clock.step(seconds=1)
    await page.until(lambda: "没有处理中的事件" in page.texts)


async def test_filters_come_from_the_address_and_nonsense_is_left_out(scene: ConsoleScene):
    await scene.open(scenario="product_quality")
    red = await scene.open(scenario="safety_incident", tier="red", tier_rank=3)
    token = await scene.person("lin", Role.LEAD)
    page = await scene.look("/?tier=red&tier=pink&state=closed", token)
    assert page.keys == [f"open-{red.id}", f"acknowledge-{red.id}"]


async def test_choosing_a_filter_narrows_the_queue(scene: ConsoleScene):
    await scene.open()
    page = await scene.look("/", await scene.person("lin", Role.LEAD))
    page.of(ui.select)[0].set_value(["red"])
    await page.until(lambda: "没有符合筛选条件的事件" in page.texts)


async def test_a_long_queue_is_turned_page_by_page(scene: ConsoleScene):
    for number in range(52):
        await scene.open(monitor_id=f"m{number:02}")
    page = await scene.look("/", await scene.person("lin", Role.LEAD))
    assert "第 1–50 件，共 52 件" in page.texts
    page.press("later")
    await page.until(lambda: "第 51–52 件，共 52 件" in page.texts)
    page.press("earlier")
    await page.until(lambda: "第 1–50 件，共 52 件" in page.texts)


async def test_overdue_steps_are_counted_on_the_row(scene: ConsoleScene):
    await scene.open()
    await scene.pass_time(minutes=16)
    page = await scene.look("/", await scene.person("lin", Role.LEAD))
    assert "另有 1 步已超时" in page.texts


async def test_a_session_that_ended_leads_away(scene: ConsoleScene):
    incident = await scene.open()
    token = await scene.person("lin", Role.LEAD)
    page = await scene.look("/", token)
    await scene.container.sessions.end(token)
    page.press(f"acknowledge-{incident.id}")
    await page.until(lambda: any("sign-in" in code for code in page.scripts))
    assert (await scene.get(incident.id)).state is State.NEW


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_every_state_of_the_queue_draws_in_both_languages(scene: ConsoleScene, language: str):
    incident = await scene.open(drill=True)
    await scene.act(incident.id, Action.ACKNOWLEDGE, Action.RESPOND, Action.RESOLVE)
    page = await scene.look("/", await scene.person("lin", Role.LEAD), language=language)
    assert {"zh": "演练", "en": "Drill"}[language] in page.texts
    assert {"zh": "已解决", "en": "Resolved"}[language] in page.texts
