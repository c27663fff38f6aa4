"""What one feed brought, and when it could not be seen."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from service.coverage import Coverage, Gap, Sight, repository
from service.errors import NotFound
from tests.support.clock import SteppingClock
from tests.support.coverage_scene import HOUR, CoverageScene
from tests.support.ingest_scene import open_posts


async def test_the_history_of_a_feed_is_its_own(
    scene: CoverageScene, clock: SteppingClock, tmp_path: Path
) -> None:
    await scene.lived("news", lambda ago: ago, days=9)
    await scene.lived("forum", lambda ago: 1, days=9)
    now = clock.now()
    async with scene.database.write() as connection:
        for feed_id, since in (("news", now - 30 * HOUR), ("forum", now - 3 * HOUR)):
            gap = Gap(
                feed_id=feed_id, sight=Sight.BLOCKED, detail="HTTP 403", since=since, until=now
            )
            await repository.add_gap(connection, gap)
    async with open_posts(tmp_path) as store:
        coverage = Coverage(
            database=scene.database, store=store, clock=clock, schedules=scene.planned
        )
        found = await coverage.history("news", days=2)
        assert found.feed.id == "news"
        assert (found.until, found.since) == (now, now - timedelta(days=2))
        assert [gap.since for gap in found.gaps] == [now - 30 * HOUR]
        assert {hour.feed_id for hour in found.hours} == {"news"}
        assert len(found.hours) == 48
        with pytest.raises(NotFound, match="no feed 'none'"):
            await coverage.history("none")
