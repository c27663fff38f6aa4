"""5-Why reviews in the console: filled in, departments named, proposals filed, closed."""

from __future__ import annotations

from typing import Any

from service.auth import SYSTEM, Role
from service.incidents import Action
from service.reviews import EvidenceKind, ItemState, ReviewState
from tests.support.console_aftermath_samples import (
    FORM,
    closed,
    department,
    proposed,
)
from tests.support.console_scene import ConsoleScene
from tests.support.incident_scene import LEAD

WHY: dict[str, Any] = {
    "whys.0.question": "为什么批次检验没有发现？",
    "whys.0.answer": "抽检只看首件",
    "whys.0.evidence": "https://wiki.example/1\npost1\nfive_why_review",
    "stopped_early": "第一问已落到流程",
    "root_cause": "抽检规程只要求首件",
    "cause_class": "inspection",
}
ITEM: dict[str, Any] = {
    "title": "批次全检",
    "description": "每批抽检十件",
    "department": "quality",
    "owner": "",
    "due_at": "2026-12-24T10:00",
    "kind": "user",
    "impact": "4",
    "urgency": "3",
    "effort": "2",
}


async def test_no_review_says_when_one_begins(scene: ConsoleScene):
    page = await scene.look("/reviews", await scene.person("wang", Role.LEAD))
    assert "没有进行中的复盘" in page.texts


async def test_the_form_is_saved_with_its_evidence(scene: ConsoleScene):
    review = await closed(scene)
    token = await scene.person("wang", Role.RESPONDER)
    page = await scene.look(f"/reviews/{review.id}", token)
    page.send(f"review-{review.id}", **WHY)
    await page.until(lambda: any("已保存" in script for script in page.scripts))
    kept = (await scene.container.reviewing.desk.file(SYSTEM, review.id)).review.form
    (why,) = kept.whys
    kinds = [item.kind for item in why.evidence]
    assert kinds == [EvidenceKind.URL, EvidenceKind.POST, EvidenceKind.STEP]
    assert (kept.root_cause, kept.cause_class) == ("抽检规程只要求首件", "inspection")


async def test_the_id_of_an_incident_leads_to_its_review(scene: ConsoleScene):
    review = await closed(scene)
    page = await scene.look(f"/reviews/{review.incident_id}", await scene.person("wang", Role.LEAD))
    assert f"submit-review-{review.id}" in page.keys


async def test_a_mistake_stands_at_its_row_though_a_row_before_is_empty(scene: ConsoleScene):
    review = await closed(scene)
    page = await scene.look(f"/reviews/{review.id}", await scene.person("wang", Role.LEAD))
    sent = {"whys.2.question": "为什么？", "whys.2.answer": "因为", "whys.2.evidence": "post99"}
    page.send(f"review-{review.id}", **sent)
    await page.until(lambda: page.refused("whys.2.evidence"))
    page.send(f"review-{review.id}", **{"whys.3.question": "只有问题"})
    await page.until(lambda: page.refused("whys.3.answer"))
    assert not (await scene.container.reviewing.desk.file(SYSTEM, review.id)).review.form.whys


async def test_who_saves_later_sees_what_the_other_changed(scene: ConsoleScene):
    review = await closed(scene)
    page = await scene.look(f"/reviews/{review.id}", await scene.person("wang", Role.LEAD))
    await scene.container.reviewing.desk.save(LEAD, review.id, FORM)
    page.send(f"review-{review.id}", **WHY)
    await page.until(lambda: "keep-mine" in page.keys)
    kept = (await scene.container.reviewing.desk.file(SYSTEM, review.id)).review.form
    assert kept.root_cause == FORM.root_cause


async def test_closing_names_what_is_missing_and_then_signs(scene: ConsoleScene):
    review = await closed(scene)
    await department(scene)
    desk = scene.container.reviewing.desk
    token = await scene.person("wang", Role.LEAD)
    page = await scene.look(f"/reviews/{review.id}", token)
    assert {"✗ 写出根本原因", "✗ 写明涉及的部门"} <= set(page.texts)
    page.press("involve")
    await page.until(
        lambda: "加入的部门要在复盘到期前提交一项改进，按时得分，迟了扣分。" in page.texts
    )
    await desk.save(LEAD, review.id, FORM)
    await desk.involve(LEAD, review.id, "quality")
    page = await scene.look(f"/reviews/{review.id}", token)
    assert "✗ 等 品控部 提交改进，或由主管免除" in page.texts
    await proposed(scene, review.id)
    page = await scene.look(f"/reviews/{review.id}", token)
    assert "✓ 都齐了，可以关闭" in page.texts
    page.press("close")
    await page.until(lambda: "关闭这次复盘？" in page.texts)
    page.answer("签字并关闭")
    await page.until(lambda: any("复盘已关闭" in script for script in page.scripts))
    assert (await desk.file(SYSTEM, review.id)).review.state is ReviewState.CLOSED
    read = await scene.look(f"/reviews/{review.id}", token)
    assert "抽检只看首件" in read.texts
    assert "close" not in read.keys


