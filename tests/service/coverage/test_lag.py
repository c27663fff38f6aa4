"""How long posts take, stage by stage, from what was counted, opened and delivered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest

from service.coverage.lag import EVERY_FEED, Stage, measure
from service.coverage.view import lag_view
from service.db import Database, tables
from service.stores import StoredPost
from tests.support.clock import START, SteppingClock
from tests.support.coverage_scene import CoverageScene
from tests.support.incident_scene import IncidentScene, evidence

SECOND = timedelta(seconds=1)


class Shelf:
    """As much of a post store as lags ask: posts of a source, stored so long before START."""

    def __init__(self, **ages_s: float) -> None:
        self._ages_s = ages_s

    async def get_many(self, post_ids: Sequence[str]) -> Mapping[str, StoredPost]:
        return {
            name: _stored(name, at=START - age * SECOND)
            for name, age in self._ages_s.items()
            if name in post_ids
        }


def _stored(post_id: str, *, at: datetime) -> StoredPost:
    return StoredPost(
        id=post_id,
        source="weibo",
        native_id=post_id,
        via="news",
        channel="social",
        published_at=at,
        fetched_at=at,
        stored_at=at,
        text="",
        content_hash="",
    )


async def send(database: Database, *, after_s: float) -> None:
    """Every page is delivered so long after it was written."""
    async with database.write() as connection:
        found = await connection.execute(tables.outbox.select())
        for number, row in enumerate(found.all()):
            await connection.execute(
                tables.delivery.insert().values(
                    id=f"dlv_{number}",
                    outbox_id=row.id,
                    channel_id="duty",
                    state="sent",
                    sent_at=row.occurred_at + after_s * SECOND,
                    created_at=row.occurred_at,
                )
            )


async def test_stages_are_summed_over_hours_and_feeds(scene: CoverageScene) -> None:
    for name in ("news", "forum"):
        scene.source(name)
        await scene.pull(name)
        await scene.post(1, via=name, source=name)
    scene.clock.step(hours=2)
    await scene.post(2, via="news", source="news")
    store: Any = Shelf()
    found = await measure(scene.database, store, since=START)
    assert found.overall[Stage.FETCHED].count == 3
    assert found.by_feed["news"][Stage.CLEANED].count == 2
    assert found.by_feed["news"][Stage.CLEANED].p50 == pytest.approx(2, rel=0.03)
    later = await measure(scene.database, store, since=scene.clock.now())
    assert later.overall[Stage.FETCHED].count == 1


async def test_alerts_are_timed_from_the_last_post_that_made_them(
    sqlite_database: Database, clock: SteppingClock
) -> None:
    incidents = IncidentScene(sqlite_database, clock)
    now = clock.now()
    await incidents.open(evidence=(evidence(1, at=now), evidence(2, at=now)))
    await incidents.open(scenario="outage", drill=True, evidence=(evidence(3, at=now),))
    await send(sqlite_database, after_s=4)
    store: Any = Shelf(post1=600, post2=30, post3=5)
    found = await measure(sqlite_database, store, since=now - timedelta(hours=1))
    stages = found.by_feed["news"]
    assert (stages[Stage.ALERTED].count, stages[Stage.DELIVERED].count) == (1, 1)
    assert stages[Stage.ALERTED].p50 == pytest.approx(30, rel=0.03)
    assert stages[Stage.DELIVERED].p99 == pytest.approx(4, rel=0.03)
    assert found.overall == stages


async def test_an_incident_whose_posts_are_gone_counts_once(
    sqlite_database: Database, clock: SteppingClock
) -> None:
    incidents = IncidentScene(sqlite_database, clock)
    await incidents.open()
    await send(sqlite_database, after_s=4)
    store: Any = Shelf()
    found = await measure(sqlite_database, store, since=START - timedelta(hours=1))
    assert set(found.by_feed) == {EVERY_FEED}
    assert found.overall[Stage.ALERTED].count == 0
    assert found.overall[Stage.DELIVERED].count == 1


async def test_nothing_measured_is_null(local: CoverageScene) -> None:
    store: Any = Shelf()
    view = lag_view(await measure(local.database, store, since=START))
    assert view["feeds"] == {}
    assert view["overall"]["alerted"] == {"p50": None, "p95": None, "p99": None, "count": 0}
