"""The page of one incident, and what can be done on it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement
from sqlalchemy import update

from service.auth import Role
from service.db import tables
from service.incidents import Action, Evidence, Kind, State
from service.incidents import repository as incident_rows
from service.monitors import ChannelDraft, ChannelKind
from tests.support.clock import START
from tests.support.console_scene import ConsoleScene, Viewer
from tests.support.incident_scene import evidence


async def opened(
    scene: ConsoleScene, incident_id: str, *roles: Role, language: str = "zh", tab: str = "timeline"
) -> Viewer:
    token = await scene.person("lin", *(roles or (Role.LEAD,)))
    return await scene.look(f"/incidents/{incident_id}?tab={tab}", token, language=language)


def write(page: Viewer, text: str) -> None:
    """Fill in the text of the open dialog."""
    dialog = page.of(ui.dialog)[-1]
    next(item for item in dialog.descendants() if isinstance(item, ui.textarea)).set_value(text)


def choose(page: Viewer, value: str) -> None:
    dialog = page.of(ui.dialog)[-1]
    next(item for item in dialog.descendants() if isinstance(item, ui.select)).set_value(value)


async def test_the_head_says_what_it_is_and_how_it_began(scene: ConsoleScene):
    incident = await scene.open()
    page = await opened(scene, incident.id)
    for text in ("一般", "产品质量投诉", "未接警", "澄屿青柚茶", "3 帖", incident.id, "杯子漏水"):
        assert text in page.texts


async def test_why_this_tier_is_told_in_words(scene: ConsoleScene):
    page = await opened(scene, (await scene.open()).id)
    place = page.texts.index("负面帖数（近 1 小时）")
    assert page.texts[place + 1 : place + 3] == ["12", "≥ 10"]


async def test_the_life_of_an_incident_can_be_led_from_its_page(scene: ConsoleScene):
    incident = await scene.open()
    page = await opened(scene, incident.id)
    for action in ("acknowledge", "respond", "monitor"):
        page.press(f"action-{action}")
        await page.until(lambda action=action: f"action-{action}" not in page.keys)
    page.press("action-resolve")
    await page.until(lambda: page.of(ui.dialog))
    page.answer("标为已解决")
    await page.until(lambda: "action-close" in page.keys)
    page.press("action-close")
    await page.until(lambda: page.of(ui.dialog))
    page.answer("结案")
    await page.until(
        lambda: [key for key in page.keys if key.startswith("action-")] == ["action-reopen"]
    )
    assert (await scene.get(incident.id)).state is State.CLOSED
    page.press("action-reopen")
    await page.until(lambda: page.of(ui.dialog))
    write(page, "又有人反映")
    page.answer("重开")
    await page.until(lambda: "action-monitor" in page.keys)
    assert (await scene.get(incident.id)).state is State.RESPONDING


async def test_a_false_alarm_takes_a_reason(scene: ConsoleScene):
    incident = await scene.open()
    page = await opened(scene, incident.id)
    page.press("action-mark_false_positive")
    await page.until(lambda: page.of(ui.dialog))
    page.answer("误报")
    await page.until(lambda: "请把上面的内容填完整。" in page.texts)
    write(page, "同名的另一家")
    page.answer("误报")
    await page.until(lambda: not page.of(ui.dialog))
    await page.until(lambda: "同名的另一家" in page.texts)
    assert (await scene.get(incident.id)).state is State.FALSE_POSITIVE


async def test_calling_a_dialog_off_changes_nothing(scene: ConsoleScene):
    incident = await scene.open()
    page = await opened(scene, incident.id)
    page.press("action-mark_false_positive")
    await page.until(lambda: page.of(ui.dialog))
    page.answer("取消")
    await page.until(lambda: not page.of(ui.dialog))
    assert (await scene.get(incident.id)).state is State.NEW


async def test_merging_asks_into_which_open_incident(scene: ConsoleScene):
    incident = await scene.open()
    other = await scene.open(scenario="outage")
    page = await opened(scene, incident.id)
    page.press("action-merge")
    await page.until(lambda: page.of(ui.dialog))
    choose(page, other.id)
    write(page, "同一件事")
    page.answer("合并")
    await page.until(lambda: "打开合并到的事件" in page.texts)
    assert (await scene.get(incident.id)).merged_into == other.id


async def test_the_tier_is_changed_with_a_reason(scene: ConsoleScene):
    incident = await scene.open()
    page = await opened(scene, incident.id)
    page.press("change-tier")
    await page.until(lambda: page.of(ui.dialog))
    choose(page, "red")
    write(page, "记者已到现场")
    page.answer("调整级别")
    await page.until(lambda: "一般 → 重大" in page.texts)
    assert (await scene.get(incident.id)).tier == "red"
    assert "记者已到现场" in page.texts


async def test_a_responder_may_not_lower_the_tier_and_is_told_so(scene: ConsoleScene):
    incident = await scene.open(tier="red", tier_rank=3)
    page = await opened(scene, incident.id, Role.RESPONDER)
    page.press("change-tier")
    await page.until(lambda: page.of(ui.dialog))
    choose(page, "yellow")
    write(page, "没那么严重")
    page.answer("调整级别")
    await page.until(lambda: page.told)
    assert page.told[0].startswith("你没有这项权限")
    assert (await scene.get(incident.id)).tier == "red"


async def test_naming_the_scenario_brings_its_playbook(scene: ConsoleScene):
    incident = await scene.open(scenario="unclassified")
    page = await opened(scene, incident.id)
    page.press("name-scenario")
    await page.until(lambda: page.of(ui.dialog))
    choose(page, "safety_incident")
    page.answer("认定场景")
    await page.until(lambda: "安全事故处置" in page.texts)
    assert (await scene.get(incident.id)).scenario == "safety_incident"


async def test_a_step_is_done_with_a_note_and_taken_back(scene: ConsoleScene):
    incident = await scene.open()
    page = await opened(scene, incident.id)
    page.press("do-evidence_saved")
    await page.until(lambda: page.of(ui.dialog))
    write(page, "已存证 12 张")
    page.answer("完成")
    await page.until(lambda: "备注：已存证 12 张" in page.texts)
    assert (await scene.steps(incident.id))["evidence_saved"].state == "done"
    page.press("reopen-evidence_saved")
    await page.until(lambda: "do-evidence_saved" in page.keys)
    assert (await scene.steps(incident.id))["evidence_saved"].state == "pending"


async def test_a_step_is_skipped_with_a_reason_only(scene: ConsoleScene):
    incident = await scene.open()
    page = await opened(scene, incident.id)
    page.press("skip-evidence_saved")
    await page.until(lambda: page.of(ui.dialog))
    page.answer("跳过")
    await page.until(lambda: "请把上面的内容填完整。" in page.texts)
    write(page, "平台已删帖")
    page.answer("跳过")
    await page.until(lambda: "备注：平台已删帖" in page.texts)
    assert (await scene.steps(incident.id))["evidence_saved"].state == "skipped"


async def test_a_step_whose_needs_are_open_names_them_and_is_refused(scene: ConsoleScene):
    incident = await scene.open(tier="orange", tier_rank=2)
    page = await opened(scene, incident.id)
    assert any(text.startswith("须先完成：") and "追溯批次" in text for text in page.texts)
    page.press("do-recall_decided")
    await page.until(lambda: page.of(ui.dialog))
    page.answer("完成")
    await page.until(lambda: page.told)
    assert page.told[0].startswith("别人刚刚改过")


async def test_a_step_that_the_incident_itself_does_has_no_buttons(scene: ConsoleScene):
    page = await opened(scene, (await scene.open()).id)
    assert "确认接警后自动完成" in page.texts
    assert not {"do-acknowledged", "skip-acknowledged"} & set(page.keys)


async def test_late_steps_say_so_and_to_whom_they_were_escalated(scene: ConsoleScene):
    incident = await scene.open()
    await scene.pass_time(hours=1)
    page = await opened(scene, incident.id)
    assert "已超时步骤" in page.texts
    assert "已上报高管" in page.texts
    assert "步骤超时" in page.texts


async def test_a_step_done_late_tells_by_how_much(scene: ConsoleScene):
    incident = await scene.open()
    await scene.pass_time(minutes=45)
    await scene.act(incident.id, Action.ACKNOWLEDGE)
    page = await opened(scene, incident.id)
    assert "晚了 15分" in page.texts
    assert "接警用时" in page.texts


async def test_a_post_is_marked_as_not_about_us(scene: ConsoleScene):
    incident = await scene.open()
    page = await opened(scene, incident.id, tab="evidence")
    page.press("not-post2")
    await page.until(lambda: page.of(ui.dialog))
    page.answer("与我们无关")
    await page.until(lambda: "lin 标为与我们无关" in page.texts)
    assert "not-post2" not in page.keys


def hostile(number: int) -> Evidence:
    text = "<img src=x onerror=alert(1)> \u202e杯子漏水 \ud800"
    snapshot = {
        "source": "weibo",
        "url": "javascript:alert(1)",
        "published_at": "2024-03-01T01:58:00.000Z",
        "title": "<b>曝光</b>",
        "text": text,
        "author": "abcdef0123456789",
        "verified": True,
        "followers": 12_000,
        "severity": 4,
        "reposts": 3,
        "hits": [{"field": "text", "start": 32, "end": 34}],
    }
    return replace(evidence(number, at=START), snapshot=snapshot)


async def test_what_strangers_wrote_is_shown_as_text_and_leads_nowhere(scene: ConsoleScene):
    incident = await scene.open(evidence=(hostile(1),))
    page = await opened(scene, incident.id, tab="evidence")
    place = page.texts.index("<img src=x onerror=alert(1)> \u202e杯子")
    assert page.texts[place + 1 : place + 3] == ["漏水", " ?"]
    assert [item.tag for item in page.of(TextElement) if item.text == "漏水"] == ["mark"]
    assert page.of(ui.html) == []
    assert page.of(ui.markdown) == []
    assert not any("javascript" in str(item.props.get("href")) for item in page.elements)
    for text in ("<b>曝光</b>", "认证", "粉丝 12,000", "严重度 4/5", "转发 3", "作者 …456789"):
        assert text in page.texts


async def test_copies_and_the_long_tail_are_folded(scene: ConsoleScene):
    posts = [evidence(number, at=START) for number in range(1, 16)]
    posts[1] = replace(posts[1], copy_group="group1")
    incident = await scene.open(evidence=tuple(posts))
    page = await opened(scene, incident.id, tab="evidence")
    assert "同文 1 条" in page.texts
    assert "再看 8 条" in page.texts
    page.press("more-evidence")
    await page.until(lambda: "再看 2 条" in page.texts)


async def test_a_comment_joins_the_timeline_and_empties_the_box(scene: ConsoleScene):
    incident = await scene.open()
    page = await opened(scene, incident.id)
    box = page.of(ui.textarea)[0]
    box.set_value("已联系 <b>用户</b>")
    page.press("comment")
    page.press("comment")
    await page.until(lambda: "已联系 <b>用户</b>" in page.texts)
    await page.until(lambda: box.value == "")
    assert (await scene.kinds()).count("comment") == 1


async def test_what_others_do_shows_up_by_itself_and_leaves_the_box_alone(scene: ConsoleScene):
    incident = await scene.open()
    page = await opened(scene, incident.id)
    box = page.of(ui.textarea)[0]
    box.set_value("写到一半")
    await scene.act(incident.id, Action.ACKNOWLEDGE)
    scene.clock.step(seconds=1)
    await page.until(lambda: "已接警" in page.texts)
    assert page.of(ui.textarea)[0].value == "写到一半"


OPS = ChannelDraft(id="ops", kind=ChannelKind.RECORDING, name="值班群")


async def test_pages_and_what_became_of_them_are_listed(scene: ConsoleScene):
    incident = await scene.open()
    await scene.deliver(OPS)
    page = await opened(scene, incident.id, tab="notices")
    place = page.texts.index("新事件")
    assert page.texts[place + 2 : place + 4] == ["值班群", "已送达"]


async def test_a_page_that_nobody_got_is_said_aloud(scene: ConsoleScene):
    incident = await scene.open()
    for action in (Action.ACKNOWLEDGE, *[Action.RESPOND, Action.MONITOR] * 4):
        await scene.act(incident.id, action)
        scene.clock.step(seconds=1)
    await scene.deliver(OPS)
    async with scene.database.write() as connection:
        await connection.execute(
            update(tables.delivery).values(state="dead", attempts=9, reason="refused")
        )
    page = await opened(scene, incident.id, tab="notices")
    assert "有 12 条通知未能送达，请用别的方式告知。" in page.texts
    assert "已试 9 次 · refused" in page.texts
    assert "更早的 4 条" in page.texts


async def test_a_viewer_reads_and_is_offered_nothing(scene: ConsoleScene):
    page = await opened(scene, (await scene.open()).id, Role.VIEWER)
    pressed = [item.props.get("data-key") for item in page.elements if item.tag == "button"]
    assert [key for key in pressed if key and not key.startswith("tab-")] == []
    assert page.of(ui.textarea) == []


async def test_an_incident_without_scenario_is_called_by_its_kind(scene: ConsoleScene):
    incident = await scene.open(kind=Kind.COVERAGE, scenario=None, evidence=(), first_post_id=None)
    page = await opened(scene, incident.id, language="en", tab="evidence")
    assert "Coverage lost" in page.texts
    assert "name-scenario" not in page.keys
    assert "No post kept yet" in page.texts


async def test_a_linked_contained_drill_says_so(scene: ConsoleScene):
    before = await scene.open()
    async with scene.writing(before.id) as (connection, incident):
        await incident_rows.change(
            connection, incident, now=START, contained_at=START, taking_ended_at=START
        )
    scene.clock.step(hours=1)
    after = await scene.open(drill=True, previous_id=before.id, reasons=())
    page = await opened(scene, after.id)
    for text in ("演练", "上一起同类事件", "没有记录理由"):
        assert text in page.texts
    earlier = await scene.look(f"/incidents/{before.id}", await scene.person("rui", Role.RESPONDER))
    assert "声量已回落" in earlier.texts


@pytest.mark.parametrize(("kind", "status"), [(None, 404), (Kind.PERSON_AT_RISK, 403)])
async def test_what_is_not_there_or_not_for_them_is_a_plain_answer(
    scene: ConsoleScene, kind: Kind | None, status: int
):
    incident_id = "inc_none"
    if kind is not None:
        incident_id = (await scene.open()).id
        async with scene.database.write() as connection:
            await connection.execute(update(tables.incident).values(kind=kind.value))
    client = await scene.http(await scene.person("wei", Role.VIEWER))
    answer = await client.get(f"/console/incidents/{incident_id}")
    assert answer.status_code == status
    assert "回到事件队列" in answer.text


async def test_who_is_signed_out_meanwhile_is_led_away_by_the_next_change(scene: ConsoleScene):
    incident = await scene.open()
    token = await scene.person("lin", Role.LEAD)
    page = await scene.look(f"/incidents/{incident.id}", token)
    await scene.container.sessions.end(token)
    await scene.act(incident.id, Action.ACKNOWLEDGE)
    scene.clock.step(seconds=1)
    await page.until(lambda: any("sign-in" in code for code in page.scripts))
