"""A red incident as people live it: from the page's link to the closed review, in real browsers."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import select

from service.api.mount import mount_api
from service.auth import SYSTEM, Role
from service.db import tables
from service.delivery.channels.links import Link
from service.ids import stable_id
from service.incidents import Incident, State
from service.monitors import BrandDraft, ChannelDraft, ChannelKind
from service.reviews import DepartmentDraft, ReviewState
from service.statements import PromiseFilter
from service.statements import State as StatementState
from tests.support.clock import START
from tests.support.console_scene import ConsoleScene
from tests.support.console_walk import Walk
from tests.support.console_windows import a_window, reply
from tests.support.incident_scene import LEAD, evidence

VALUES = {
    "品牌或公司全称": "晨屿",
    "产品名称和型号": "青柚茶保温杯",
    "用户反映的问题，照用户的原意写": "杯底漏水",
    "已经采取的措施，只写做完的": "相关批次已停止销售",
    "人工电话或专线及服务时间": "官方客服，每天八点到二十二点",
}
pytestmark = pytest.mark.timeout(560)


async def test_a_red_incident_from_the_page_link_to_the_closed_review(walk: Walk):
    incident = await it_is_red(walk)
    rui = await a_window(walk, "rui", Role.RESPONDER)
    await she_acknowledges_from_the_link(walk, rui, incident)
    await she_works_the_checklist(walk, rui, incident)
    statement = await she_drafts_the_statement(walk, rui)
    await others_approve_it(walk, statement)
    await she_publishes_it(walk, rui, statement)
    await a_lead_closes_it(walk, rui, incident)
    await the_causes_are_reviewed(walk, rui, incident)
    await everything_is_kept(walk, incident, statement)


async def it_is_red(walk: Walk) -> Incident:
    """One of the gravest tier, with posts as evidence, of which a channel has been told."""
    mount_api(walk.scene.app, walk.scene.container)
    container = walk.scene.container
    await container.brands.put(SYSTEM, BrandDraft(id="chenyu", name="晨屿"))
    draft = DepartmentDraft(id="production", name="生产部")
    await container.reviewing.departments.put(SYSTEM, draft)
    posts = tuple(
        replace(evidence(number, at=START), snapshot={"text": text, "source": "weibo"})
        for number, text in enumerate(("杯子底部漏水，烫到手了", "又是晨屿，第二个了"), start=1)
    )
    incident = await walk.scene.open(tier="red", tier_rank=3, evidence=posts)
    await walk.scene.deliver(ChannelDraft(id="ops", kind=ChannelKind.RECORDING, name="值班群"))
    return incident


async def she_acknowledges_from_the_link(walk: Walk, page: Page, incident: Incident) -> None:
    """The link of a page that was really sent; opening it does nothing, its button does."""
    told = await walk.scene.rows(tables.outbox)
    (message,) = {row["id"] for row in told if row["type"] == "incident.opened"}
    link = Link(
        incident_id=incident.id,
        channel_id="ops",
        message_id=message,
        person=None,
        ends_at=walk.scene.clock.now() + timedelta(hours=1),
    )
    await page.goto(walk.scene.container.links.address(link))
    assert (await walk.scene.get(incident.id)).state is State.NEW
    await page.locator("form button").click()
    await page.locator("a").first.wait_for()
    assert (await walk.scene.get(incident.id)).state is State.ACKNOWLEDGED
    await page.locator("a").first.click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("产品质量投诉")
    await expect(page.locator(".state", has_text="已接警")).to_be_visible()


async def she_works_the_checklist(walk: Walk, page: Page, incident: Incident) -> None:
    """Respond, do a step with a note, undo it, do it again, and skip one with a reason."""
    await page.locator('[data-key="action-respond"]').click()
    await expect(page.locator('[data-key="action-respond"]')).to_have_count(0)
    await do_step(page, "evidence_saved", "已存证 12 张，哈希已核对")
    await page.locator('[data-key="undo"]').click()
    await expect(page.locator('[data-key="do-evidence_saved"]')).to_be_visible()
    await do_step(page, "evidence_saved", "已存证 12 张，哈希已核对")
    await page.locator('[data-key="skip-team_complete"]').click()
    dialog = page.locator(".ask")
    await dialog.locator("textarea").fill("三人都在一个办公室，当面到齐")
    await dialog.get_by_role("button", name="跳过").click()
    await expect(page.locator('[data-key="skip-team_complete"]')).to_have_count(0)
    await do_step(page, "impact_assessed", "涉及一个批次，约 38 件")
    steps = await walk.scene.steps(incident.id)
    assert steps["evidence_saved"].state == "done"
    assert steps["team_complete"].state == "skipped"


async def do_step(page: Page, name: str, note: str) -> None:
    await page.locator(f'[data-key="do-{name}"]').click()
    dialog = page.locator(".ask")
    await dialog.locator("textarea").fill(note)
    await dialog.get_by_role("button", name="完成").click()
    await expect(page.locator(f'[data-key="do-{name}"]')).to_have_count(0)


async def she_drafts_the_statement(walk: Walk, page: Page) -> str:
    """From the step's own link: filled in, judged while it is typed, and saved by itself."""
    await page.locator("#step-holding_statement").get_by_role("link", name="起草声明").click()
    await page.get_by_role("button", name="开始起草").first.click()
    await page.wait_for_url("**/statements/stm_*")
    statement = page.url.rsplit("/", 1)[1].split("?")[0]
    for label, value in VALUES.items():
        await page.get_by_label(label).fill(value)
    await page.get_by_role("button", name="填入正文").click()
    text = page.locator('textarea[name="text"]')
    await expect(text).to_have_value(re.compile("青柚茶保温杯杯底漏水"))
    mended = await text.input_value()
    await text.fill(f"{mended}\n我们的杯子绝对不会再漏。")
    must = page.locator(".step-breached")
    await expect(must.first).to_be_visible()
    await expect(page.get_by_text("改完才能送审")).to_be_visible()
    await text.fill(mended)
    await expect(page.locator('[data-key="submit"]')).to_be_visible()
    for promise in await walk.scene.container.statements.promises.page(
        LEAD, PromiseFilter(statement_id=statement)
    ):
        form = page.locator(f'form[data-form="promise-{promise.id}"]')
        await form.get_by_label("负责人").select_option("pr")
        due = walk.scene.clock.now().astimezone(walk.scene.container.settings.zone)
        await form.get_by_label("期限").fill(f"{due + timedelta(days=3):%Y-%m-%dT%H:%M}")
        await form.get_by_role("button", name="保存").click()
        await expect(page.get_by_text("已指定").first).to_be_visible()
    await page.locator('[data-key="submit"]').click()
    await expect(page.locator(".said-submitted").first).to_be_visible()
    return statement