async def test_a_proposal_is_filed_moved_and_verified_by_somebody_else(scene: ConsoleScene):
    review = await closed(scene)
    await department(scene)
    desks = scene.container.reviewing
    await desks.desk.involve(LEAD, review.id, "quality")
    token = await scene.person("wang", Role.LEAD)
    page = await scene.look(f"/reviews/{review.id}/propose", token)
    page.send(f"propose-{review.id}", **ITEM)
    await page.until(lambda: any("改进已提交" in script for script in page.scripts))
    (item,) = (await desks.desk.file(SYSTEM, review.id)).improvements
    assert (item.title, item.rank) == ("批次全检", 6.0)
    assert "批次全检" in (await scene.look("/improvements", token)).texts
    for name, state in (
        ("accepted", ItemState.ACCEPTED),
        ("doing", ItemState.DOING),
        ("done", ItemState.DONE),
    ):
        page = await scene.look(f"/improvements/{item.id}", token)
        page.press(f"to-{name}")
        await page.until(lambda page=page: any("现在是" in script for script in page.scripts))
        assert (await desks.improvements.get(SYSTEM, item.id)).state is state
    mine = await scene.look(f"/improvements/{item.id}", token)
    assert "to-verified" not in mine.keys
    assert {"由既不负责也没有做这项改进的主管核验。", "退回重做"} <= set(mine.texts)
    other = await scene.look(f"/improvements/{item.id}", await scene.person("zhao", Role.LEAD))
    other.press("to-verified")
    await other.until(lambda: any("写下怎样看出它有效" in text for text in other.texts))
    other.answer("核验通过")
    await other.until(lambda: any("现在是" in script for script in other.scripts))
    assert (await desks.improvements.get(SYSTEM, item.id)).state is ItemState.VERIFIED


async def test_an_improvement_is_written_anew_and_a_bad_date_is_said_at_its_field(
    scene: ConsoleScene,
):
    review = await closed(scene)
    await department(scene)
    item = await proposed(scene, review.id)
    page = await scene.look(f"/improvements/{item.id}", await scene.person("wang", Role.LEAD))
    page.send(f"improvement-{item.id}", **(ITEM | {"due_at": "2001-01-01T10:00"}))
    await page.until(lambda: page.refused("due_at"))
    page.send(f"improvement-{item.id}", **(ITEM | {"title": "每批全检"}))
    await page.until(lambda: any("已保存" in script for script in page.scripts))
    kept = await scene.container.reviewing.improvements.get(SYSTEM, item.id)
    assert kept.title == "每批全检"


async def test_who_may(scene: ConsoleScene):
    review = await closed(scene)
    await department(scene)
    item = await proposed(scene, review.id)
    token = await scene.person("viv", Role.VIEWER)
    page = await scene.look(f"/reviews/{review.id}", token)
    assert {"close", "assign", "involve", "excuse-quality"}.isdisjoint(page.keys)
    assert f"submit-review-{review.id}" not in page.keys
    page = await scene.look(f"/improvements/{item.id}", token)
    assert not [key for key in page.keys if key.startswith(("to-", "submit-improvement"))]
    browser = await scene.http(token)
    assert (await browser.get(f"/console/reviews/{review.id}/propose")).status_code == 403
    assert (await browser.get("/console/reviews/none")).status_code == 404
    assert (await browser.get("/console/improvements/none")).status_code == 404
    classifier = await scene.http(await scene.person("bot", Role.CLASSIFIER))
    assert (await classifier.get("/console/reviews")).status_code == 403


async def test_an_incident_that_was_reopened_cannot_have_its_review_closed(scene: ConsoleScene):
    review = await closed(scene)
    desk = scene.container.reviewing.desk
    await department(scene)
    await desk.save(LEAD, review.id, FORM)
    await proposed(scene, review.id)
    page = await scene.look(f"/reviews/{review.id}", await scene.person("wang", Role.LEAD))
    await scene.container.desk.act(LEAD, review.incident_id, Action.REOPEN, reason="又来了")
    page.press("close")
    await page.until(lambda: "关闭这次复盘？" in page.texts)
    page.answer("签字并关闭")
    await page.until(lambda: any("close it first" in text for text in page.told))
    assert (await desk.file(SYSTEM, review.id)).review.state is ReviewState.OPEN
