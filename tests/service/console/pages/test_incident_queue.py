"""The queue as somebody sees it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from nicegui import ui

from service.auth import SYSTEM, Role
from service.incidents import Action, Kind, State, repository
from tests.support.console_scene import ConsoleScene, Viewer
from tests.support.incident_scene import LEAD


def opened(page: Viewer) -> list[str]:
    """The links to incidents, in their order."""
    return [key for key in page.keys if key.startswith("open-")]


def shown(page: Viewer) -> list[str]:
    """The incidents from top to bottom."""
    (body,) = [item for item in page.elements if item.tag == "tbody"]
    return [str(row.props["data-row"]) for row in body.default_slot.children]


def alarms(page: Viewer) -> list[str]:
    """What the browser is told to be alarmed by."""
    (place,) = [item for item in page.elements if "data-alarm" in item.props]
    found: list[str] = json.loads(place.props["data-alarm"])
    return found


async def silence(page: Viewer, reason: str) -> None:
    """Silence what is selected for two hours."""
    page.press("list-silence")
    await page.until(lambda: page.of(ui.textarea))
    page.of(ui.select)[-1].set_value("120")
    page.of(ui.textarea)[-1].set_value(reason)
    page.answer("开始静默")


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
    yellow = await scene.open(scenario="product_quality")
    red = await scene.open(scenario="safety_incident", tier="red", tier_rank=3)
    page = await scene.look("/", await scene.person("lin", Role.LEAD), language="en")
    assert shown(page) == [red.id, yellow.id]


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
    assert opened(page) == [f"open-{incident.id}"]
    assert not [key for key in page.keys if key.startswith(("acknowledge", "list-a", "list-s"))]


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
    assert opened(page) == [f"open-{red.id}"]


async def test_choosing_a_filter_narrows_the_queue_and_stands_in_the_address(scene: ConsoleScene):
    await scene.open()
    page = await scene.look("/", await scene.person("lin", Role.LEAD))
    page.pick(tier=["red"])
    await page.until(lambda: "没有符合条件的" in page.texts)
    assert any("?tier=red" in script for script in page.scripts)


@pytest.mark.parametrize("typed", ["质量", "TEA", "澄屿青柚", "  产品质量投诉 "])
async def test_a_search_finds_titles_monitors_and_names_of_scenarios(
    scene: ConsoleScene, typed: str
):
    incident = await scene.open()
    await scene.open(scenario="outage", monitor_id="m1", title="登录不上")
    page = await scene.look("/", await scene.person("lin", Role.LEAD))
    page.pick(q=typed)
    await page.until(lambda: opened(page) == [f"open-{incident.id}"])
    page.pick(q=incident.id[4:14])
    await page.until(lambda: opened(page) == [f"open-{incident.id}"])
    page.pick(q="100%_")
    await page.until(lambda: "没有符合条件的" in page.texts)


async def test_a_long_queue_is_turned_page_by_page(scene: ConsoleScene):
    for number in range(27):
        await scene.open(monitor_id=f"m{number:02}")
    page = await scene.look("/", await scene.person("lin", Role.LEAD))
    assert "第 1–25 项，共 27 项" in page.texts
    assert page.texts[page.texts.index("处理中") - 1] == "27"
    page.press("list-later")
    await page.until(lambda: "第 26–27 项，共 27 项" in page.texts)
    page.press("list-earlier")
    await page.until(lambda: "第 1–25 项，共 27 项" in page.texts)


async def test_the_first_line_looks_beyond_the_page_and_the_filters(scene: ConsoleScene):
    incident = await scene.open()
    await scene.open(scenario="safety_incident", tier="red", tier_rank=3)
    async with scene.writing(incident.id) as (connection, found):
        soon = scene.clock.now() + timedelta(minutes=1)
        await repository.change(connection, found, now=scene.clock.now(), next_due_at=soon)
    page = await scene.look("/?tier=red", await scene.person("lin", Role.LEAD))
    assert "客服 · 产品质量投诉 · tea" in page.texts
    assert f"open-{incident.id}" not in page.keys


async def test_mine_and_nobody_s_are_told_apart(scene: ConsoleScene):
    token = await scene.person("lin", Role.LEAD)
    mine, free = await scene.open(), await scene.open(scenario="outage")
    page = await scene.look("/", token)
    page.press(f"acknowledge-{mine.id}")
    await page.until(lambda: page.told)
    assert opened(await scene.look("/?holder=me", token)) == [f"open-{mine.id}"]
    assert opened(await scene.look("/?holder=nobody", token)) == [f"open-{free.id}"]


async def test_only_the_row_that_changed_is_drawn_anew(scene: ConsoleScene):
    incidents = [await scene.open(monitor_id=f"m{number}") for number in range(3)]
    page = await scene.look("/", await scene.person("lin", Role.LEAD))
    before = {str(item.props.get("data-key")): item.id for item in page.elements}
    await scene.act(incidents[1].id, Action.ACKNOWLEDGE)
    scene.clock.step(seconds=1)
    await page.until(lambda: f"acknowledge-{incidents[1].id}" not in page.keys)
    after = {str(item.props.get("data-key")): item.id for item in page.elements}
    kept = {key for key in before if after.get(key) == before[key]}
    assert {f"open-{incidents[0].id}", f"open-{incidents[2].id}"} <= kept
    assert f"open-{incidents[1].id}" not in kept


async def test_a_graver_tier_moves_its_row_up(scene: ConsoleScene):
    first, second = await scene.open(), await scene.open(scenario="outage")
    page = await scene.look("/", await scene.person("lin", Role.LEAD))
    await scene.desk.set_tier(LEAD, second.id, "red", reason="媒体跟进")
    scene.clock.step(seconds=1)
    await page.until(lambda: shown(page) == [second.id, first.id])


async def test_a_new_red_is_told_to_the_browser_until_somebody_has_it(scene: ConsoleScene):
    await scene.open()
    page = await scene.look("/", await scene.person("lin", Role.LEAD))
    assert alarms(page) == []
    red = await scene.open(scenario="safety_incident", tier="red", tier_rank=4)
    scene.clock.step(seconds=1)
    await page.until(lambda: alarms(page) == [red.id])
    await scene.act(red.id, Action.ACKNOWLEDGE)
    scene.clock.step(seconds=1)
    await page.until(lambda: alarms(page) == [])


async def test_what_is_selected_is_acknowledged_together(scene: ConsoleScene):
    incidents = [await scene.open(monitor_id=f"m{number}") for number in range(3)]
    page = await scene.look("/", await scene.person("lin", Role.LEAD))
    page.press("list-all")
    page.press("list-acknowledge")
    await page.until(lambda: "3 项已处理" in page.told)
    for incident in incidents:
        assert (await scene.get(incident.id)).state is State.ACKNOWLEDGED


async def test_what_cannot_be_done_is_counted_and_the_rest_is_done(scene: ConsoleScene):
    done, fresh = await scene.open(), await scene.open(monitor_id="m1")
    page = await scene.look("/", await scene.person("lin", Role.LEAD))
    page.press("list-all")
    await scene.act(done.id, Action.MARK_FALSE_POSITIVE)
    page.press("list-acknowledge")
    await page.until(lambda: any("1 件已办，1 件没办成" in text for text in page.told))
    assert (await scene.get(fresh.id)).state is State.ACKNOWLEDGED


async def test_what_is_selected_is_given_to_somebody(scene: ConsoleScene):
    await scene.person("rui", Role.RESPONDER)
    await scene.person("wei", Role.VIEWER)
    incident = await scene.open()
    page = await scene.look("/", await scene.person("lin", Role.LEAD))
    page.press("list-all")
    page.press("list-assign")
    await page.until(lambda: page.of(ui.dialog))
    chooser = page.of(ui.select)[-1]
    assert sorted(chooser.options.values()) == ["lin", "rui"]
    (rui,) = [key for key, name in chooser.options.items() if name == "rui"]
    chooser.set_value(rui)
    page.answer("移交给对方")
    await page.until(lambda: "1 项已处理" in page.told)
    assert (await scene.get(incident.id)).assignee == rui


async def test_a_silence_is_of_exactly_what_is_selected_and_can_be_undone(scene: ConsoleScene):
    await scene.open(scenario="outage", monitor_id="m1")
    await scene.open(scenario="product_quality", monitor_id="m1")
    page = await scene.look("/", await scene.person("lin", Role.LEAD))
    page.press("list-all")
    await silence(page, "直播抽奖，预料之中")
    await page.until(lambda: "1 项已处理" in page.told or "2 项已处理" in page.told)
    (made,) = (await scene.container.silences.page(SYSTEM)).items
    assert made.matcher.monitors == ("m1",)
    assert made.matcher.scenarios == ("outage", "product_quality")
    assert made.matcher.tiers == ("yellow",)
    assert made.reason == "直播抽奖，预料之中"
    assert made.ends_at - made.starts_at == timedelta(hours=2)
    page.press("undo")
    await page.until(lambda: "已撤销" in page.told)
    (ended,) = (await scene.container.silences.page(SYSTEM)).items
    assert ended.ended_at is not None


async def test_a_drill_is_never_silenced(scene: ConsoleScene):
    await scene.open(drill=True)
    page = await scene.look("/", await scene.person("lin", Role.LEAD))
    page.press("list-all")
    await silence(page, "演练太吵")
    await page.until(lambda: any("从不静默" in text for text in page.told))
    assert (await scene.container.silences.page(SYSTEM)).items == ()


async def test_the_gravest_tier_is_silenced_by_a_lead_alone(scene: ConsoleScene):
    gravest = scene.library.tiers.tiers[-1]
    rank = len(scene.library.tiers.tiers)
    await scene.open(scenario="safety_incident", tier=gravest.id, tier_rank=rank)
    page = await scene.look("/", await scene.person("rui", Role.RESPONDER))
    page.press("list-all")
    await silence(page, "不想听")
    await page.until(lambda: page.told)
    assert (await scene.container.silences.page(SYSTEM)).items == ()
    page = await scene.look("/", await scene.person("lin", Role.LEAD))
    page.press("list-all")
    await silence(page, "已在电话会里处理")
    await page.until(lambda: "1 项已处理" in page.told)
    (made,) = (await scene.container.silences.page(SYSTEM)).items
    assert made.gravest


async def test_a_view_is_kept_for_its_owner_alone_and_can_be_taken_back(scene: ConsoleScene):
    token = await scene.person("lin", Role.LEAD)
    page = await scene.look("/?tier=red&state=new", token)
    page.press("save-view")
    await page.until(lambda: page.of(ui.dialog))
    page.of(ui.textarea)[-1].set_value("红色未接警")
    page.answer("保存")
    await page.until(lambda: "视图已保存" in page.told)
    assert "save-view" not in page.keys
    again = await scene.look("/", token)
    (kept,) = [item for item in again.elements if "tier=red" in str(item.props.get("href"))]
    assert "state=new" in str(kept.props["href"])
    other = await scene.look("/", await scene.person("rui", Role.RESPONDER))
    assert "红色未接警" not in other.texts
    (forget,) = [key for key in again.keys if key.startswith("forget-")]
    again.press(forget)
    await again.until(lambda: "红色未接警" not in again.texts)
    again.press("undo")
    await again.until(lambda: "红色未接警" in again.texts)


async def test_a_person_at_risk_is_in_the_queue_of_their_rota_alone(scene: ConsoleScene):
    person = await scene.open(kind=Kind.PERSON_AT_RISK, scenario=None, title="x")
    lead = await scene.look("/", await scene.person("lin", Role.LEAD))
    assert opened(lead) == [f"open-{person.id}"]
    viewer = await scene.look("/", await scene.person("wei", Role.VIEWER))
    assert opened(viewer) == []
    assert "有人处于危险" not in viewer.texts
    assert viewer.texts[viewer.texts.index("处理中") - 1] == "0"


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
