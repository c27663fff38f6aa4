"""Improvements, a tracker on loopback, and the line between them in virtual time."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import UTC, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import orjson
import pytest
import pytest_asyncio
from sqlalchemy.ext.asyncio import AsyncConnection

from crawlers.fetch import GuardPolicy, guarded_client, parse_networks
from service.auth import Principal
from service.db import Database, tables
from service.delivery import ChannelTarget, Deliverer, DeliveryReport, Router
from service.delivery.asking import Asking
from service.indicators.needs import NeedsReport
from service.indicators.window import Window
from service.jobs import advance
from service.reviews import ItemState
from service.reviews.model import Improvement
from service.trackers import (
    KIND,
    Calls,
    Handover,
    HandoverDesk,
    HandoverWatch,
    Hearing,
    Listener,
    Telling,
    Tracker,
    TrackerSender,
    heard_in,
    load_trackers,
    targets_of,
)
from tests.service.reviews.conftest import ReviewScene
from tests.support.clock import SteppingClock
from tests.support.incident_scene import LEAD
from tests.support.providers.tracker import SECRET, TOKEN, Event, GitHubLike, JiraLike
from tests.support.webhook_receiver import WebhookReceiver, webhook_receiver

ENVIRON = MappingProxyType({"TRACKER_TOKEN": TOKEN, "TRACKER_SECRET": SECRET})
LOOPBACK = GuardPolicy(allow_networks=parse_networks(["127.0.0.0/8"]))


def written(shape: str, address: str, /, **more: str) -> str:
    """The file of a tracker, as operators write it."""
    lines = {
        "tracker": shape,
        "shape": shape,
        "address": address,
        "token_env": "TRACKER_TOKEN",
        "secret_env": "TRACKER_SECRET",
        **more,
    }
    return "\n".join(f"{name}: {value}" for name, value in lines.items())


class NoNeeds:
    """Answers with the report that a test puts there."""

    def __init__(self) -> None:
        self.found: NeedsReport | None = None

    async def report(
        self, actor: Principal, monitor_id: str, window: Window, *, limit: int = 50
    ) -> NeedsReport:
        assert self.found is not None
        return self.found


class HandoverScene(ReviewScene):
    """`server` is the tracker `jira`, whose tickets `jira` has. It is START."""

    def __init__(
        self,
        database: Database,
        clock: SteppingClock,
        folder: Path,
        *,
        trackers: Mapping[str, Tracker],
        asking: Asking,
    ) -> None:
        super().__init__(database, clock, folder)
        self.trackers = dict(trackers)
        self.needs = NoNeeds()
        telling = Telling(public_url="http://fengsui.example")
        calls = Calls(asking)
        self.telling = telling
        self.desk_of = self.desk_with(self.trackers)
        self.listener = Listener(database, clock=clock, items=self.improvements, telling=telling)
        self.tracker_sender = TrackerSender(
            database, trackers=self.trackers, calls=calls, telling=telling
        )
        self.handover_watch = HandoverWatch(
            database,
            clock=clock,
            owner="test",
            trackers=self.trackers,
            calls=calls,
            listener=self.listener,
            telling=telling,
            recheck=None,
        )
        self.router = Router(database, clock=clock, channels=self._channels, recheck=None)
        self.deliverer = Deliverer(
            database,
            clock=clock,
            owner="test",
            channels=self._channels,
            senders={"recording": self.sender, KIND: self.tracker_sender},
            random=lambda: 0.5,
            announce=self._announce,
            disable=self.channels.switch_off,
            concurrency=1,
            recheck=None,
        )

    def desk_with(self, trackers: Mapping[str, Tracker]) -> HandoverDesk:
        return HandoverDesk(
            self.database,
            clock=self.clock,
            trackers=trackers,
            needs=self.needs,
            telling=self.telling,
            public_url="http://fengsui.example",
            zone=UTC,
        )

    async def _channels(self) -> list[ChannelTarget]:
        return [*await self.channels.targets(), *targets_of(self.trackers)]

    async def _announce(self, connection: AsyncConnection, report: DeliveryReport) -> None:
        await self.responding.reach.heard(connection, report)
        await self.tracker_sender.settled(connection, report)

    async def pass_time(self, **duration: float) -> None:
        """Let the clock run, with the watch of hand-overs at its own instants."""
        until = self.clock.now() + timedelta(**duration)
        jobs = [self.engine, self.router, self.deliverer, self.handover_watch]
        await advance(self.clock, jobs, until)

    async def item(self, state: ItemState = ItemState.ACCEPTED, **changes: Any) -> Improvement:
        """One of a closed incident, in that state."""
        await self.department("quality")
        incident = await self.closed()
        review = await self.review_of(incident.id)
        await self.reviews.involve(LEAD, review.id, "quality")
        item = await self.propose(review.id, "quality", **changes)
        if state is ItemState.PROPOSED:
            return item
        return await self.improvements.move(LEAD, item.id, state)

    async def handed(self, tracker: str = "jira", **changes: Any) -> Handover:
        """An accepted improvement that the tracker has."""
        item = await self.item(**changes)
        made, _ = await self.desk_of.improvement(LEAD, item.id, tracker)
        await self.pass_time(seconds=1)
        return await self.now_of(made.id)

    async def now_of(self, handover_id: str) -> Handover:
        return await self.desk_of.get(LEAD, handover_id)

    async def item_of(self, handover: Handover) -> ItemState:
        return (await self.improvements.get(LEAD, handover.subject_id)).state

    async def hears(self, event: Event, tracker: str = "jira") -> Hearing:
        """As the webhook has it, its signature aside."""
        known = self.trackers[tracker]
        heard = heard_in(known, orjson.loads(event.body))
        if heard is None:
            return Hearing.NOT_OURS
        notice = event.headers["x-atlassian-webhook-identifier"]
        return await self.listener.hear(known, heard, notice=notice)

    async def events(self) -> list[tuple[str, str]]:
        """(type, change) of the news of hand-overs, in order."""
        found = [row for row in await self.rows(tables.outbox) if "handover" in row["data"]]
        found.sort(key=lambda row: (row["created_at"], row["id"]))
        return [(row["type"], row["data"]["change"]) for row in found if "change" in row["data"]]


@pytest.fixture
def jira(clock: SteppingClock) -> JiraLike:
    return JiraLike(now=clock.now)


@pytest.fixture
def github(clock: SteppingClock) -> GitHubLike:
    return GitHubLike(now=clock.now)


@pytest_asyncio.fixture
async def server(jira: JiraLike) -> AsyncIterator[WebhookReceiver]:
    async with webhook_receiver(jira) as receiver:
        yield receiver


@pytest_asyncio.fixture
async def asking() -> AsyncIterator[Asking]:
    client = guarded_client(LOOPBACK, timeout=5.0)
    try:
        yield Asking(client, limit_s=2.0)
    finally:
        await client.aclose()


@pytest_asyncio.fixture
async def trackers(
    tmp_path: Path, server: WebhookReceiver, github: GitHubLike
) -> AsyncIterator[Mapping[str, Tracker]]:
    async with webhook_receiver(github) as other:
        folder = tmp_path / "trackers"
        folder.mkdir()
        for shape, port in (("jira", server), ("github", other)):
            text = written(shape, port.url(""))
            (folder / f"{shape}.yaml").write_text(text, encoding="utf-8")
        yield load_trackers(folder, ENVIRON)


@pytest.fixture
def scene(
    database: Database,
    clock: SteppingClock,
    tmp_path: Path,
    trackers: Mapping[str, Tracker],
    asking: Asking,
) -> HandoverScene:
    """On each engine, with both trackers."""
    return HandoverScene(database, clock, tmp_path, trackers=trackers, asking=asking)


@pytest.fixture
def local(
    sqlite_database: Database,
    clock: SteppingClock,
    tmp_path: Path,
    trackers: Mapping[str, Tracker],
    asking: Asking,
) -> HandoverScene:
    """On SQLite alone, for logic that no engine changes."""
    return HandoverScene(sqlite_database, clock, tmp_path, trackers=trackers, asking=asking)
