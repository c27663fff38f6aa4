"""Complaints in the console: queued, answered, drafted, handed over, ended; promises kept."""

from __future__ import annotations

from datetime import timedelta

from nicegui import ui
from nicegui.testing.user_interaction import UserInteraction

from nlp.causes import load_causes
from service.auth import Role
from service.complaints import Complaint, Deed, Published, State
from tests.support.complaint_scene import LIN, RUI
from tests.support.console_complaint_samples import opened, promised
from tests.support.console_scene import ConsoleScene, Viewer


async def now(scene: ConsoleScene, complaint: Complaint) -> Complaint:
    return (await scene.container.complaints.desk.file(LIN, complaint.id)).complaint


def unfold(page: Viewer, key: str) -> None:
    """Open what is folded away, as a press on its summary does."""
    (folded,) = (item for item in page.elements if item.props.get("data-key") == key)
    UserInteraction(page.user, {folded}, None).trigger("toggle")


async def test_the_queue_says_what_is_waited_for(scene: ConsoleScene):
    token = await scene.person("wei", Role.VIEWER)
    assert "没有这样的投诉" in (await scene.look("/complaints", token)).texts
    cause = load_causes().causes[(await opened(scene)).cause]
    scene.clock.step(minutes=16)
    page = await scene.look("/complaints", token)
    assert {"▲ 首次应答", cause.zh} <= set(page.texts)
    end = scene.clock.now()
    began = end - timedelta(hours=1)
    of = f"/complaints?monitor=chenyu&monitor=lark&since={began:%Y-%m-%dT%H:%M:%SZ}"
    page = await scene.look(f"{of}&until={end:%Y-%m-%dT%H:%M:%SZ}", token)
    assert "▲ 首次应答" in page.texts
    assert any("开的单" in text for text in page.texts)
    page = await scene.look(f"{of}&until={end - timedelta(minutes=30):%Y-%m-%dT%H:%M:%SZ}", token)
    assert "▲ 首次应答" not in page.texts
    for typed in (cause.zh, cause.id):
        page = await scene.look(f"/complaints?cause={typed}", token)
        assert "▲ 首次应答" in page.texts
    assert "▲ 首次应答" not in (await scene.look("/complaints?cause=other", token)).texts
    page = await scene.look("/complaints?holder=me", token)
    assert "▲ 首次应答" not in page.texts
    assert (await scene.look("/complaints?after=nonsense", token)).status != 200


async def test_a_complaint_is_opened_from_a_post(scene: ConsoleScene):
    before = await opened(scene)
    token = await scene.person("rui", Role.RESPONDER)
    page = await scene.look("/complaints/_new?post=none", token)
    page.send("complaint-new", post="none", monitor="", cause="", incident="", note="", drill=False)
    await page.until(lambda: any("none" in text for text in page.texts))
    post = before.post_id or ""
    page.send("complaint-new", post=post, monitor="", cause="", incident="", note="", drill=False)
    await page.until(lambda: any(before.id in text for text in page.texts))
    viewer = await scene.http(await scene.person("wei", Role.VIEWER))
    assert (await viewer.get("/console/complaints/_new")).status_code == 403


async def test_a_reply_is_recorded_and_its_refusals_stand_at_their_fields(scene: ConsoleScene):
    complaint = await opened(scene)
    page = await scene.look(
        f"/complaints/{complaint.id}", await scene.person("mei", Role.RESPONDER)
    )
    form = f"say-{complaint.id}"
    said = {"deed": "answer", "text": "您好，我在跟进", "channel": "weibo", "published_at": ""}
    page.send(form, **said, url="javascript:alert(1)")
    await page.until(lambda: page.refused("url"))
    assert (await now(scene, complaint)).state is State.OPEN
    page.send(form, **said, url="https://weibo.example/1")
    await page.until(lambda: "已记录" in page.told)
    answered = await now(scene, complaint)
    assert answered.state is State.ANSWERED
    assert answered.assignee is not None
    await page.until(lambda: "您好，我在跟进" in page.texts)


async def test_the_second_who_answers_is_told_who_was_first(scene: ConsoleScene):
    complaint = await opened(scene)
    page = await scene.look(
        f"/complaints/{complaint.id}", await scene.person("mei", Role.RESPONDER)
    )
    first = Published(channel="phone", text="您好，我是芮")
    await scene.container.complaints.handling.say(RUI, complaint.id, Deed.ANSWER, first)
    sent = {"deed": "answer", "text": "您好", "channel": "weibo", "url": "", "published_at": ""}
    page.send(f"say-{complaint.id}", **sent)
    await page.until(lambda: any("rui" in text for text in page.texts))
    file = await scene.container.complaints.desk.file(LIN, complaint.id)
    assert [answer.text for answer in file.answers] == ["您好，我是芮"]


