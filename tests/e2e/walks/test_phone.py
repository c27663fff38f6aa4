"""On the phone: from the link on a page to the incident, a step, a comment; then the database."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from service.api.routes.acknowledge import router
from service.auth import Role
from service.delivery.channels.links import LIFE, Link
from service.incidents import State
from tests.support.console_walk import Walk

pytestmark = pytest.mark.timeout(360)

EVERY = "main button, main .go, main a.act, main a.title"
PROMISED = "main [data-key^='do-'], main [data-key='comment'], main .actions .act"
"""What the incident page promises on the phone; the rest of it must only not break."""
SMALL = """
(wanted) => [...document.querySelectorAll(wanted)]
  .map((item) => [item, item.getBoundingClientRect()])
  .filter(([, box]) => box.width > 0 && box.height > 0 && box.height < 43.5)
  .map(([item, box]) => `${Math.round(box.height)} ${item.className} ${item.textContent}`)
"""
"""What could be missed by a thumb: lower than 44 px."""


async def page_link(walk: Walk, incident_id: str, *, person: str, message: str = "msg_1") -> str:
    """The link as it stands on the page that was sent; the routes behind it are served too."""
    if not any(getattr(route, "path", "").startswith("/a/") for route in walk.scene.app.routes):
        walk.scene.app.include_router(router)
        walk.scene.app.state.container = walk.scene.container
    return walk.scene.container.links.address(
        Link(
            incident_id=incident_id,
            channel_id="recording",
            message_id=message,
            person=person,
            ends_at=walk.scene.clock.now() + LIFE,
        )
    )


async def test_from_the_page_to_a_step_and_a_comment(phone: Walk):
    scene, page = phone.scene, phone.page
    incident = await scene.open(scenario="outage", tier="red", tier_rank=4)
    await phone.sign_in("lin", Role.LEAD)
    lin = await scene.container.users.find("lin")
    assert lin is not None
    await page.goto(await page_link(phone, incident.id, person=lin.id))
    await phone.shot("phone-link")
    assert (await scene.get(incident.id)).state is State.NEW  # looking does nothing
    assert await page.evaluate(SMALL, EVERY) == []
    await page.get_by_role("button", name="以 lin 的名义确认").click()
    await expect(page.get_by_text("已以 lin 的名义确认")).to_be_visible()
    await phone.shot("phone-acknowledged")
    assert await page.evaluate(SMALL, EVERY) == []
    await page.locator("a.go").click()
    await page.wait_for_function("window.fengsui?.connected?.() === true")
    assert page.url.endswith(f"/console/incidents/{incident.id}")
    step = page.locator('[data-key^="do-"]').first
    await expect(step).to_be_visible()
    await phone.shot("phone-incident", whole=True)
    assert await page.evaluate(SMALL, PROMISED) == []
    await phone.calm()
    name = (await step.get_attribute("data-key") or "").removeprefix("do-")
    await step.click()
    await page.locator(".q-dialog__inner .act-main").click()
    await expect(page.locator(f'[data-key="do-{name}"]')).to_have_count(0)
    await page.locator('[data-key="tab-timeline"]').click()
    comment = page.locator(".comment textarea")
    await comment.fill("已联系机房，十分钟后回报")
    await page.locator('[data-key="comment"]').click()
    await expect(page.get_by_text("已联系机房，十分钟后回报").first).to_be_visible()
    await expect(comment).to_have_value("")
    await phone.shot("phone-done")
    found = await scene.get(incident.id)
    assert (found.state, found.acknowledged_by) == (State.ACKNOWLEDGED, lin.id)
    assert (await scene.steps(incident.id))[name].done_by == lin.id
    assert "comment" in await scene.kinds()


async def test_used_and_ended_links_say_what_happened_and_what_to_do(phone: Walk):
    scene, page = phone.scene, phone.page
    incident = await scene.open()
    await phone.sign_in("lin", Role.LEAD)
    lin = await scene.container.users.find("lin")
    assert lin is not None
    link = await page_link(phone, incident.id, person=lin.id)
    await page.goto(link)
    await page.get_by_role("button").click()
    await page.goto(link)
    await expect(page.get_by_text("这个链接已经用过")).to_be_visible()
    await expect(page.get_by_text("使用时间")).to_be_visible()
    await phone.shot("phone-used")
    scene.clock.step(seconds=LIFE.total_seconds() + 60)
    # Chromium keeps a 410 for good where nothing forbids it; the service's own middleware does,
    # which is not around this console.
    await page.goto(f"{link}?again")
    await expect(page.get_by_text("这个链接已过期")).to_be_visible()
    await phone.accessible()
    await phone.shot("phone-ended")
    assert (await scene.get(incident.id)).acknowledged_by == lin.id


async def test_the_queue_leads_to_the_incident_by_thumb(phone: Walk):
    incident = await phone.scene.open()
    await phone.sign_in("lin", Role.LEAD)
    await phone.go("/")
    page = phone.page
    await expect(page.locator("[data-row]")).to_have_count(1)
    await phone.shot("phone-queue", whole=True)
    search = page.get_by_role("search")
    await expect(search).to_be_hidden()
    await page.locator('[data-key="list-filters"]').click()
    await expect(search).to_be_visible()
    assert await page.evaluate(SMALL, EVERY) == []
    await page.locator('[data-key="list-filters"]').click()
    assert await page.evaluate(SMALL, EVERY) == []
    await phone.accessible()
    await phone.calm()
    await page.locator(f'[data-key="acknowledge-{incident.id}"]').click()
    await expect(page.get_by_role("cell", name="lin")).to_be_visible()
    await page.locator(f'[data-key="open-{incident.id}"]').click()
    await page.wait_for_url(f"**/console/incidents/{incident.id}")
    assert (await phone.scene.get(incident.id)).state is State.ACKNOWLEDGED