async def others_approve_it(walk: Walk, statement: str) -> None:
    """Each in a window of their own; nobody's approval alone is enough in red."""
    people = (
        ("lin", Role.LEAD, "lead"),
        ("mei", Role.LEAD, "lead"),
        ("fa", Role.LEGAL, "legal"),
    )
    for name, role, capacity in people:
        page = await a_window(walk, name, role)
        await page.goto(f"{walk.base}/console/statements/{statement}")
        await page.locator(f'[data-key="approve-{capacity}"]').click()
        await page.locator(".ask").get_by_role("button", name="批准").click()
        await expect(page.get_by_text(f"{name} 以")).to_be_visible()
        await expect(page.locator('[data-key^="approve-"]')).to_have_count(0)
        await page.context.close()
        walk.scene.clock.step(seconds=1)  # pages look again once time has passed


async def she_publishes_it(walk: Walk, page: Page, statement: str) -> None:
    """Her page has followed by itself; she notes where it is out, and the step is done with it."""
    await expect(page.locator(".said-approved").first).to_be_visible()
    await page.get_by_label("发布在哪里").fill("官方微博")
    await page.get_by_label("链接", exact=True).fill("https://social.example/chenyu/1")
    await page.get_by_label("同时把剧本里要求这份声明的步骤记为完成").check()
    await page.get_by_role("button", name="登记发布").click()
    await expect(page.locator(".said-published").first).to_be_visible()
    await walk.shot("red-statement")