async def test_a_draft_is_filled_from_a_template_and_looked_at(scene: ConsoleScene):
    complaint = await opened(scene)
    page = await scene.look(
        f"/complaints/{complaint.id}", await scene.person("mei", Role.RESPONDER)
    )
    form = f"draft-{complaint.id}-complaint.answer"
    assert not any(item.props.get("data-form") == form for item in page.elements)
    unfold(page, "template-complaint.answer")
    await page.until(lambda: any(item.props.get("data-form") == form for item in page.elements))
    values = {
        "values.customer": "这位顾客",
        "values.problem": "退款慢",
        "values.ticket": complaint.id,
        "values.handler": "梅 102",
        "values.next_contact": "今天 18 点前电话",
        "values.contact": "私信",
        "values.opening": "",
        "values.closing": "",
    }
    page.send(form, **values)
    await page.until(lambda: any("这位顾客" in script for script in page.scripts))
    assert "已填进正文，请核对" in page.told
    page.pause(f"say-{complaint.id}", text="我们保证绝对全额退款", deed="answer", channel="weibo")
    await page.until(lambda: any("处必须改" in text for text in page.texts))
    assert (await now(scene, complaint)).state is State.OPEN


async def test_taking_can_be_undone_and_dismissing_asks_why(scene: ConsoleScene):
    complaint = await opened(scene)
    page = await scene.look(
        f"/complaints/{complaint.id}", await scene.person("mei", Role.RESPONDER)
    )
    page.press("take")
    await page.until(lambda: "undo" in page.keys)
    assert (await now(scene, complaint)).assignee is not None
    page.press("undo")
    await page.until(lambda: "take" in page.keys)
    assert (await now(scene, complaint)).assignee is None
    page.press("dismiss")
    await page.until(lambda: page.of(ui.dialog))
    page.answer("不是投诉")
    page.of(ui.textarea)[-1].set_value("是同行的广告")
    page.answer("不是投诉")
    await page.until(lambda: "已记录" in page.told)
    assert (await now(scene, complaint)).state is State.DISMISSED


async def test_a_rating_is_recorded_once_they_were_told(scene: ConsoleScene):
    complaint = await opened(scene)
    handling = scene.container.complaints.handling
    for deed in (Deed.ANSWER, Deed.RESPOND, Deed.RESOLVE, Deed.TELL):
        said = Published(channel="weibo", text="您好")
        await handling.say(RUI, complaint.id, deed, said)
    page = await scene.look(f"/complaints/{complaint.id}", await scene.person("fa", Role.LEGAL))
    form = f"rate-{complaint.id}"
    page.send(form, csat="", nps="", words="", said_by="", said_at="")
    await page.until(lambda: page.refused("csat"))
    page.send(form, csat="5", nps="9", words="谢谢", said_by="本人", said_at="")
    await page.until(lambda: "评价已记录" in page.told)
    rated = await now(scene, complaint)
    assert (rated.state, rated.csat, rated.nps) == (State.RATED, 5, 9)


async def test_a_viewer_sees_no_act_and_revealing_is_for_leads(scene: ConsoleScene):
    complaint = await opened(scene)
    path = f"/complaints/{complaint.id}"
    page = await scene.look(path, await scene.person("wei", Role.VIEWER))
    acts = {"take", "give", "relate", "dismiss", "reveal", f"submit-say-{complaint.id}"}
    assert acts.isdisjoint(page.keys)
    assert "reveal" not in (await scene.look(path, await scene.person("mei", Role.RESPONDER))).keys
    lead = await scene.look(path, await scene.person("zhao", Role.LEAD))
    lead.press("reveal")
    await lead.until(lambda: lead.of(ui.dialog))
    lead.of(ui.textarea)[-1].set_value("核对订单，联系本人退款")
    lead.answer("查看原文和作者")
    await lead.until(lambda: "原文和作者" in lead.texts)
    browser = await scene.http(await scene.person("v", Role.VIEWER))
    assert (await browser.get("/console/complaints/cmp_none")).status_code == 404


async def test_a_promise_gets_an_owner_and_a_date(scene: ConsoleScene):
    row = await promised(scene)
    token = await scene.person("zhao", Role.LEAD)
    listed = await scene.look("/promises", token)
    assert row.text in listed.texts
    assert "还没有负责人" in listed.texts
    page = await scene.look(f"/promises/{row.id}", token)
    page.send(f"promise-{row.id}", owner="service", due_at="2020-01-01T10:00")
    await page.until(lambda: page.refused("due_at"))
    page.send(f"promise-{row.id}", owner="service", due_at="2024-03-20T18:00")
    await page.until(lambda: any("已保存" in script for script in page.scripts))
    ledger = scene.container.statements.promises
    assert (await ledger.get(LIN, row.id)).owner == "service"
    viewer = await scene.look(f"/promises/{row.id}", await scene.person("wei", Role.VIEWER))
    assert f"submit-promise-{row.id}" not in viewer.keys
