"""What darkens several feeds at once is one incident, which names them and ends with the last."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from crawlers import Outcome
from service.coverage import CoverageWatch
from service.db import Database, tables
from service.incidents import Incident, State
from service.monitoring.lost_sources import LostSources
from tests.support.clock import SteppingClock
from tests.support.coverage_scene import CoverageScene
from tests.support.incident_scene import IncidentScene


class Town(CoverageScene):
    """Feeds whose losses open real incidents."""

    def __init__(self, database: Database, clock: SteppingClock) -> None:
        super().__init__(database, clock)
        self.incidents = IncidentScene(database, clock)
        self.watch = CoverageWatch(
            database=database,
            clock=clock,
            schedules=self.planned,
            checkpoints=self.checkpoints,
            alarms=LostSources(
                incidents=self.incidents.incidents, tiers=self.incidents.library.tiers.ids
            ),
            zone=ZoneInfo("Asia/Shanghai"),
            owner="one",
        )

    async def begin(self, *names: str) -> None:
        """Feeds that answer well."""
        for name in names:
            self.source(name)
            await self.pull(name)
        await self.look()

    async def fail(self, *names: str, outcome: Outcome = Outcome.FAILED) -> None:
        """Three failures in a row, a minute apart."""
        for _ in range(3):
            self.clock.step(minutes=1)
            for name in names:
                await self.pull(name, outcome)
        await self.look()

    async def back(self, name: str) -> None:
        self.clock.step(minutes=1)
        await self.pull(name)
        await self.look()

    async def opened(self) -> list[Incident]:
        async with self.database.read() as connection:
            ids = (await connection.execute(select(tables.incident.c.id))).scalars().all()
        return [await self.incidents.get(found) for found in ids]


@pytest.fixture
def town(sqlite_database: Database, clock: SteppingClock) -> Town:
    return Town(sqlite_database, clock)


async def test_feeds_that_fail_together_share_an_incident_that_names_them(town: Town) -> None:
    await town.begin("forum", "news", "shop", "still")
    await town.fail("forum", "news")
    await town.fail("shop")
    (incident,) = await town.opened()
    assert incident.title == "信源失联：forum、news、shop"
    assert (await town.incidents.kinds()).count("feed_lost_too") == 2
    town.clock.step(minutes=20)
    await town.look()
    assert len(await town.opened()) == 1


async def test_it_ends_when_the_last_of_them_is_seen(town: Town) -> None:
    await town.begin("forum", "news", "still")
    await town.fail("forum", "news")
    await town.back("forum")
    (incident,) = await town.opened()
    assert incident.state is State.NEW
    await town.back("news")
    (incident,) = await town.opened()
    assert incident.state is State.RESOLVED
    assert (await town.feed("news")).incident_id is None


async def test_one_that_fails_again_meanwhile_is_still_part_of_it(town: Town) -> None:
    await town.begin("forum", "news", "still")
    await town.fail("forum", "news")
    await town.back("news")
    await town.fail("news")
    await town.back("forum")
    (incident,) = await town.opened()
    assert incident.state is not State.RESOLVED


async def test_a_refusal_is_that_of_one_site(town: Town) -> None:
    await town.begin("forum", "news", "still")
    await town.fail("forum", "news", outcome=Outcome.BLOCKED)
    assert sorted(item.title for item in await town.opened()) == [
        "信源失联：forum",
        "信源失联：news",
    ]


async def test_what_fails_much_later_is_another_trouble(town: Town) -> None:
    await town.begin("forum", "news", "still")
    await town.fail("forum")
    for _ in range(8):
        town.clock.step(minutes=4)
        await town.pull("news")
        await town.pull("still")
        await town.look()
    await town.fail("news")
    assert len(await town.opened()) == 2


async def test_of_many_feeds_the_first_are_named(town: Town) -> None:
    names = [f"feed-{number}" for number in range(7)]
    await town.begin(*names, "still")
    await town.fail(*names)
    (incident,) = await town.opened()
    assert incident.title.endswith("feed-4 等 7 个")


async def test_a_source_that_is_deleted_does_not_end_what_others_share(town: Town) -> None:
    await town.begin("forum", "news", "still")
    await town.fail("forum", "news")
    del town.schedules["forum"]
    await town.look()
    (incident,) = await town.opened()
    assert incident.state is State.NEW
    await town.back("news")
    (incident,) = await town.opened()
    assert incident.state is State.RESOLVED
