"""The morning briefing walked: prepared by itself, written in, approved by another, delivered."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import standardwebhooks
from playwright.async_api import Browser, expect
from sqlalchemy import select

from crawlers.fetch.guard import GuardPolicy, guarded_client
from service.api.mount import mount_api
from service.auth import Role
from service.briefings import Briefing, BriefingFilter, ScheduleDraft, State
from service.db import tables
from service.delivery import Deliverer, Router, WebhookSender
from service.jobs import Job, advance
from service.monitors import ChannelDraft, ChannelKind
from tests.support.console_briefing_samples import ANALYST
from tests.support.console_walk import Walk, open_walk
from tests.support.hostile import HARMLESS
from tests.support.insight_scene import MONITOR, brands, posts
from tests.support.webhook_receiver import Reply, WebhookReceiver, webhook_receiver

NIGHT = timedelta(hours=22)
"""From the scene's beginning, 10:00 in Shanghai, until 08:00 of the next day."""


@asynccontextmanager
async def outward(walk: Walk) -> AsyncIterator[Deliverer]:
    """A deliverer whose webhooks leave: in virtual time the console's own keeps them."""
    container, clock = walk.scene.container, walk.scene.clock
    guard = GuardPolicy(allow_networks=container.settings.webhook_allow_networks)
    async with guarded_client(guard) as client:
        yield Deliverer(
            container.database,
            clock=clock,
            owner="walk",
            channels=container.channels.targets,
            senders={"webhook": WebhookSender(client, clock=clock)},
            random=lambda: 0.5,
            concurrency=1,
            recheck=None,
        )


async def scheduled(walk: Walk, receiver: WebhookReceiver) -> str:
    """A day of posts, and a schedule of 08:00 that goes to a webhook; answers its secret."""
    container = walk.scene.container
    await brands(walk.scene)
    await posts(walk.scene, HARMLESS, days=3)
    channel = ChannelDraft(id="chat", kind=ChannelKind.WEBHOOK, name="值班群", url=receiver.url())
    saved = await container.channels.put(walk.scene.admin, channel)
    schedule = ScheduleDraft(id="morning", name="早报", monitors=(MONITOR,), channels=("chat",))
    await container.briefings.schedules.put(ANALYST, schedule)
    assert saved.new_secret is not None
    return saved.new_secret


async def overnight(walk: Walk) -> Briefing:
    """The night goes by, and at 08:00 there is a draft."""
    scene, job = walk.scene, walk.scene.container.briefings.job
    scene.clock.step(seconds=(NIGHT - timedelta(minutes=1)).total_seconds())
    assert await job.run(scene.clock.now()) == 0
    scene.clock.step(minutes=1)
    assert await job.run(scene.clock.now()) == 1
    ((draft,), _) = await scene.container.briefings.desk.page(ANALYST, BriefingFilter())
    assert (draft.prepared_by, draft.schedule_id) == ("system", "morning")
    assert draft.state is State.DRAFT
    return draft


