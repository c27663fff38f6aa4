"""A feed goes dark in virtual time: told apart, told once, worked on, and over when it is back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from service.auth import SYSTEM
from service.bootstrap import Container
from service.clock import VirtualClock
from service.coverage import repository
from service.coverage.repository import FeedHour
from service.db import tables
from service.jobs import advance
from service.monitors import ChannelDraft, ChannelKind, SourceDraft
from tests.e2e.line import rows, running
from tests.support.feed_server import PATH, FeedServer
from tests.support.mock_site import Answer, MockSite, mock_site

START = datetime(2026, 3, 10, 2, 0, tzinfo=UTC)
"""10:00 of a Tuesday in Shanghai."""
SHANGHAI = ZoneInfo("Asia/Shanghai")
LOGIN = (
    b"<!doctype html><html><head><title>Sign in</title></head><body><form>password</form></body>"
)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Scene:
    """One feed, pulled every five minutes."""

    container: Container
    clock: VirtualClock
    site: MockSite
    feed: FeedServer

    async def run(self, **duration: float) -> None:
        """Let the service live on."""
        jobs = (self.container.crawl, *self.container.line, self.container.coverage_watch)
        await advance(self.clock, jobs, self.clock.now() + timedelta(**duration))

    def publish(self, number: int) -> None:
        self.feed.publish(f"urn:{number}", f"第{number}条晨报，天气不错", at=self.clock.now())

    def answer(self, answer: Answer) -> None:
        """What the site says from now on."""
        self.site.on(PATH, answer)

    def heal(self) -> None:
        self.site.on(PATH, self.feed._answer)

    async def incidents(self) -> list[Any]:
        found = await rows(self.container, tables.incident, tables.incident.c.opened_at)
        return [row for row in found if row.kind == "coverage"]

    async def told(self) -> list[Any]:
        found = await rows(self.container, tables.outbox, tables.outbox.c.occurred_at)
        return [row for row in found if row.type.startswith("coverage.")]

    async def sight(self) -> str:
        (feed,) = await rows(self.container, tables.feed)
        return str(feed.sight)

    async def lived(self, per_hour: Any, *, days: int = 21) -> None:
        """Give the feed a past: `per_hour(hour of the day in Shanghai, hours ago)` posts."""
        now = self.clock.now()
        async with self.container.database.write() as connection:
            since = now - timedelta(days=days)
            await repository.make_known(connection, "morning", pushed=False, now=since)
            for ago in range(1, days * 24):
                hour = (now - ago * HOUR).replace(minute=0)
                posts = per_hour(hour.astimezone(SHANGHAI).hour, ago)
                await repository.add_hour(
                    connection, FeedHour(feed_id="morning", hour=hour, posts=posts)
                )


@asynccontextmanager
async def scene(folder: Path, *, start: datetime = START) -> AsyncIterator[Scene]:
    clock = VirtualClock(start)
    async with (
        mock_site() as site,
        running(
            folder, clock=clock, FENGSUI_ENCODER="lexical", FENGSUI_CANARY="false"
        ) as container,
    ):
        feed = FeedServer(site)
        await container.channels.put(
            SYSTEM, ChannelDraft(id="duty", kind=ChannelKind.RECORDING, name="值班")
        )
        draft = SourceDraft(id="morning", kind="rss", name="晨报", settings={"url": feed.url})
        await container.sources.put(SYSTEM, draft)
        yield Scene(container, clock, site, feed)


REFUSALS = [
    pytest.param(Answer(status=403), {"blocked"}, id="403"),
    pytest.param(
        Answer(headers={"content-type": "text/html"}, body=LOGIN),
        {"blocked", "schema_drift"},
        id="login page with 200",
    ),
    pytest.param(
        Answer(headers={"content-type": "application/json"}, body=b'{"items": []}'),
        {"schema_drift", "failing"},
        id="another format",
    ),
]


@pytest.mark.parametrize(("answer", "states"), REFUSALS)
async def test_a_refused_feed_opens_one_incident_and_its_return_resolves_it(
    tmp_path: Path, answer: Answer, states: set[str]
) -> None:
    async with scene(tmp_path) as live:
        live.publish(1)
        await live.run(minutes=20)
        assert await live.sight() == "ok"
        live.answer(answer)
        await live.run(hours=2)

        (incident,) = await live.incidents()
        assert incident.title == "信源失联：morning"
        assert incident.opened_at - START < timedelta(minutes=40)
        assert await live.sight() in states
        (run,) = await rows(live.container, tables.run)
        assert run.playbook == "coverage"

        live.heal()
        live.publish(2)
        await live.run(hours=2)
        (incident,) = await live.incidents()
        assert incident.state == "resolved"
        assert await live.sight() in {"ok", "ok_empty"}
        assert [row.type for row in await live.told()] == ["coverage.lost", "coverage.restored"]
        (gap,) = await rows(live.container, tables.feed_gap)
        assert gap.until is not None
        assert gap.since < incident.opened_at


async def test_a_single_refusal_is_seen_and_nobody_is_paged(tmp_path: Path) -> None:
    async with scene(tmp_path) as live:
        live.publish(1)
        await live.run(minutes=10)
        answers = iter([Answer(status=403)])
        live.site.on(PATH, lambda asked: next(answers, None) or live.feed._answer(asked))
        await live.run(hours=1)
        assert await live.incidents() == []
        assert [gap.sight for gap in await rows(live.container, tables.feed_gap)] == ["blocked"]


async def test_an_empty_list_of_a_busy_feed_is_suspicious(tmp_path: Path) -> None:
    async with scene(tmp_path) as live:
        await live.lived(lambda hour, ago: 4 + (hour * 7 + ago * 3) % 3 if hour >= 8 else 1)
        live.publish(1)
        await live.run(minutes=15)
        assert await live.sight() == "ok"
        # Well formed, answered with 200, and with nothing in it.
        empty = b'<?xml version="1.0"?><rss version="2.0"><channel><title>x</title></channel></rss>'
        live.answer(Answer(headers={"content-type": "application/rss+xml"}, body=empty))
        await live.run(hours=8)

        (incident,) = await live.incidents()
        assert incident.reasons[0]["clause"] == "fewer_posts"
        assert await live.sight() == "quiet"
        (checkpoint,) = [
            row
            for row in await rows(live.container, tables.checkpoint)
            if row.source_id == "morning"
        ]
        assert checkpoint.last_outcome == "ok_empty"


async def test_a_quiet_night_of_a_quiet_feed_is_nothing(tmp_path: Path) -> None:
    evening = START.replace(hour=13)  # 21:00 in Shanghai
    async with scene(tmp_path, start=evening) as live:
        await live.lived(lambda hour, ago: int(hour in (9, 15) and ago % 5 > 0))
        live.publish(1)
        await live.run(hours=13)
        assert await live.sight() == "ok_empty"
        assert await live.incidents() == []
        assert await rows(live.container, tables.feed_gap) == []


async def test_a_quiet_night_of_a_busy_feed_is_nothing(tmp_path: Path) -> None:
    evening = START.replace(hour=14)  # 22:00 in Shanghai
    async with scene(tmp_path, start=evening) as live:
        await live.lived(lambda hour, ago: 3 + (hour + ago) % 4 if 8 <= hour < 22 else 0)
        live.publish(1)
        await live.run(hours=10)
        assert await live.incidents() == []


async def test_a_feed_lost_again_soon_is_the_same_incident(tmp_path: Path) -> None:
    async with scene(tmp_path) as live:
        live.publish(1)
        await live.run(minutes=10)
        live.answer(Answer(status=403))
        await live.run(minutes=30)
        live.heal()
        await live.run(minutes=45)
        live.answer(Answer(status=403))
        (incident,) = await live.incidents()
        assert incident.state == "resolved"
        await live.run(minutes=30)
        (incident,) = await live.incidents()
        assert incident.state == "responding"


async def test_a_paused_feed_is_blind_and_no_alarm(tmp_path: Path) -> None:
    async with scene(tmp_path) as live:
        live.publish(1)
        await live.run(minutes=10)
        draft = SourceDraft(
            id="morning", kind="rss", name="晨报", settings={"url": live.feed.url}, enabled=False
        )
        await live.container.sources.put(SYSTEM, draft)
        await live.run(hours=3)
        assert await live.sight() == "paused"
        assert await live.incidents() == []