async def a_lead_closes_it(walk: Walk, page: Page, incident: Incident) -> None:
    """She resolves it; closing is a lead's, who sees what she did without loading anew."""
    lead = await a_window(walk, "hua", Role.LEAD)
    await lead.goto(f"{walk.base}/console/incidents/{incident.id}")
    await expect(lead.locator('[data-key="action-resolve"]')).to_be_visible()
    await page.goto(f"{walk.base}/console/incidents/{incident.id}")
    await page.locator('[data-key="action-resolve"]').click()
    await page.locator(".ask").get_by_role("button", name="标为已解决").click()
    await expect(page.locator(".state-resolved").first).to_be_visible()
    assert await page.locator('[data-key="action-close"]').count() == 0
    walk.scene.clock.step(seconds=1)
    await expect(lead.locator(".news", has_text="rui")).to_be_visible()
    await lead.locator('[data-key="action-close"]').click()
    await lead.locator(".ask").get_by_role("button", name="结案").click()
    await expect(lead.locator(".state-closed").first).to_be_visible()
    await expect(lead.locator("main").get_by_role("link", name="五问复盘")).to_be_visible()
    await lead.context.close()


async def the_causes_are_reviewed(walk: Walk, page: Page, incident: Incident) -> None:
    """She finds out why, and a lead excuses the department and signs.

    Proposals and their proof are the walk of test_after_the_fire.
    """
    await page.goto(f"{walk.base}/console/incidents/{incident.id}")
    await page.locator("main").get_by_role("link", name="五问复盘").click()
    for row in range(5):
        await page.locator(f'[name="whys.{row}.question"]').fill(f"为什么{row + 1}？")
        await page.locator(f'[name="whys.{row}.answer"]').fill("没有人负责")
    await page.get_by_label("根本原因").fill("出厂没有逐件检漏")
    await page.get_by_label("根因类别").select_option("production")
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_text("已保存")).to_be_visible()
    await page.locator('[data-key="involve"]').click()
    await reply(page, "加入部门", choice="生产部")
    await expect(page.get_by_text("由主管签字关闭。")).to_be_visible()
    lead = await a_window(walk, "qing", Role.LEAD)
    await lead.goto(page.url)
    await lead.locator('[data-key="excuse-production"]').click()
    await reply(lead, "免除", reason="已在上一次复盘里提过")
    await lead.locator('[data-key="close"]:not([disabled])').click()
    await reply(lead, "签字并关闭")
    await expect(lead.get_by_text("由 qing 关闭")).to_be_visible()
    await lead.context.close()


async def everything_is_kept(walk: Walk, incident: Incident, statement: str) -> None:
    """What the database says in the end."""
    scene = walk.scene
    assert (await scene.get(incident.id)).state is State.CLOSED
    file = await scene.container.statements.reading.file(LEAD, statement)
    assert file.statement.state is StatementState.PUBLISHED
    approvals = [item for item in file.approvals if item.voided_at is None]
    assert len({item.person for item in approvals}) == 3
    assert file.edition.number > 2, "it saved itself while it was typed"
    steps = await scene.steps(incident.id)
    assert {steps[name].state for name in ("holding_statement", "five_why_review")} == {"done"}
    review = await scene.container.reviewing.desk.file(LEAD, stable_id("cau", incident.id))
    assert review.review.state is ReviewState.CLOSED
    assert review.review.form.root_cause == "出厂没有逐件检漏"
    assert review.review.closed_by not in (None, review.review.owner)
    deeds = await audited(scene, incident.id)
    for deed in (
        "incident.acknowledge",
        "incident.respond",
        "step.done",
        "step.reopened",
        "step.skipped",
        "statement.drafted",
        "statement.submitted",
        "statement.approved",
        "statement.published",
        "incident.resolve",
        "incident.close",
    ):
        assert deed in deeds, deed
    assert deeds.count("statement.approved") == 3
    sent = [row for row in await scene.rows(tables.delivery) if row["channel_id"] == "ops"]
    assert {row["state"] for row in sent} == {"sent"}


async def audited(scene: ConsoleScene, incident_id: str) -> list[str]:
    trail = tables.audit_entry
    wanted = select(trail.c.action).where(trail.c.subject_id == incident_id).order_by(trail.c.id)
    async with scene.database.read() as connection:
        return list((await connection.execute(wanted)).scalars())
