"""The console in a real browser: what only a browser can show."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import expect

from service.auth import Role
from service.incidents import State
from tests.support.clock import START
from tests.support.console_scene import PASSWORD
from tests.support.console_walk import CHROMIUM, Walk, chromium, open_walk
from tests.support.incident_scene import evidence

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine"),
]


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Walk]:
    async with chromium() as browser, open_walk(browser, tmp_path) as walk:
        yield walk


async def test_somebody_signs_in_and_acknowledges(desk: Walk):
    await desk.scene.person("lin", Role.LEAD)
    incident = await desk.scene.open()
    await desk.go("/")
    await desk.page.fill("input[name=name]", "lin")
    await desk.page.fill("input[name=password]", PASSWORD)
    await desk.page.keyboard.press("Enter")
    await desk.page.get_by_role("button", name="确认接警").click()
    await expect(desk.page.get_by_role("cell", name="lin")).to_be_visible()
    assert (await desk.scene.get(incident.id)).state is State.ACKNOWLEDGED


async def test_the_countdown_runs_by_the_server_s_clock(desk: Walk):
    # The browser's own clock is years away from the scene's: it takes the server's.
    await desk.scene.open()
    await desk.sign_in("lin", Role.LEAD)
    await desk.go("/")
    countdown = desk.page.locator(".next time")
    await expect(countdown).to_have_text("剩 14:57", timeout=8_000)
    await expect(countdown).to_have_text("剩 14:55", timeout=4_000)


async def test_a_new_incident_is_on_the_screen_within_a_second(desk: Walk):
    await desk.sign_in("lin", Role.LEAD)
    await desk.go("/")
    await expect(desk.page.get_by_text("没有处理中的事件")).to_be_visible()
    await desk.page.wait_for_timeout(1_500)
    await desk.scene.open()
    desk.scene.clock.step(seconds=1)
    began = time.perf_counter()  # noqa: TID251 - a real browser runs in real time
    await expect(desk.page.get_by_text("产品质量投诉").first).to_be_visible()
    assert time.perf_counter() - began < 1.0  # noqa: TID251


async def test_what_strangers_wrote_does_nothing(desk: Walk):
    attack = '<img src=x onerror="window.owned=1"><script>window.owned=1</script>{{owned=1}}`${1}`'
    post = replace(evidence(1, at=START), snapshot={"text": attack, "title": attack})
    incident = await desk.scene.open(evidence=(post,), title=attack)
    await desk.sign_in("lin", Role.LEAD)
    await desk.go(f"/incidents/{incident.id}")
    await expect(desk.page.get_by_text(attack).first).to_be_visible()
    assert await desk.page.evaluate("window.owned === undefined")
    assert await desk.page.locator("img").count() == 0


async def test_nothing_is_asked_of_another_host(desk: Walk):
    incident = await desk.scene.open()
    await desk.sign_in("lin", Role.LEAD)
    await desk.go("/")
    await desk.go(f"/incidents/{incident.id}")
    await expect(desk.page.get_by_text("杯子漏水").first).to_be_visible()
    elsewhere = [url for url in desk.asked if not url.startswith((desk.base, "data:"))]
    assert elsewhere == []


@pytest.mark.parametrize("width", [390, 1440])
async def test_nothing_sticks_out_sideways(desk: Walk, width: int):
    incident = await desk.scene.open()
    await desk.sign_in("lin", Role.LEAD)
    await desk.page.set_viewport_size({"width": width, "height": 844})
    for path, seen in (("/", "确认接警"), (f"/incidents/{incident.id}", "杯子漏水")):
        await desk.go(path)
        await expect(desk.page.get_by_text(seen).filter(visible=True).first).to_be_visible()
        assert await desk.page.evaluate("document.documentElement.scrollWidth") <= width


async def test_the_keyboard_s_place_is_seen_and_survives_a_live_update(desk: Walk):
    incident = await desk.scene.open()
    await desk.sign_in("lin", Role.LEAD)
    await desk.go("/")
    link = desk.page.locator(f'[data-key="open-{incident.id}"]')
    await expect(link).to_be_visible()
    await desk.page.keyboard.press("Tab")
    while not await link.evaluate("element => element === document.activeElement"):
        await desk.page.keyboard.press("Tab")
    assert await link.evaluate("element => getComputedStyle(element).outlineStyle") == "solid"
    await desk.scene.open(scenario="outage")
    desk.scene.clock.step(seconds=1)
    await expect(desk.page.locator("tbody tr")).to_have_count(2)
    await expect(link).to_be_focused()
