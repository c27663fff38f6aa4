"""A monitor is written with a mistake, mended, looked through, tried out, saved and back-filled."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from playwright.async_api import expect

from crawlers import Author, Post
from service.auth import SYSTEM, Role
from service.jobs import Job, advance
from service.monitors import BrandDraft
from service.stores import PostQuery
from tests.support.console_scene import ConsoleScene
from tests.support.console_walk import Walk

SAID = ("晨屿咖啡喝完食物中毒进了ICU", "晨屿招聘咖啡师", "云雀奶茶好喝", "晨屿的茶凉了")


def job(scene: ConsoleScene, name: str) -> Job:
    (found,) = (each for each in scene.container.upkeep if each.name == name)
    return found


async def posts(scene: ConsoleScene) -> None:
    await scene.container.brands.put(SYSTEM, BrandDraft(id="chenyu", name="晨屿"))
    written = [
        Post(
            source="weibo",
            native_id=str(number),
            published_at=scene.clock.now() - timedelta(hours=number),
            text=text,
            author=Author(id=f"u{number}", name=f"人{number}"),
        )
        for number, text in enumerate(SAID, start=1)
    ]
    await scene.container.ingest.ingest(written, via="push")


@pytest.mark.timeout(360)
async def test_a_monitor_from_its_first_mistake_to_its_back_fill(walk: Walk):
    scene, page = walk.scene, walk.page
    await posts(scene)
    await walk.sign_in("lin", Role.ANALYST)
    await walk.go("/monitors")
    await page.get_by_role("link", name="新建方案").click()
    await expect(page.get_by_role("heading", level=1, name="新建方案")).to_be_visible()
    await page.wait_for_function("window.fengsui?.connected?.() === true")

    await page.get_by_label("编号").fill("chenyu-drinks")
    await page.get_by_label("名称").fill("晨屿饮品")
    await page.get_by_label("品牌").select_option("chenyu")
    query = page.get_by_label("检索式")
    await query.press_sequentially("+晨屿 +(咖啡 | 茶")
    await expect(page.get_by_text("第 6 列有错")).to_be_visible()
    await expect(page.locator(".mistake mark")).to_have_text("(")
    await query.fill("+晨屿 +(咖啡 | 茶) -招聘")
    await expect(page.get_by_text("检索式没有错误")).to_be_visible()
    await expect(page.get_by_text("已存的 4 条中收到 2 条")).to_be_visible()
    await walk.shot("monitor-preview")

    await page.get_by_role("button", name="回测最近 14 天").click()
    await expect(page.get_by_text("排队中", exact=False)).to_be_visible()
    player = job(scene, "backtest")
    for _ in range(120):
        scene.clock.step(seconds=1)
        await player.run(scene.clock.now())
        if await page.get_by_text("每周约").is_visible():
            break
        await asyncio.sleep(0.25)
    await expect(page.get_by_text("每周约")).to_be_visible()

    await page.get_by_role("button", name="保存").click()
    await page.wait_for_url("**/console/monitors/chenyu-drinks")
    await expect(page.get_by_text("等待回填")).to_be_visible()
    await advance(scene.clock, [job(scene, "backfill")], scene.clock.now())
    await expect(page.get_by_text("已回填")).to_be_visible()
    await walk.accessible()
    await walk.calm()

    made = await scene.container.monitors.get("chenyu-drinks")
    assert (made.name, made.query, made.brand_id) == (
        "晨屿饮品",
        "+晨屿 +(咖啡 | 茶) -招聘",
        "chenyu",
    )
    assert (made.backfill or {})["state"] == "done"
    found = await scene.container.store.search(PostQuery(monitors=("chenyu-drinks",)), limit=10)
    assert {item.post.text for item in found.items} == {SAID[0], SAID[3]}
