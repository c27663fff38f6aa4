"""Further people beside the one whose walk it is, each at a browser of their own."""

from __future__ import annotations

from playwright.async_api import Page

from service.api.identity import SESSION_COOKIE
from service.auth import Role
from service.console.session import LANGUAGE_COOKIE
from tests.support.console_walk import DESK, Walk


async def a_window(walk: Walk, name: str, *roles: Role) -> Page:
    """A browser of their own, Chinese, at a desk; they have signed in."""
    browser = walk.page.context.browser
    assert browser is not None
    context = await browser.new_context(
        viewport={"width": DESK[0], "height": DESK[1]}, locale="zh-CN", timezone_id="Asia/Shanghai"
    )
    token = await walk.scene.person(name, *roles)
    await context.add_cookies(
        [
            {"name": SESSION_COOKIE, "value": token, "url": walk.base},
            {"name": LANGUAGE_COOKIE, "value": "zh", "url": walk.base},
        ]
    )
    return await context.new_page()


async def reply(page: Page, answer: str, *, reason: str = "", choice: str = "") -> None:
    """Answer the dialog that is open: choose, write, press, and see it go."""
    dialog = page.locator(".ask")
    if choice:
        await dialog.locator(".q-select").click()
        await page.get_by_role("option", name=choice).click()
    if reason:
        await dialog.locator("textarea").fill(reason)
    await dialog.get_by_role("button", name=answer).click()
    await dialog.wait_for(state="detached")
