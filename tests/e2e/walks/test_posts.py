"""A search from the query to the file: typed, narrowed, brushed, looked at, exported."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from playwright.async_api import expect
from sqlalchemy import select

from nlp import normalize, search_tokens
from service.api.mount import mount_api
from service.auth import Role
from service.db import tables
from service.stores import StoredPost
from tests.support.console_walk import Walk
from tests.support.stored_posts import stored_post

TEXTS = ("晨屿的拿铁喝坏肚子，要退款", "晨屿新店很好喝", "=1+1 晨屿退款电话 13812345678")


def post(walk: Walk, number: int, text: str) -> StoredPost:
    at = walk.scene.clock.now() - timedelta(hours=60) + timedelta(hours=number)
    made = stored_post(
        number,
        text,
        sentiment="negative" if "退款" in text else "positive",
        copy_group="same" if number % 3 == 1 else f"g{number}",
        published_at=at,
        fetched_at=at,
        stored_at=at,
        author=f"au_{number:06d}",
        followers=1200 * number,
        likes=number,
    )
    return replace(made, search_tokens=search_tokens(normalize(text).text))


async def filled(walk: Walk) -> None:
    mount_api(walk.scene.app, walk.scene.container)
    await walk.scene.container.store.upsert(
        [post(walk, number, TEXTS[number % 3]) for number in range(48)]
    )


@pytest.mark.timeout(300)
async def test_posts_are_found_narrowed_opened_and_exported(walk: Walk) -> None:
    await filled(walk)
    await walk.sign_in("lin", Role.ANALYST)
    await walk.go("/posts")
    page = walk.page
    query = page.get_by_label("查询", exact=True)
    await query.fill("+晨屿 (")
    await expect(page.locator("[data-column]")).to_be_visible()
    await walk.shot("posts-mistake")
    await query.fill("+晨屿 -好喝")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("共 32 帖")).to_be_visible()
    await walk.shot("posts")
    # The keyboard: to the first hit, and open it.
    await page.evaluate("document.activeElement.blur()")
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="帖子详情")).to_be_visible()
    await walk.shot("posts-drawer")
    await page.locator('[data-key="close-post"]').click()
    # The mouse: brush the right half of the bars.
    bars = page.locator(".bars canvas").first
    await expect(bars).to_be_visible()
    await page.wait_for_timeout(900)
    box = await bars.bounding_box()
    assert box is not None
    across = box["y"] + box["height"] / 2
    await page.mouse.move(box["x"] + box["width"] * 0.8, across)
    await page.mouse.down()
    await page.mouse.move(box["x"] + box["width"] * 0.85, across, steps=4)
    await page.mouse.move(box["x"] + box["width"] * 0.9, across, steps=4)
    await page.mouse.up()
    await page.wait_for_function("location.search.includes('from=')")
    await expect(page.get_by_text("共 32 帖")).to_have_count(0)
    address = page.url
    counted = await page.get_by_role("heading", level=2).first.inner_text()
    await page.reload()
    await page.wait_for_function("window.fengsui?.connected?.() === true")
    assert page.url == address
    assert await page.get_by_role("heading", level=2).first.inner_text() == counted
    await page.get_by_text("导出", exact=True).click()
    async with page.expect_download() as download:
        await page.locator('[data-key="export-jsonl"]').click()
    path = await (await download.value).path()
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert counted == f"共 {len(rows)} 帖"
    assert all("退款" in row["text"] and "13812345678" not in row["text"] for row in rows)
    async with walk.scene.database.read() as connection:
        [exported] = (
            await connection.execute(
                select(tables.audit_entry).where(tables.audit_entry.c.action == "posts.exported")
            )
        ).all()
    assert (exported.data["form"], exported.data["found"]) == ("jsonl", len(rows))
    assert exported.data["asked"]["query"] == ["+晨屿 -好喝"]
    await walk.calm()
    await walk.accessible()


@pytest.mark.timeout(300)
async def test_the_pages_as_they_look(walk: Walk) -> None:
    await filled(walk)
    await walk.sign_in("li", Role.LEAD)
    for language, theme in (("zh", "light"), ("en", "dark")):
        await walk.taste(language=language, theme=theme)
        await walk.go("/posts?q=%2B晨屿")
        await expect(walk.page.locator(".bars canvas").first).to_be_visible()
        await walk.page.wait_for_timeout(500)
        await walk.shot(f"posts-{language}-{theme}")
        await walk.calm()
        await walk.accessible()
        await walk.go(f"/posts/p{3:023d}")
        await walk.page.wait_for_timeout(500)
        await walk.shot(f"post-{language}-{theme}")
        await walk.calm()
        await walk.accessible()
