"""A rule walked: another bound played over stored posts, both sides seen, then put in shadow."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from crawlers import Author, Post
from service.auth import SYSTEM, Role
from service.backtest import BacktestState
from service.db import tables
from service.jobs import Job
from service.monitors import BrandDraft, MonitorDraft
from service.rules import RuleState
from tests.support.console_walk import Walk
from tests.support.watch_scene import FINE, HURT

RULE = "injury_single"


async def told(walk: Walk) -> None:
    """Posts of two days: one of somebody who was hurt among others who were not."""
    container = walk.scene.container
    await container.brands.put(SYSTEM, BrandDraft(id="tea", name="青柚茶"))
    monitor = MonitorDraft(id="tea", name="青柚茶全部", query="青柚茶", brand_id="tea")
    await container.monitors.put(SYSTEM, monitor)
    begin = walk.scene.clock.now() - timedelta(days=2)
    posts = [
        Post(
            source="weibo",
            native_id=str(number),
            published_at=begin + timedelta(hours=number),
            text=HURT if number == 20 else f"{FINE}，第{number}杯",
            author=Author(id=f"u{number}", name=f"人{number}"),
        )
        for number in range(30)
    ]
    await container.ingest.ingest(posts, via="push")


async def played(walk: Walk) -> None:
    """The worker's job takes up what was asked for, until it has ended."""
    container = walk.scene.container
    job: Job = next(item for item in container.upkeep if item.name == "backtest")
    for _ in range(600):
        await job.run(walk.scene.clock.now())
        (run,) = (await container.backtests.page(after=None, limit=1)).items
        if run.finished_at is not None:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"{run.stage} goes on")


@pytest.mark.timeout(600)
async def test_a_rule_is_back_tested_and_put_in_shadow(walk: Walk):
    scene, page = walk.scene, walk.page
    await told(walk)
    await walk.sign_in("lin", Role.ANALYST)
    await walk.go("/rules?q=injury_single")
    await page.get_by_role("link", name="单帖人身伤害").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("单帖人身伤害")
    bound = page.locator("form [name='bound0']")
    await expect(bound).to_have_value("1")
    await bound.fill("25")
    await page.get_by_role("button", name="先回测近 30 天").click()

    await page.wait_for_url("**/backtests/btt_*")
    await expect(page.get_by_text("排队中")).to_be_visible()
    await played(walk)
    await expect(page.get_by_text("少开 1 件")).to_be_visible(timeout=15_000)
    lost = page.locator("details.differing", has_text="青柚茶全部").first
    await lost.locator("summary").click()
    await expect(lost).to_contain_text("食物中毒")
    await walk.accessible()
    await walk.shot("rule-backtest", whole=True)

    await page.get_by_role("button", name="先影子运行").click()
    dialog = page.locator(".q-dialog .ask")
    await expect(dialog).to_contain_text("不开事件、不通知任何人")
    await dialog.get_by_role("button", name="先影子运行").click()
    await page.wait_for_url(f"**/rules/{RULE}")
    await expect(page.get_by_text("◐ 影子").first).to_be_visible()
    await expect(page.locator("form [name='bound0']")).to_have_value("25")
    await walk.calm()

    container = scene.container
    (run,) = (await container.backtests.page(after=None, limit=5)).items
    assert run.state is BacktestState.DONE
    assert run.result is not None
    assert (run.result["current"]["incidents"], run.result["candidate"]["incidents"]) == (1, 0)
    record = container.rules.directory.get(RULE)
    assert (record.state, record.version) == (RuleState.SHADOW, 1)
    async with container.database.read() as connection:
        overlays = (await connection.execute(select(tables.rule_overlay))).all()
        audited = await connection.execute(
            select(tables.audit_entry.c.action).where(tables.audit_entry.c.subject_id == RULE)
        )
        (action,) = audited.scalars().all()
    assert [(row.id, row.data["mode"]) for row in overlays] == [(RULE, "shadow")]
    assert list(overlays[0].data["thresholds"].values()) == [25]
    assert action == "rule.created"
