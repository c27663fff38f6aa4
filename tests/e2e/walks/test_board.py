"""The board walked: a period is chosen, an indicator opened, its posts found, a threshold set."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from service.auth import SYSTEM, Role
from service.indicators import IndicatorId
from tests.support.console_walk import Walk
from tests.support.insight_scene import MONITOR, brands, feeds, posts


@pytest.mark.timeout(360)
async def test_from_a_number_to_what_is_behind_it(walk: Walk):
    await brands(walk.scene)
    await posts(walk.scene)
    await feeds(walk.scene)
    page, main = walk.page, walk.page.locator("#main")
    await walk.sign_in("lin", Role.ANALYST)
    await walk.go("/board")
    await page.get_by_role("link", name="近 30 天").click()
    await page.wait_for_url("**period=month**")
    tile = page.locator("[data-key='indicator-negative_share']")
    await expect(tile).to_contain_text("%")
    await expect(tile).to_contain_text("比前一段时间")
    # Every chart has drawn, and each has its numbers for whoever cannot see it.
    for title in ("声量走势", "一周里什么时候发帖", "从帖子到平息", "声量份额", "传得最广的一串"):
        figure = main.locator("figure", has_text=title).first
        await expect(figure.locator("canvas").first).to_be_visible()
        await expect(figure.locator("summary")).to_be_visible()
    await walk.shot("board", whole=True)
    # A drawing follows its window a moment later: until then it may be too wide, the page not.
    await main.locator("canvas").first.evaluate(
        "it => { it.parentElement.style.width = '3000px'; }"
    )
    await walk.calm()
    await tile.click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("负面占比")
    assert "period=month" in page.url
    await expect(main).to_contain_text("按维度")
    behind = main.get_by_role("link", name="情感 · 负面")
    address = await behind.get_attribute("href")
    assert address is not None
    assert address.startswith("/console/posts?")
    assert f"monitor={MONITOR}" in address
    assert "sentiment=negative" in address

    form = page.locator(f"form[data-form='threshold-{MONITOR}-negative_share']")
    await form.get_by_label("黄线").fill("0.2")
    await form.get_by_label("橙线").fill("0.1")
    await form.get_by_role("button", name="保存").click()
    await expect(form.locator("[aria-invalid='true']")).to_have_count(1)
    await form.get_by_label("橙线").fill("0.35")
    await form.get_by_role("button", name="保存").click()
    await expect(page.get_by_text("预警线已保存")).to_be_visible()
    await walk.calm()
    every = await walk.scene.container.indicators.desk.every(SYSTEM, MONITOR)
    kept = next(
        it.threshold for it in every if it.threshold.indicator is IndicatorId.NEGATIVE_SHARE
    )
    assert (kept.levels.yellow, kept.levels.orange) == (0.2, 0.35)
    assert kept.version == 1


@pytest.mark.timeout(360)
async def test_the_wall_stays_live_without_a_hand_on_it(walk: Walk):
    await brands(walk.scene)
    await posts(walk.scene, days=3, a_day=60)
    await feeds(walk.scene)
    page = walk.page
    await walk.sign_in("lin", Role.VIEWER)
    await walk.go("/wall")
    await expect(page.locator(".wall-tiles")).to_be_visible()
    await expect(page.locator("#main button, #main form, #main select")).to_have_count(0)
    incident = await walk.scene.open(monitor_id=MONITOR)
    walk.scene.clock.step(seconds=1)
    await expect(page.locator(".wall-rows li")).to_have_count(2)
    # Nothing is out of sight on a screen that nobody scrolls.
    high = await page.evaluate("document.documentElement.scrollHeight - innerHeight")
    assert high <= 0, f"the wall is {high} px too high"
    size = await page.evaluate(
        "parseFloat(getComputedStyle(document.querySelector('.wall-rows .strong')).fontSize)"
    )
    assert size >= 20
    await walk.accessible()
    await walk.calm()
    await walk.shot("wall")
    assert incident.id
