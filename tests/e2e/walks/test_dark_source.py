"""A source that went dark, seen and explained: on the board, on its own page, in its incident."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from service.auth import SYSTEM, Role
from service.db import tables
from service.jobs import advance
from service.monitors import BrandDraft, MonitorDraft, SourceDraft
from tests.e2e.line import LOOPBACK, rows
from tests.support.console_walk import Walk, open_walk
from tests.support.feed_server import PATH, FeedServer
from tests.support.mock_site import Answer, mock_site


async def _live(walk: Walk, **duration: float) -> None:
    """Let the service live on: it pulls, stores, and watches."""
    container, clock = walk.scene.container, walk.scene.clock
    jobs = (container.crawl, *container.line, container.coverage_watch)
    await advance(clock, jobs, clock.now() + timedelta(**duration))


@pytest.mark.timeout(480)
async def test_a_source_that_went_dark_is_seen_and_explained(browser: Browser, tmp_path: Path):
    async with (
        mock_site() as site,
        open_walk(
            browser,
            tmp_path,
            FENGSUI_FETCH_ALLOW_NETWORKS=LOOPBACK,
            FENGSUI_ENCODER="lexical",
            FENGSUI_CANARY="false",
        ) as walk,
    ):
        container, page = walk.scene.container, walk.page
        feed = FeedServer(site)
        await container.brands.put(SYSTEM, BrandDraft(id="chenyu", name="晨屿"))
        watched = MonitorDraft(id="chenyu", name="晨屿 舆情", query="晨屿", brand_id="chenyu")
        await container.monitors.put(SYSTEM, watched)
        source = SourceDraft(id="morning", kind="rss", name="晨报", settings={"url": feed.url})
        await container.sources.put(SYSTEM, source)
        for number in range(4):
            at = walk.scene.clock.now()
            feed.publish(f"urn:{number}", f"晨屿的第 {number} 条新闻，今天开了新店", at=at)
            await _live(walk, minutes=6)

        await walk.sign_in("lin", Role.RESPONDER)
        await walk.go("/board")
        chip = page.locator("[data-key='feed-morning']")
        await expect(chip).to_contain_text("正常")

        site.on(PATH, Answer(status=403))
        await _live(walk, hours=2)
        await walk.go("/board")
        await expect(chip).to_contain_text("看不见")
        await expect(chip).to_contain_text("被拒绝")
        await walk.shot("dark-source-board")
        await chip.click()

        main = page.locator("#main")
        await expect(main.get_by_role("heading", name="morning")).to_be_visible()
        await expect(main).to_contain_text("从此时起")
        await expect(main).to_contain_text("拒绝了抓取")
        await expect(main).to_contain_text("403")
        await expect(main).to_contain_text("先在配置里点“测试”")
        await expect(main.get_by_role("link", name="晨屿 舆情")).to_be_visible()
        configure = main.get_by_role("link", name="这个数据源的配置")
        await expect(configure).to_have_attribute("href", "/console/sources/morning")
        await walk.accessible()
        await walk.calm()
        await walk.shot("dark-source")
        await page.locator("[data-key='feed-incident']").click()
        await expect(page.get_by_role("heading", level=1)).to_contain_text("采集中断")

        (incident,) = await rows(container, tables.incident)
        (dark,) = await rows(container, tables.feed)
        (gap,) = await rows(container, tables.feed_gap)
        assert (incident.kind, incident.state) == ("coverage", "new")
        assert page.url.endswith(f"/incidents/{incident.id}")
        assert (dark.sight, dark.dark, dark.incident_id) == ("blocked", True, incident.id)
        assert gap.until is None
        assert "403" in gap.detail

        site.on(PATH, feed._answer)
        feed.publish("urn:9", "晨屿的新品来了", at=walk.scene.clock.now())
        await _live(walk, hours=1)
        await walk.go("/coverage/morning")
        await expect(main).to_contain_text("正常")
        await expect(main.get_by_text("还在持续")).to_have_count(0)
        (incident,) = await rows(container, tables.incident)
        (gap,) = await rows(container, tables.feed_gap)
        assert incident.state == "resolved"
        assert gap.until is not None
