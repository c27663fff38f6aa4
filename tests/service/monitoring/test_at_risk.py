"""From a post to the incident of its author."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from service.db import Database, tables
from service.incidents import repository
from service.moderation.at_risk import PeopleAtRisk
from service.monitoring.at_risk import RiskWatch
from service.stores.post_store import StoredPost
from tests.support.clock import SteppingClock
from tests.support.incident_scene import IncidentScene
from tests.support.stored_posts import stored_post


@dataclass(frozen=True)
class Found:
    post: StoredPost
    rule: str = "tired"
    shares: str | None = None


@pytest.fixture
def scene(sqlite_database: Database, clock: SteppingClock) -> IncidentScene:
    return IncidentScene(sqlite_database, clock)


@pytest.fixture
def watch(scene: IncidentScene) -> RiskWatch:
    people = PeopleAtRisk(incidents=scene.incidents, tiers=scene.library.tiers.ids)
    return RiskWatch(database=scene.database, clock=scene.clock, people=people)


def found(scene: IncidentScene, number: int, **changes: object) -> Found:
    values = {"author": f"au_{number}", "published_at": scene.clock.now()} | changes
    return Found(stored_post(number, "不想活了，找我 13912345678", **values))


async def test_each_author_gets_an_incident_with_the_post_as_evidence(
    scene: IncidentScene, watch: RiskWatch
) -> None:
    await watch.notice([found(scene, 1), found(scene, 2, monitors=())])
    incidents = await scene.rows(tables.incident)
    assert {row["monitor_id"] for row in incidents} == {"tea", ""}
    assert len({row["id"] for row in incidents}) == 2
    async with scene.database.read() as connection:
        held = await repository.evidence_of(connection, incidents[0]["id"])
    assert "12345678" not in held[0].snapshot["text"]


async def test_a_post_that_comes_again_wakes_nobody(scene: IncidentScene, watch: RiskWatch) -> None:
    post = found(scene, 1)
    await watch.notice([post])
    generation, before = scene.database.generation, await scene.footprint()
    await watch.notice([post])
    assert (scene.database.generation, await scene.footprint()) == (generation, before)


async def test_a_share_joins_what_it_shares(scene: IncidentScene, watch: RiskWatch) -> None:
    first = found(scene, 1)
    share = Found(found(scene, 2).post, shares=first.post.id)
    await watch.notice([first, share])
    (incident,) = await scene.rows(tables.incident)
    assert incident["posts"] == 2
