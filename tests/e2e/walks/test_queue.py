"""The queue as somebody on duty works it: keys, selection, sound, views; ends at the database."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from service.auth import SYSTEM, Role
from service.db import tables
from service.incidents import State
from tests.support.console_walk import Walk, open_walk

pytestmark = pytest.mark.timeout(360)

LISTEN = """
window.tones = 0;
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (...when) {
  window.tones += 1;
  return start.apply(this, when);
};
"""


async def crowd(walk: Walk) -> list[str]:
    """A red one, a yellow one that somebody has soon, and a drill."""
    scene = walk.scene
    red = await scene.open(scenario="outage", monitor_id="m1", tier="red", tier_rank=4)
    yellow = await scene.open()
    drill = await scene.open(monitor_id="m2", drill=True)
    return [red.id, yellow.id, drill.id]


async def focused(walk: Walk) -> str:
    found: str = await walk.page.evaluate("document.activeElement.dataset.row ?? ''")
    return found


async def test_a_shift_is_worked_by_keys_alone(walk: Walk):
    red, yellow, drill = await crowd(walk)
    await walk.sign_in("lin", Role.LEAD)
    await walk.go("/")
    page, keys = walk.page, walk.page.keyboard
    await expect(page.locator("[data-row]")).to_have_count(3)
    await walk.shot("queue")
    await keys.press("j")
    assert await focused(walk) == red
    await keys.press("a")
    await expect(page.get_by_text("1 项已处理")).to_be_visible()
    await expect(page.locator(f'[data-row="{red}"]').get_by_text("lin")).to_be_visible()
    await expect(page.get_by_text("1 项已处理")).to_be_hidden(timeout=10_000)
    await keys.press("j")
    await keys.press("J")
    await expect(page.get_by_text("已选 2 项")).to_be_visible()
    await walk.accessible()
    await walk.shot("queue-selected")
    await keys.press("A")
    await expect(page.get_by_text("2 项已处理")).to_be_visible()
    await keys.press("/")
    await keys.type("m1")
    await keys.press("Enter")
    await expect(page.locator("[data-row]")).to_have_count(1)
    assert page.url.endswith("?q=m1")
    await page.locator("#main").focus()
    await keys.press("j")
    await keys.press("s")
    await page.get_by_label("静默多久").click()
    await page.get_by_role("option", name="2 小时").click()
    await page.get_by_label("原因（必填）").fill("机房切换，预料之中")
    await walk.shot("queue-silence")
    await page.get_by_role("button", name="开始静默").click()
    await expect(page.get_by_text("已静默（1 条）")).to_be_visible()
    await walk.calm()
    await page.locator("#main").focus()
    await keys.press("j")
    await keys.press("Enter")
    await page.wait_for_url(f"**/console/incidents/{red}")
    await keys.press("g")
    await keys.press("q")
    await page.wait_for_url("**/console/")
    scene = walk.scene
    assert (await scene.get(red)).state is State.ACKNOWLEDGED
    lin = await scene.container.users.find("lin")
    assert lin is not None
    assert {(await scene.get(name)).assignee for name in (red, yellow, drill)} == {lin.id}
    (silence,) = (await scene.container.silences.page(SYSTEM)).items
    assert (silence.matcher.monitors, silence.gravest) == (("m1",), True)


async def test_a_new_red_sounds_and_stands_in_the_title(walk: Walk):
    await walk.page.add_init_script(LISTEN)
    await walk.scene.open()
    await walk.sign_in("lin", Role.LEAD)
    await walk.go("/")
    page = walk.page
    sound = page.locator("[data-sound]")
    await expect(sound).to_have_attribute("aria-pressed", "false")
    await sound.click()
    await expect(sound).to_have_attribute("aria-pressed", "true")
    await expect(sound).to_have_text("声音：开")
    await page.wait_for_function("window.tones === 3")  # so that one hears what it will be like
    red = await walk.scene.open(scenario="outage", tier="red", tier_rank=4)
    walk.scene.clock.step(seconds=1)
    await expect(page.locator(f'[data-row="{red.id}"]')).to_be_visible()
    await page.wait_for_function("window.tones === 6")
    await expect(page).to_have_title("(1) 事件队列 · 烽燧")
    await page.locator(f'[data-key="acknowledge-{red.id}"]').click()
    walk.scene.clock.step(seconds=1)
    await expect(page).to_have_title("事件队列 · 烽燧")
    await walk.calm()
    assert (await walk.scene.get(red.id)).state is State.ACKNOWLEDGED


async def test_shift_and_a_click_select_what_lies_between_and_a_view_is_kept(walk: Walk):
    for number in range(5):
        await walk.scene.open(monitor_id=f"m{number}")
    await walk.sign_in("lin", Role.LEAD)
    await walk.go("/?tier=yellow")
    page = walk.page
    boxes = page.locator("[data-select]")
    await boxes.nth(1).click()
    await boxes.nth(3).click(modifiers=["Shift"])
    await expect(page.get_by_text("已选 3 项")).to_be_visible()
    await page.get_by_role("button", name="存为视图").click()
    await page.get_by_label("名称").fill("黄色的")
    await page.get_by_role("button", name="保存", exact=True).click()
    await expect(page.get_by_role("link", name="黄色的")).to_be_visible()
    await walk.go("/")
    await page.get_by_role("link", name="黄色的").click()
    await page.wait_for_url("**/console/?tier=yellow")
    await walk.accessible()
    rows = await walk.scene.rows(tables.console_view)
    assert [(row["name"], row["query"]) for row in rows] == [("黄色的", "tier=yellow")]


async def test_it_looks_calm_at_night_in_english(browser: Browser, tmp_path: Path):
    async with open_walk(browser, tmp_path, language="en", theme="dark") as walk:
        await crowd(walk)
        await walk.sign_in("lin", Role.LEAD)
        await walk.go("/")
        await expect(walk.page.locator("[data-row]")).to_have_count(3)
        await walk.shot("queue-night")
        await walk.accessible()
        await walk.calm()
