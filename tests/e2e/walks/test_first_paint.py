"""Somebody on a slow line reads the queue, and follows it, before the toolkit is awake."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import Route, expect

from service.auth import Role
from service.incidents import State
from tests.support.console_walk import Walk

pytestmark = pytest.mark.timeout(300)


async def test_the_queue_is_read_before_the_toolkit_is_there(walk: Walk):
    incident = (await walk.scene.open()).id
    await walk.sign_in("lin", Role.LEAD)
    awake = asyncio.Event()

    async def hold(route: Route) -> None:
        await awake.wait()
        await route.continue_()

    await walk.page.route("**/nicegui.js", hold)
    await walk.page.goto(f"{walk.base}/console/", wait_until="commit")
    row = walk.page.locator(f'[data-row="{incident}"]')
    await expect(row).to_be_visible()
    # Countdowns run already; a press would be lost, and so there is nothing to press.
    acknowledge = row.get_by_role("button", name="确认接警")
    assert await acknowledge.evaluate("it => it.inert")
    awake.set()
    await walk.page.wait_for_function("window.fengsui?.connected?.() === true")
    await expect(walk.page.locator("#first-paint")).to_have_count(0)
    await expect(row).to_have_count(1)
    await acknowledge.click()
    await expect(acknowledge).to_have_count(0)
    assert (await walk.scene.get(incident)).state is State.ACKNOWLEDGED
    await walk.calm()