@pytest.mark.timeout(540)
async def test_the_morning_briefing_is_prepared_and_delivered(browser: Browser, tmp_path: Path):
    async with (
        webhook_receiver() as receiver,
        open_walk(browser, tmp_path, FENGSUI_WEBHOOK_ALLOW_NETWORKS="127.0.0.0/8") as walk,
        outward(walk) as deliverer,
    ):
        container, page = walk.scene.container, walk.page
        mount_api(walk.scene.app, container)
        secret = await scheduled(walk, receiver)
        draft = await overnight(walk)
        posted = draft.body.measures()["volume.posts"].figure

        await walk.sign_in("ana", Role.ANALYST)
        await walk.go("/briefings")
        await walk.shot("briefings")
        await page.locator("table a", has_text="日报").click()
        await page.wait_for_url(f"**/briefings/{draft.id}")
        await page.get_by_label("编者按", exact=True).fill("昨日声量 {volume.posts}。")
        await page.get_by_role("button", name="保存文字").click()
        await expect(page.get_by_text("文字已保存")).to_be_visible()
        await expect(page.locator(".briefing .prose a")).to_be_visible()
        # Nobody approves what they wrote themselves.
        await expect(page.get_by_role("button", name="批准", exact=True)).to_have_count(0)
        await walk.sign_out()

        await walk.sign_in("zhao", Role.LEAD)
        await walk.go(f"/briefings/{draft.id}")
        await page.get_by_role("button", name="批准", exact=True).click()
        await expect(page.get_by_role("heading", name="发送", exact=True)).to_be_visible()
        await expect(page.get_by_label("值班群 · Webhook · 127.0.0.1")).to_be_checked()
        await page.locator(f"[data-form='deliver-{draft.id}'] button[type=submit]").click()
        asked = page.get_by_role("dialog")
        await expect(asked).to_contain_text("值班群")
        assert receiver.received == []
        await asked.get_by_role("button", name="发送", exact=True).click()
        await expect(page.get_by_text("已交给渠道发送")).to_be_visible()
        receiver.replies.append(Reply(status=503, body=b"busy"))
        jobs: list[Job] = [*(job for job in container.line if isinstance(job, Router)), deliverer]
        await advance(walk.scene.clock, jobs, walk.scene.clock.now() + timedelta(minutes=5))
        await expect(page.get_by_text("已送达", exact=True)).to_be_visible(timeout=15_000)
        answers = page.get_by_role("region", name="发送结果")
        await expect(answers).to_contain_text("503")
        await expect(answers).to_contain_text("200")
        await expect(page.locator(".q-notification")).to_have_count(0)  # it fades away
        await walk.accessible()
        await walk.shot("briefing", whole=True)

        # What was sent: signed, with the figure and the way here, and nothing of what people wrote.
        refused, taken = receiver.received
        assert refused.headers["webhook-id"] == taken.headers["webhook-id"]
        at = datetime.fromtimestamp(int(taken.headers["webhook-timestamp"]), UTC)
        body = taken.body.decode()
        signed = standardwebhooks.Webhook(secret).sign(taken.headers["webhook-id"], at, body)
        assert signed in taken.headers["webhook-signature"].split()
        told = json.loads(body)
        assert told["type"] == "briefing.delivered"
        assert told["data"]["briefing"]["id"] == draft.id
        preview = page.locator(".quote", has_text="发出去的消息")
        for item in told["data"]["briefing"]["figures"]:
            await expect(preview).to_contain_text(item["text"])
        await expect(preview).to_contain_text(told["data"]["briefing"]["url"])
        assert not any(text in body for text in HARMLESS)

        # The file, as it would be printed.
        async with page.expect_download() as downloading:
            await page.get_by_role("link", name="HTML", exact=True).click()
        file = tmp_path / "briefing.html"
        await (await downloading.value).save_as(file)
        written = file.read_text(encoding="utf-8")
        assert f"{walk.base}{posted.link}".replace("&", "&amp;") in written

        # Paper has the sheet alone.
        await page.evaluate("window.print = () => { window.printed = true; }")
        await page.get_by_role("button", name="打印", exact=True).click()
        assert await page.evaluate("window.printed") is True
        await page.emulate_media(media="print")
        await expect(page.locator(".briefing")).to_be_visible()
        for gone in (".menu", ".heading", ".beside-briefing"):
            await expect(page.locator(gone)).to_be_hidden()
        await page.emulate_media(media="screen")

        # A number, and the posts behind it.
        figure = page.locator(".briefing .prose a")
        await expect(figure).to_have_attribute("href", posted.link)
        await figure.click()
        await page.wait_for_url(f"**{urlsplit(posted.link).path}?**")
        await expect(page.get_by_text(f"共 {posted.value:.0f} 帖")).to_be_visible()
        await walk.calm()

        async with container.database.read() as connection:
            event = (
                await connection.execute(
                    select(tables.outbox).where(tables.outbox.c.type == "briefing.delivered")
                )
            ).one()
            sent = (await connection.execute(select(tables.delivery))).one()
        assert event.data["briefing"]["id"] == draft.id
        assert event.only_channels == ["chat"]
        assert (sent.channel_id, sent.state) == ("chat", "sent")
        stored = (await container.briefings.desk.get(ANALYST, draft.id)).briefing
        assert (stored.state, stored.delivered_to) == (State.DELIVERED, ("chat",))
        assert stored.prose.lead == "昨日声量 {volume.posts}。"
        assert stored.approved_by not in (None, stored.edited_by)
