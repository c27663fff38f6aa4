"""What the news of a deletion does: to the store, to evidence, and while the store is away."""

from __future__ import annotations

from typing import Any

import pytest

from crawlers import PostKey
from service.incidents import repository
from service.ingest import Deletions
from service.monitoring.evidence import freeze
from service.stores import PostChange, StoreError
from tests.support.incident_scene import IncidentScene
from tests.support.ingest_scene import IngestScene

KEY = PostKey("weibo", "1")


async def test_a_post_is_marked_once_and_unknown_ones_are_passed_over(scene: IngestScene) -> None:
    await scene.put(scene.post(1, "漏水"))
    keys = [KEY, KEY, PostKey("weibo", "never")]
    assert await scene.deletions.note(keys, via="push") == {KEY.id: PostChange.DELETED}
    assert await scene.deletions.note(keys, via="push") == {KEY.id: PostChange.UNCHANGED}
    assert (await scene.stored(scene.post(1, ""))).deleted_at == scene.clock.now()
    assert await scene.deletions.note([], via="push") == {}


async def test_what_its_source_brings_again_is_there_again(scene: IngestScene) -> None:
    await scene.put(scene.post(1, "漏水"))
    await scene.deletions.note([KEY], via="push")
    scene.clock.step(minutes=1)
    await scene.put(scene.post(1, "漏水了"))
    assert (await scene.stored(scene.post(1, ""))).deleted_at is None


class FailingStore:
    """Marks nothing."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    async def mark_deleted(self, post_ids: Any, *, at: Any) -> Any:
        raise self._error


async def test_a_store_that_is_away_shuts_the_gate(scene: IngestScene) -> None:
    error = StoreError("away", retry_after=30)
    deletions = Deletions(
        database=scene.database,
        store=FailingStore(error),  # type: ignore[arg-type]  # no more of a store is asked for
        clock=scene.clock,
        gate=scene.gate,
    )
    with pytest.raises(StoreError, match="away"):
        await deletions.note([KEY], via="push")
    assert not scene.gate.is_open()
    with pytest.raises(StoreError, match="not stored for now"):
        await scene.deletions.note([KEY], via="push")


async def test_the_evidence_of_incidents_says_so_once(scene: IngestScene) -> None:
    post = scene.post(1, "漏水")
    await scene.put(post)
    incidents = IncidentScene(scene.database, scene.clock)
    frozen = freeze(await scene.stored(post), now=scene.clock.now())
    incident = await incidents.open(evidence=(frozen,))
    for _ in range(2):
        await scene.deletions.note([KEY], via="push")
    async with scene.database.read() as connection:
        (item,) = await repository.evidence_of(connection, incident.id)
    assert item.deleted_at == scene.clock.now()
    assert (await incidents.kinds()).count("evidence_deleted") == 1
