"""Sixty items by keys alone; and two reviewers who never have the same one."""

from __future__ import annotations

import pytest
from playwright.async_api import Page, expect
from sqlalchemy import select

from service.api.identity import SESSION_COOKIE
from service.auth import Role
from service.clock import SystemClock
from service.db import tables
from service.moderation.review import load_rubric
from service.moderation.review.intake import case_id
from tests.support.console_walk import Walk
from tests.support.review_scene import case

ITEMS = 60
MOST_S = 180.0
CLOCK = SystemClock()
"""Real time: that of the scene only moves when it is stepped."""


async def file(walk: Walk, count: int) -> list[str]:
    """Texts before people, their ids in the order in which they are due."""
    made = []
    for number in range(count):
        text = f"第{number}条：加微信 wx{number:03d} 领红包，晨屿的优惠都在群里"
        one = case(text, item_id=str(number), at=walk.scene.clock.now())
        await walk.scene.container.review.intake.file([one])
        made.append(case_id(one))
        walk.scene.clock.step(seconds=1)
    return made


async def shown(page: Page) -> str:
    """The id of the item that lies before the reviewer."""
    return str(await page.locator("[data-text]").get_attribute("data-text"))


async def press(walk: Walk, page: Page, key: str) -> None:
    """A key for the item that is shown; the next one is there, or none, when this returns."""
    before = await shown(page)
    walk.scene.clock.step(seconds=1)
    await page.keyboard.press(key)
    await page.wait_for_function(
        "before => document.querySelector('[data-text]')?.dataset.text !== before", arg=before
    )


async def verdicts(walk: Walk) -> dict[str, tuple[str, str, str, str]]:
    async with walk.scene.database.read() as connection:
        rows = await connection.execute(select(tables.review_verdict))
        return {
            row.item_id: (row.ruling, row.reason, row.rubric_version, row.reviewer) for row in rows
        }


async def sent(walk: Walk, page: Page) -> None:
    """Ten seconds later nothing waits to be sent."""
    walk.scene.clock.step(seconds=11)
    await expect(page.get_by_text("送出倒计时")).to_have_count(0)


@pytest.mark.timeout(540)
async def test_sixty_items_by_keys_in_three_minutes(walk: Walk) -> None:
    ids = await file(walk, ITEMS)
    await walk.sign_in("wu", Role.REVIEWER)
    await walk.go("/review")
    await walk.page.keyboard.press("s")
    await walk.page.wait_for_url("**/review/stream")
    await expect(walk.page.locator("[data-text]")).to_be_visible()
    await walk.page.wait_for_function("window.fengsui.connected()")
    await walk.shot("review-stream")
    expected: dict[str, tuple[str, str]] = {}
    escalated: list[str] = []
    keys = {
        "p": ("pass", "innocent"),
        "b": ("block", "diversion"),
        "2": ("pass", "misread"),
        "0": ("block", "gambling"),
    }
    began = CLOCK.monotonic()
    for number in range(ITEMS):
        item = await shown(walk.page)
        if number in (20, 41):
            walk.scene.clock.step(seconds=1)
            await walk.page.keyboard.press("e")
            await expect(walk.page.get_by_label("为什么定不了")).to_be_focused()
            await walk.page.keyboard.type("像暗语，拿不准")
            for key in ("Tab", "Tab", "Enter"):
                await walk.page.keyboard.press(key)
            await walk.page.wait_for_function(
                "before => document.querySelector('[data-text]')?.dataset.text !== before",
                arg=item,
            )
            escalated.append(item)
            continue
        key = ("p", "b", "2", "p", "0")[number % 5]
        await press(walk, walk.page, key)
        expected[item] = keys[key]
        if number == 30:  # a slip of the finger
            await walk.page.keyboard.press("u")
            await walk.page.wait_for_function(
                "item => document.querySelector('[data-text]')?.dataset.text === item", arg=item
            )
            await press(walk, walk.page, "b")
            expected[item] = keys["b"]
    took = CLOCK.monotonic() - began
    assert took < MOST_S, f"{took:.0f} s for {ITEMS} items"
    await sent(walk, walk.page)
    given = await verdicts(walk)
    assert {item: (ruling, reason) for item, (ruling, reason, _, _) in given.items()} == expected
    assert {version for _, _, version, _ in given.values()} == {load_rubric().name}
    assert sorted([*given, *escalated]) == sorted(ids)
    async with walk.scene.database.read() as connection:
        items = await connection.execute(
            select(tables.review_item.c.id).where(tables.review_item.c.line == "third")
        )
        assert sorted(items.scalars()) == sorted(escalated)
    await walk.calm()
    await walk.accessible()


@pytest.mark.timeout(300)
async def test_two_reviewers_never_have_the_same_item(walk: Walk) -> None:
    ids = await file(walk, 24)
    browser = walk.page.context.browser
    assert browser is not None
    other = await (await browser.new_context(locale="zh-CN")).new_page()
    wu = await walk.sign_in("wu", Role.REVIEWER)
    lu = await walk.scene.person("lu", Role.REVIEWER)
    await other.context.add_cookies([{"name": SESSION_COOKIE, "value": lu, "url": walk.base}])
    del wu
    await walk.go("/review/stream")
    await other.goto(f"{walk.base}/console/review/stream")
    await other.wait_for_function("window.fengsui?.connected?.() === true")
    seen: dict[str, list[str]] = {"wu": [], "lu": []}
    for _ in range(12):
        for name, page in (("wu", walk.page), ("lu", other)):
            seen[name].append(await shown(page))
            await press(walk, page, "p")
    assert not set(seen["wu"]) & set(seen["lu"])
    assert sorted(seen["wu"] + seen["lu"]) == sorted(ids)
    await sent(walk, walk.page)
    await sent(walk, other)
    given = await verdicts(walk)
    by = {(await walk.scene.container.users.get(row[3])).name for row in given.values()}
    assert (sorted(given), by) == (sorted(ids), {"wu", "lu"})
    await other.context.close()


async def test_what_was_decided_is_sent_when_the_page_is_left(walk: Walk) -> None:
    ids = await file(walk, 2)
    await walk.sign_in("wu", Role.REVIEWER)
    await walk.go("/review/stream")
    await press(walk, walk.page, "b")
    await walk.go("/review")
    await expect(walk.page.get_by_text("近一小时 1 条").first).to_be_visible()
    assert list(await verdicts(walk)) == ids[:1]
