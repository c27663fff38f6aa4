"""A whole installation in virtual time: posts go in at their own instants, jobs run when due."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from crawlers import Author, Post
from service.auth import SYSTEM
from service.bootstrap import Container, build
from service.incidents import Incident, repository
from service.jobs import advance
from service.monitors import BrandDraft, MonitorDraft
from service.replay.session import RECORDING, replay_settings
from tests.support.clock import SteppingClock

HURT = "喝完青柚茶食物中毒进了ICU"
"""One of these is enough for a brand's monitor."""
FINE = "青柚茶好喝"


def complaint(number: int) -> str:
    """A negative post on product quality, each in words of its own."""
    places = ("江湾店", "望江路", "大学城", "机场", "南站", "老街", "万象里", "湖滨")
    faults = ("杯子漏水", "封口开胶", "吸管断在里面", "杯盖裂了", "标签贴错", "分量少一半")
    place, fault = places[number % len(places)], faults[number % len(faults)]
    return f"青柚茶{fault}，质量太差，{place}第{number * 37}单，差评{number * 101}"


class WatchScene:
    """One monitor, `tea`, of a brand unless told otherwise."""

    def __init__(self, container: Container, clock: SteppingClock) -> None:
        self.container = container
        self.clock = clock
        self.start = clock.now()
        self._numbers = count(1)

    def post(self, at: datetime, text: str, **changes: Any) -> Post:
        number = next(self._numbers)
        post = Post(
            source="weibo",
            native_id=str(number),
            published_at=at,
            text=text,
            author=Author(id=f"u{number}", name=f"人{number}"),
        )
        return replace(post, **changes)

    async def say(self, *texts: str, apart: timedelta = timedelta(seconds=20)) -> list[Post]:
        """People say these one after the other, from now on; the jobs run in between."""
        said = []
        for text in texts:
            await self.until(self.clock.now() + apart)
            said.append(self.post(self.clock.now(), text))
            await self.container.ingest.ingest(said[-1:], via="push")
        return said

    async def arrive(self, posts: Sequence[Post]) -> None:
        """These come in now, whenever they were published."""
        await self.container.ingest.ingest(posts, via="push")

    async def until(self, instant: datetime) -> None:
        await advance(self.clock, self.container.line, instant)

    async def wait(self, **duration: float) -> None:
        await self.until(self.clock.now() + timedelta(**duration))

    async def incidents(self) -> list[Incident]:
        """Every incident, oldest first."""
        async with self.container.database.read() as connection:
            found = await repository.newest(
                connection, repository.IncidentFilter(), before=None, limit=100
            )
        return list(reversed(found))

    async def only(self) -> Incident:
        (incident,) = await self.incidents()
        return incident


async def open_container(folder: Path, clock: SteppingClock, *, brand: bool) -> Container:
    """The installation over the folder, with its one monitor and a recording channel."""
    container = await build(replay_settings(folder), clock=clock, virtual=True, random=lambda: 0.5)
    await add_watch(container, brand=brand)
    return container


async def add_watch(container: Container, *, brand: bool) -> None:
    """The one monitor, and the brand that it may be of."""
    if brand:
        await container.brands.put(SYSTEM, BrandDraft(id="chengyu", name="澄屿"))
    await container.monitors.put(
        SYSTEM,
        MonitorDraft(
            id="tea", name="青柚茶", query="青柚茶", brand_id="chengyu" if brand else None
        ),
    )


@asynccontextmanager
async def open_watch(
    folder: Path, clock: SteppingClock, *, brand: bool = True
) -> AsyncIterator[WatchScene]:
    """A scene that is closed afterwards."""
    container = await open_container(folder, clock, brand=brand)
    try:
        await container.channels.put(SYSTEM, RECORDING)
        yield WatchScene(container, clock)
    finally:
        await container.close()
