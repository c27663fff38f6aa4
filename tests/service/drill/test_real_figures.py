"""No figure of real crises moves for a drill; the same life of a real one moves each of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY

from service.auth import SYSTEM
from service.coverage.lag import measure
from service.db import tables
from service.drill import GOING_ON
from service.incidents import Action, Kind
from service.incidents import repository as incident_rows
from service.incidents.subjects import holding_post, latest_about, opened_since
from service.indicators import records
from service.indicators.window import Window
from service.stores import PostQuery
from tests.service.api.crisis import open_crisis
from tests.support.clock import START
from tests.support.drill_scene import LEAD, TEAM, DrillScene, open_drills, opens, rises

pytestmark = pytest.mark.asyncio(loop_scope="module")
_COUNTED = ("fengsui_pages_total", "fengsui_incidents")
_MONTH = Window(since=START - timedelta(days=1), until=START + timedelta(days=30))


async def figures(scene: DrillScene, post_id: str = "post1") -> Mapping[str, Any]:
    """Every figure of crises that the service draws, by name; `post_id` may be of an incident."""
    container, now = scene.container, scene.clock.now()
    async with container.database.read() as connection:
        found = {
            "responses": await records.responses(connection, "tea", [_MONTH]),
            "breaches": await records.breaches(connection, "tea", [_MONTH], now=now),
            "recurrences": await records.recurrences(connection, "tea", [_MONTH]),
            "burning": await incident_rows.monitors_burning(connection),
            "standings": sorted(await incident_rows.standings(connection, "tea", since=START)),
            "since": len(await opened_since(connection, Kind.CRISIS, START)),
            "about": await latest_about(connection, Kind.CRISIS, "safety_incident"),
            "holding": await holding_post(connection, Kind.CRISIS, post_id),
        }
    lag = await measure(container.database, container.store, since=START - timedelta(days=1))
    return {
        **found,
        "lag": lag.overall,
        "metrics": {
            (sample.name, *sorted(sample.labels.items())): sample.value
            for metric in REGISTRY.collect()
            for sample in metric.samples
            if sample.name.startswith(_COUNTED) and not sample.name.endswith("_created")
        },
    }


async def work(scene: DrillScene, incident_id: str) -> None:
    """Answered late, with a step done and the rest missed, and closed."""
    await scene.wait(hours=2)
    desk, response = scene.container.desk, scene.container.response_desk
    await desk.act(TEAM, incident_id, Action.ACKNOWLEDGE)
    await response.do(TEAM, incident_id, "first_response", note="已回")
    await scene.wait(hours=1)


async def test_a_drill_moves_no_figure(tmp_path: Any) -> None:
    async with open_drills(tmp_path) as scene:
        before = await figures(scene)
        drill = await scene.begin(opens(scenario="safety_incident"), rises(minutes=10))
        await scene.wait(minutes=1)
        await work(scene, (await scene.incident(drill)).id)
        during = await figures(scene)
        await scene.office.stop(LEAD, drill.id)
        await scene.wait(hours=1)
        after = await figures(scene)
    for name, value in before.items():
        assert during[name] == value, name
        assert after[name] == value, name


async def test_a_real_crisis_moves_each_of_them(tmp_path: Any) -> None:
    """So that the test above can fail."""
    async with open_drills(tmp_path) as scene:
        before = await figures(scene)
        incident_id = await open_crisis(scene.container, scene.clock, name="tea")
        await work(scene, incident_id)
        file = await scene.container.desk.file(SYSTEM, incident_id)
        during = await figures(scene, file.evidence[0].post_id)
    unmoved = {name for name, value in before.items() if during[name] == value}
    assert unmoved == set()


async def test_the_posts_of_a_drill_are_in_no_store(tmp_path: Any) -> None:
    async with open_drills(tmp_path) as scene:
        drill = await scene.begin()
        await scene.wait(minutes=5)
        assert (await scene.now(drill)).state in GOING_ON
        assert len(await scene.rows(tables.incident_post)) == 1
        assert (await scene.container.store.search(PostQuery(), limit=1)).total == 0
        assert await scene.rows(tables.monitor_tick) == []
        file = await scene.container.desk.file(SYSTEM, (await scene.incident(drill)).id)
        assert file.incident.drill
