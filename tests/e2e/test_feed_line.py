"""A feed on loopback, pulled by the crawl job, becomes an incident and a page, in real time."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import standardwebhooks

from service.auth import SYSTEM
from service.clock import SystemClock
from service.db import tables
from service.monitors import SourceDraft
from service.stores.post_store import PostQuery, SortOrder, StoredPost
from service.worker import Worker
from tests.e2e.line import INJURIES, add_webhook, rows, running
from tests.support.feed_server import feed_server
from tests.support.webhook_receiver import Received, webhook_receiver

CALM = "今天的天气很好，适合喝一杯茶。"
PATIENCE_S = 60


@dataclass(frozen=True)
class Story:
    """What the feed led to."""

    began: datetime
    secret: str
    received: list[Received]
    posts: tuple[StoredPost, ...]
    incidents: list[Any]
    checkpoint: Any
    pulls: int


async def live_through(folder: Path) -> Story:
    """Two alarming entries and a calm one, served; the jobs run until somebody was paged."""
    clock = SystemClock()
    began = clock.now().replace(microsecond=0)
    async with (
        feed_server() as feed,
        webhook_receiver() as receiver,
        running(folder, clock=clock, virtual=False) as container,
    ):
        secret = await add_webhook(container, receiver.url())
        for number, text in enumerate((*INJURIES[:2], CALM)):
            at = began - timedelta(minutes=3 - number)
            feed.publish(f"urn:entry:{number}", text, at=at, author=f"记者{number}")
        draft = SourceDraft(id="morning", kind="rss", name="晨报", settings={"url": feed.url})
        await container.sources.put(SYSTEM, draft)
        worker = Worker((container.crawl, *container.line), clock, poll=timedelta(milliseconds=50))
        running_jobs = asyncio.create_task(worker.run())
        async with asyncio.timeout(PATIENCE_S):
            await receiver.arrived.wait()
        worker.stop()
        await running_jobs
        found = await container.store.search(PostQuery(), limit=10, sort=SortOrder.OLDEST)
        (checkpoint,) = await rows(container, tables.checkpoint)
        return Story(
            began=began,
            secret=secret,
            received=list(receiver.received),
            posts=tuple(item.post for item in found.items),
            incidents=await rows(container, tables.incident),
            checkpoint=checkpoint,
            pulls=feed.pulls,
        )


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """Lived through once; the tests look at what is left."""
    return asyncio.run(live_through(tmp_path_factory.mktemp("feed")))


def test_every_entry_is_stored_once_with_its_time_and_text(story: Story) -> None:
    assert [post.text for post in story.posts] == [*INJURIES[:2], CALM]
    assert [post.published_at for post in story.posts] == [
        story.began - timedelta(minutes=3 - number) for number in range(3)
    ]


def test_posts_say_where_they_came_from(story: Story) -> None:
    assert {(post.source, post.via, post.channel) for post in story.posts} == {
        ("rss:127.0.0.1", "morning", "news")
    }


def test_only_posts_about_the_brand_reach_its_monitor(story: Story) -> None:
    assert [post.monitors for post in story.posts] == [("qingyou",), ("qingyou",), ()]


def test_the_crisis_is_open_and_begins_with_the_first_entry(story: Story) -> None:
    (incident,) = story.incidents
    assert (incident.kind, incident.scenario) == ("crisis", "safety_incident")
    assert incident.first_post_id == story.posts[0].id


def test_the_page_passes_the_check_of_the_standards_library(story: Story) -> None:
    first = story.received[0]
    told = standardwebhooks.Webhook(story.secret).verify(first.body, dict(first.headers))
    assert told["type"] == "incident.opened"
    assert told["data"]["incident"]["id"] == story.incidents[0].id
    assert json.loads(first.body) == told


def test_the_cursor_has_moved_past_what_was_stored(story: Story) -> None:
    assert story.pulls == 1
    assert story.checkpoint.last_outcome == "ok"
    assert story.checkpoint.next_due_at > story.checkpoint.last_outcome_at
