"""`fengsui crawl` and `fengsui work` as people start them, killed and started again."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from service.auth import SYSTEM
from service.bootstrap import Container
from service.clock import SystemClock
from service.db import tables
from service.monitors import SourceDraft
from service.stores.post_store import PostQuery
from tests.e2e.line import INJURIES, add_webhook, environment, read_page, rows, running
from tests.support.feed_server import feed_server
from tests.support.process import Role
from tests.support.webhook_receiver import Reply, webhook_receiver

PATIENCE_S = 90


@pytest.mark.slow
async def test_a_feed_is_crawled_and_paged_though_both_roles_are_killed(tmp_path: Path) -> None:
    clock, data = SystemClock(), tmp_path / "data"
    async with (
        feed_server() as feed,
        webhook_receiver() as receiver,
        running(data, clock=clock, virtual=False) as seen,
    ):
        await add_webhook(seen, receiver.url())
        for number, text in enumerate(INJURIES[:2]):
            feed.publish(f"urn:entry:{number}", text, at=clock.now() - timedelta(minutes=2))
        draft = SourceDraft(id="morning", kind="rss", name="晨报", settings={"url": feed.url})
        await seen.sources.put(SYSTEM, draft)

        def role(name: str) -> Role:
            variables = environment(data, FENGSUI_WORKER_ID=name)
            return Role([name], variables, tmp_path / f"{name}.log")

        def log() -> str:
            return "".join(path.read_text() for path in sorted(tmp_path.glob("*.log")))

        receiver.default = Reply(hang=True)
        first = role("crawl"), role("work")
        try:
            async with asyncio.timeout(PATIENCE_S):
                await receiver.arrived.wait()
        except TimeoutError:
            pytest.fail(log())
        finally:
            for killed in first:
                killed.kill()

        (before,) = {item.headers["webhook-id"] for item in receiver.received}
        receiver.default = Reply()
        second = role("crawl"), role("work")
        try:
            async with asyncio.timeout(PATIENCE_S):
                while not await _all_sent(seen):  # noqa: ASYNC110 - other processes do the work
                    await asyncio.sleep(0.2)
        except TimeoutError:
            pytest.fail(log())
        finally:
            for killed in second:
                killed.kill()

        incidents = await rows(seen, tables.incident)
        posts = await seen.store.count(PostQuery())
        pages = [read_page(item) for item in receiver.received]
    assert posts == 2
    assert len(incidents) == 1
    opened = [page.id for page in pages if page.type == "incident.opened"]
    assert opened == [before, before], "the page on its way at the kill is sent again, as it was"


async def _all_sent(container: Container) -> bool:
    messages = await rows(container, tables.outbox)
    deliveries = await rows(container, tables.delivery)
    return all(row.routed_at for row in messages) and {row.state for row in deliveries} == {"sent"}
