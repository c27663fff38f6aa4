"""After the fire: why it happened, who changes what, and two people who sign."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.async_api import Page, expect

from service.auth import SYSTEM, Role
from service.db import tables
from service.ids import stable_id
from service.incidents import Action, Incident
from service.reviews import DepartmentDraft, EvidenceKind, ItemState, ReviewState
from tests.support.clock import START
from tests.support.console_walk import Walk
from tests.support.console_windows import a_window, reply
from tests.support.incident_scene import LEAD, evidence

WHYS = (
    ("为什么杯底漏水？", "一批杯底的密封圈装反了"),
    ("为什么会装反？", "密封圈两面看上去一样"),
    ("为什么装反了没有发现？", "每批只检首件"),
    ("为什么只检首件？", "检验规程这样写"),
    ("为什么规程这样写？", "当年产量小，后来没有人复核"),
)
GROUNDS = "https://wiki.example/leak\npost1\nevidence_saved"


@pytest.mark.timeout(560)
async def test_the_causes_of_a_red_incident_are_found_and_two_people_sign(walk: Walk):
    incident = await it_burnt(walk)
    rui = await a_window(walk, "rui", Role.RESPONDER)
    mei = await a_window(walk, "mei", Role.VIEWER)
    await a_department(walk, led_by="mei")
    await she_writes_the_whys(walk, rui, incident)
    await the_department_files_its_proposal(walk, mei)
    await its_owner_does_it(walk, rui)
    await walk.sign_in("hua", Role.LEAD)
    await another_verifies_it(walk)
    await and_closes_the_review(walk)
    await everything_is_kept(walk, incident)


async def it_burnt(walk: Walk) -> Incident:
    """A red incident that was answered and closed, its posts frozen, its steps noted."""
    posts = tuple(
        replace(evidence(number, at=START), snapshot={"text": text, "source": "weibo"})
        for number, text in enumerate(("杯子底部漏水，烫到手了", "又是晨屿，第二个了"), start=1)
    )
    incident = await walk.scene.open(tier="red", tier_rank=3, evidence=posts)
    for action in (Action.ACKNOWLEDGE, Action.RESPOND, Action.RESOLVE, Action.CLOSE):
        await walk.scene.container.desk.act(LEAD, incident.id, action, reason="已处理完")
    return incident


async def a_department(walk: Walk, *, led_by: str) -> None:
    """One that makes the cups, led by an account that only reads otherwise."""
    lead = (await people(walk))[led_by]
    draft = DepartmentDraft(id="production", name="生产部", lead=lead)
    await walk.scene.container.reviewing.departments.put(SYSTEM, draft)


async def people(walk: Walk) -> dict[str, str]:
    found = await walk.scene.container.users.page(limit=50)
    return {user.name: user.id for user in found.items}


async def she_writes_the_whys(walk: Walk, page: Page, incident: Incident) -> None:
    """From the page of the incident: five whys with their evidence, the cause, the department."""
    await page.goto(f"{walk.base}/console/incidents/{incident.id}")
    await page.locator("main").get_by_role("link", name="五问复盘").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("五问复盘：产品质量投诉")
    await expect(page.get_by_text("问满五次为什么，或写明不足五问的理由")).to_be_visible()
    await page.get_by_text("可以引用的步骤和帖子").click()
    await expect(page.locator("details li", has_text="杯子底部漏水")).to_contain_text("post1")
    for row, (question, answer) in enumerate(WHYS):
        await page.locator(f'[name="whys.{row}.question"]').fill(question)
        await page.locator(f'[name="whys.{row}.answer"]').fill(answer)
    await page.locator('[name="whys.0.evidence"]').fill("post7")
    await page.get_by_label("根本原因").fill("检验规程只要求首件")
    await page.get_by_label("根因类别").select_option("inspection")
    await page.get_by_role("button", name="保存").click()
    refused = "有一条凭据既不是网页地址，也不是本事件的步骤或留存的帖子"
    await expect(page.get_by_text(refused)).to_be_visible()
    await page.locator('[name="whys.0.evidence"]').fill(GROUNDS)
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_text("已保存")).to_be_visible()
    await page.locator('[data-key="involve"]').click()
    await reply(page, "加入部门", choice="生产部")
    await expect(page.get_by_text("等 生产部 提交改进，或由主管免除")).to_be_visible()
    await expect(page.get_by_text("由主管签字关闭。")).to_be_visible()
    assert await page.locator('[data-key="close"]').count() == 0


async def the_department_files_its_proposal(walk: Walk, page: Page) -> None:
    """Its lead, who may fill in nothing else of the review, proposes and takes it on."""
    await page.goto(f"{walk.base}/console/reviews")
    await page.get_by_role("link", name="产品质量投诉").click()
    await expect(page.get_by_text("只有响应、主管、法务和分析可以填写。")).to_be_visible()
    assert await page.locator('[name="whys.0.question"]').count() == 0
    await page.get_by_role("link", name="提交改进").click()
    await page.get_by_label("做什么").fill("每批抽检十件")
    await page.get_by_label("具体内容").fill("改检验规程，首件之外每批再抽十件做倒置试验")
    await page.get_by_label("负责人").select_option(label="rui")
    due = walk.scene.clock.now().astimezone(walk.scene.container.settings.zone)
    await page.get_by_label("期限").fill(f"{due + timedelta(days=10):%Y-%m-%dT%H:%M}")
    await page.get_by_label("类别").select_option("user")
    for name, level in (("影响", "5"), ("紧迫", "4"), ("工作量", "2")):
        await page.get_by_label(name).select_option(level)
    await page.get_by_role("button", name="保存").click()
    await page.get_by_role("link", name="每批抽检十件").click()
    await expect(page.get_by_text("5 × 4 ÷ 2 = 10")).to_be_visible()
    await page.locator('[data-key="to-accepted"]').click()
    await expect(page.get_by_text("现在是：已采纳")).to_be_visible()


async def its_owner_does_it(walk: Walk, page: Page) -> None:
    """Done is not proven: whoever did it cannot verify it."""
    await page.goto(f"{walk.base}/console/improvements")
    await page.get_by_role("link", name="每批抽检十件").click()
    for move, state in (("doing", "在做"), ("done", "待核验")):
        await page.locator(f'[data-key="to-{move}"]').click()
        await expect(page.get_by_text(f"现在是：{state}")).to_be_visible()
    await expect(page.get_by_text("由既不负责也没有做这项改进的主管核验。")).to_be_visible()
    assert await page.locator('[data-key="to-verified"]').count() == 0


async def another_verifies_it(walk: Walk) -> None:
    """The second signature: a lead says how one sees that it works."""
    page = walk.page
    await walk.go("/improvements?state=done")
    await page.get_by_role("link", name="每批抽检十件").click()
    await page.locator('[data-key="to-verified"]').click()
    await reply(page, "核验通过", reason="新规程已执行两批，二十件无一漏水")
    await expect(page.get_by_text("现在是：已核验")).to_be_visible()
    await walk.accessible()
    await walk.shot("after-improvement")


async def and_closes_the_review(walk: Walk) -> None:
    """She reads what was written, signs, and nothing can be changed any more."""
    page = walk.page
    await page.get_by_role("link", name="打开复盘").click()
    await expect(page.get_by_text("都齐了，可以关闭")).to_be_visible()
    await expect(page.locator('[name="whys.4.answer"]')).to_have_value(WHYS[4][1])
    await walk.shot("after-review")
    await page.locator('[data-key="close"]').click()
    await reply(page, "签字并关闭")
    await expect(page.get_by_text("由 hua 关闭")).to_be_visible()
    await expect(page.locator(".quote", has_text="每批只检首件")).to_be_visible()
    assert await page.locator('[name="whys.0.question"]').count() == 0
    await walk.accessible()
    await walk.shot("after-closed")
    await walk.calm()


async def everything_is_kept(walk: Walk, incident: Incident) -> None:
    """What the database says in the end."""
    scene, ids = walk.scene, await people(walk)
    file = await scene.container.reviewing.desk.file(LEAD, stable_id("cau", incident.id))
    review = file.review
    assert (review.state, review.closed_by) == (ReviewState.CLOSED, ids["hua"])
    assert [(why.question, why.answer) for why in review.form.whys] == list(WHYS)
    kinds = [item.kind for item in review.form.whys[0].evidence]
    assert kinds == [EvidenceKind.URL, EvidenceKind.POST, EvidenceKind.STEP]
    assert review.form.cause_class == "inspection"
    (item,) = file.improvements
    assert (item.state, item.owner, item.rank) == (ItemState.VERIFIED, ids["rui"], 10.0)
    assert (item.proposed_by, item.done_by) == (ids["mei"], ids["rui"])
    assert item.verified_by == ids["hua"]
    step = (await scene.steps(incident.id))["five_why_review"]
    assert (step.state, step.done_by) == ("done", ids["hua"])
    points = [(row["reason"], row["points"]) for row in await scene.rows(tables.department_point)]
    assert sorted(points) == [("on_time_proposal", 2), ("verified_improvement", 5)]
    deeds = {row["action"]: row["actor"] for row in await scene.rows(tables.audit_entry)}
    assert deeds["cause_review.form_saved"] == ids["rui"]
    assert deeds["cause_review.closed"] == ids["hua"]
    assert "review.closed" in await scene.told()
