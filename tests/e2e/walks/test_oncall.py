"""A gap in the rota is seen and filled, a role is given to it, and the chain is tried out."""

from __future__ import annotations

from datetime import time, timedelta

import pytest
from playwright.async_api import expect

from service.auth import SYSTEM, Role
from service.monitors import ChannelDraft, ChannelKind
from service.oncall import ContactDraft, RotaDraft, gaps
from service.oncall.model import ContactChannel, Layer, Window
from tests.support.console_scene import ConsoleScene
from tests.support.console_walk import Walk


async def staff(scene: ConsoleScene) -> None:
    """Two people; one of them is on by day, nobody by night."""
    for person, name in (("lin", "林晓"), ("wu", "吴桐")):
        phone = ChannelDraft(id=f"{person}-phone", kind=ChannelKind.RECORDING, name=f"{name}电话")
        await scene.container.channels.put(SYSTEM, phone)
        channel = ContactChannel(channel=phone.id)
        await scene.container.contacts.put(
            SYSTEM, ContactDraft(id=person, name=name, channels=(channel,))
        )
    by_day = Layer(
        members=("lin",),
        starts_on=(scene.clock.now() - timedelta(days=30)).date(),
        window=Window(since=time(8), until=time(22)),
    )
    await scene.container.rotas.put(SYSTEM, RotaDraft(id="desk", name="公关值班", layers=(by_day,)))


@pytest.mark.timeout(360)
async def test_a_gap_is_filled_and_the_chain_pages_whoever_is_on(walk: Walk):
    scene, page = walk.scene, walk.page
    await staff(scene)
    await walk.sign_in("fang", Role.LEAD)
    await walk.go("/on-call")
    await expect(page.get_by_text("段无人值班")).to_be_visible()
    await walk.shot("oncall-gap")
    await page.get_by_role("link", name="公关值班").first.click()
    await page.wait_for_url("**/console/on-call/rotas/desk")
    await page.wait_for_function("window.fengsui?.connected?.() === true")

    night = page.get_by_role("group", name="第 2 层")
    await night.get_by_label("轮流的人").fill("吴桐\n林晓")
    await night.get_by_label("一班几天").fill("1")
    await page.get_by_role("button", name="保存").click()
    await expect(page.get_by_text("这一周每个时刻都有人")).to_be_visible()
    await walk.accessible()

    await walk.go("/on-call/roles/duty")
    await page.get_by_label("担任").select_option("rota:desk")
    await page.get_by_role("button", name="保存").click()
    await page.wait_for_url("**/console/on-call")

    await walk.go("/on-call/chains/red?at=2024-03-01T10:00")
    await expect(page.get_by_text("林晓（林晓电话）").first).to_be_visible()
    await walk.go("/on-call/chains/red?at=2024-03-01T23:30")
    await expect(
        page.get_by_text("林晓（林晓电话）").or_(page.get_by_text("吴桐（吴桐电话）")).first
    ).to_be_visible()
    await expect(page.get_by_text("公关：没有指定人").first).to_be_visible()
    await walk.shot("oncall-tryout")
    await walk.calm()

    rota = await scene.container.rotas.get("desk")
    assert [layer.members for layer in rota.layers] == [("lin",), ("wu", "lin")]
    now = scene.clock.now()
    assert gaps(rota, now, now + timedelta(days=14)) == ()
    duty = await scene.container.duties.get("duty")
    assert str(duty.holder) == "rota:desk"
