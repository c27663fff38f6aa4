"""The crawl job: sources pulled when due, and a cursor that moves only after the posts are safe."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from structlog.testing import capture_logs

from crawlers import RateLimit, Source
from service.auth import SYSTEM
from service.db.leases import Tenure, turn
from service.ingest.crawl import Crawl, _cadences, _declared
from service.ingest.pipeline import Ingest
from service.jobs import advance
from service.monitors import DurableCheckpoints, SourceDraft, Sources
from service.stores.errors import StoreReadOnly
from service.stores.post_store import PostQuery
from tests.support.fetching import FakeFetcher, page
from tests.support.ingest_scene import BrokenStore, IngestScene

MakeCrawl = Callable[[Ingest], Crawl]


@pytest.fixture
def sources(scene: IngestScene) -> Sources:
    return Sources(scene.database, scene.clock, scene.ring)


@pytest.fixture
def checkpoints(scene: IngestScene) -> DurableCheckpoints:
    return DurableCheckpoints(scene.database)


@pytest.fixture
def make(scene: IngestScene, sources: Sources, checkpoints: DurableCheckpoints) -> MakeCrawl:
    def crawl(ingest: Ingest) -> Crawl:
        return Crawl(
            database=scene.database,
            clock=scene.clock,
            sources=sources,
            checkpoints=checkpoints,
            fetcher=FakeFetcher([page(b"")]),
            ingest=ingest,
            deletions=scene.deletions,
            random=lambda: 0.5,
            concurrency=2,
            tenure=Tenure(scene.database, "pulling", owner="one", now=scene.clock.now),
            gate=scene.gate,
        )

    return crawl


def write_lines(path: Path, numbers: range) -> None:
    rows = [
        {
            "source": "weibo",
            "native_id": str(number),
            "published_at": "2024-03-01T01:00:00Z",
            "text": f"澄屿好喝{number}",
        }
        for number in numbers
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def file_source(path: Path, **changes: object) -> SourceDraft:
    given = {"id": "export", "kind": "jsonl", "name": "Export", "settings": {"path": str(path)}}
    return SourceDraft(**{**given, **changes})  # type: ignore[arg-type]


async def test_without_sources_nothing_is_due(scene: IngestScene, make: MakeCrawl) -> None:
    assert await make(scene.ingest).next_at() is None


async def test_what_a_source_brings_is_stored_via_it(
    scene: IngestScene,
    make: MakeCrawl,
    sources: Sources,
    checkpoints: DurableCheckpoints,
    tmp_path: Path,
) -> None:
    write_lines(tmp_path / "export.jsonl", range(3))
    await sources.put(SYSTEM, file_source(tmp_path / "export.jsonl"))
    crawl = make(scene.ingest)
    assert await crawl.next_at() == scene.clock.now()
    with capture_logs() as logs:
        assert await crawl.run(scene.clock.now()) == 1
    (said,) = [entry for entry in logs if entry["event"] == "crawl.pulled"]
    assert (said["source"], said["outcome"], said["posts"]) == ("export", "ok", 3)
    assert (await scene.stored(scene.post(1, ""))).via == "export"
    saved = await checkpoints.load("export")
    assert saved is not None
    assert saved.cursor
    due = await crawl.next_at()
    assert due is not None
    assert scene.clock.now() < due <= scene.clock.now() + timedelta(seconds=300)


async def test_a_sink_that_fails_leaves_the_cursor_and_the_posts_come_again(
    scene: IngestScene,
    make: MakeCrawl,
    sources: Sources,
    checkpoints: DurableCheckpoints,
    tmp_path: Path,
) -> None:
    write_lines(tmp_path / "export.jsonl", range(3))
    await sources.put(SYSTEM, file_source(tmp_path / "export.jsonl"))
    store = BrokenStore(scene.store)
    store.refusals = 1
    crawl = make(scene.over(store))
    await crawl.run(scene.clock.now())
    failed = await checkpoints.load("export")
    assert failed is not None
    assert (failed.cursor, failed.failures) == (None, 1)
    assert "no space left" in str(failed.last_reason)
    assert await scene.store.count(PostQuery()) == 0
    await advance(scene.clock, [crawl], scene.clock.now() + timedelta(hours=1))
    healed = await checkpoints.load("export")
    assert healed is not None
    assert healed.failures == 0
    assert healed.cursor
    assert await scene.store.count(PostQuery()) == 3


async def test_a_restart_after_storing_and_before_the_checkpoint_stores_nothing_twice(
    scene: IngestScene,
    make: MakeCrawl,
    sources: Sources,
    checkpoints: DurableCheckpoints,
    tmp_path: Path,
) -> None:
    write_lines(tmp_path / "export.jsonl", range(3))
    await sources.put(SYSTEM, file_source(tmp_path / "export.jsonl"))
    await scene.ingest.ingest(
        [
            scene.post(number, f"澄屿好喝{number}", published_at=scene.clock.now())
            for number in range(3)
        ],
        via="export",
    )
    await make(scene.ingest).run(scene.clock.now())
    assert await scene.store.count(PostQuery()) == 3
    assert (await scene.stored(scene.post(2, ""))).version == 1


async def test_an_edited_source_is_heeded_without_a_restart(
    scene: IngestScene, make: MakeCrawl, sources: Sources, tmp_path: Path
) -> None:
    crawl = make(scene.ingest)
    assert await crawl.next_at() is None
    write_lines(tmp_path / "export.jsonl", range(1))
    await sources.put(SYSTEM, file_source(tmp_path / "export.jsonl"))
    assert await crawl.next_at() is not None
    await sources.put(SYSTEM, file_source(tmp_path / "export.jsonl", enabled=False))
    assert await crawl.next_at() is None


async def test_a_source_that_cannot_be_built_is_named_and_stops_no_other(
    scene: IngestScene, make: MakeCrawl, sources: Sources, tmp_path: Path
) -> None:
    write_lines(tmp_path / "export.jsonl", range(1))
    await sources.put(SYSTEM, file_source(tmp_path / "export.jsonl"))
    await sources.put(
        SYSTEM,
        file_source(tmp_path / "export.jsonl", id="sealed", secrets={"batch": 10}),
    )
    other_ring = Sources(scene.database, scene.clock, type(scene.ring).from_secret("x" * 40))
    crawl = Crawl(
        database=scene.database,
        clock=scene.clock,
        sources=other_ring,
        checkpoints=DurableCheckpoints(scene.database),
        fetcher=FakeFetcher([page(b"")]),
        ingest=scene.ingest,
        deletions=scene.deletions,
        random=lambda: 0.5,
        concurrency=2,
        tenure=Tenure(scene.database, "pulling", owner="one", now=scene.clock.now),
        gate=scene.gate,
    )
    with capture_logs() as logs:
        assert await crawl.run(scene.clock.now()) == 1
    (said,) = [entry for entry in logs if entry["event"] == "crawl.source_unusable"]
    assert said["source"] == "sealed"


async def test_while_the_store_is_full_crawling_waits_and_catches_up_by_itself(
    scene: IngestScene,
    make: MakeCrawl,
    sources: Sources,
    checkpoints: DurableCheckpoints,
    tmp_path: Path,
) -> None:
    for name in ("one", "three", "two"):
        lines = tmp_path / f"{name}.jsonl"
        write_lines(lines, range(3) if name == "one" else range(len(name) * 10, len(name) * 10 + 3))
        await sources.put(SYSTEM, file_source(lines, id=name))
    store = BrokenStore(scene.store)
    store.refusals, store.error = 4, StoreReadOnly("its disk is full")
    crawl = make(scene.over(store))
    began = scene.clock.now()
    await crawl.run(began)
    assert store.tried <= 3
    assert scene.gate.pause is not None
    assert await crawl.next_at() == began + timedelta(seconds=10)
    assert [await checkpoints.load(name) for name in ("one", "three", "two")] == [None] * 3
    tried = store.tried
    scene.clock.step(seconds=10)
    await crawl.run(scene.clock.now())
    assert store.tried == tried + 1, "one source is the trial"
    await advance(scene.clock, [crawl], began + timedelta(minutes=4))
    assert scene.gate.pause is None
    assert await scene.store.count(PostQuery()) == 9
    healed = await checkpoints.load("one")
    assert healed is not None
    assert (healed.failures, healed.last_reason) == (0, None)


async def test_a_store_that_is_down_is_asked_before_anything_is_pulled(
    scene: IngestScene, make: MakeCrawl, sources: Sources, tmp_path: Path
) -> None:
    write_lines(tmp_path / "export.jsonl", range(1))
    await sources.put(SYSTEM, file_source(tmp_path / "export.jsonl"))
    await scene.gate.failed(StoreReadOnly("away", retry_after=10))
    crawl = make(scene.ingest)
    assert await crawl.run(scene.clock.now()) == 0
    scene.clock.step(seconds=10)
    assert await crawl.run(scene.clock.now()) == 1


async def test_one_process_at_a_time_pulls(
    scene: IngestScene, make: MakeCrawl, sources: Sources, tmp_path: Path
) -> None:
    write_lines(tmp_path / "export.jsonl", range(1))
    await sources.put(SYSTEM, file_source(tmp_path / "export.jsonl"))
    crawl = make(scene.ingest)
    async with turn(scene.database, "pulling", owner="another", now=scene.clock.now) as theirs:
        assert theirs
        assert await crawl.run(scene.clock.now()) == 0
        due = await crawl.next_at()
        assert due is not None
        assert due > scene.clock.now()
    scene.clock.advance_to(due)
    assert await crawl.run(scene.clock.now()) == 1


def test_no_source_is_asked_sooner_than_its_kind_allows() -> None:
    slow = RateLimit(requests=1, period=timedelta(minutes=2))
    quick = RateLimit(requests=20, period=timedelta(minutes=1))
    source = cast(Source, None)
    found = _cadences(
        dict.fromkeys(("hot", "list", "plain", "eager"), source),
        {"hot": 300, "list": 300, "plain": 300, "eager": 30},
        {"hot": slow, "list": quick, "plain": None, "eager": quick},
    )
    floors = {name: cadence.floor.total_seconds() for name, cadence in found.items()}
    assert floors == {"hot": 120, "list": 60, "plain": 60, "eager": 30}


def test_a_declared_pace_is_that_of_its_settings() -> None:
    assert _declared({"requests": 1, "period_s": 120}) == RateLimit(
        requests=1, period=timedelta(minutes=2)
    )
    assert _declared({"requests": 1}) is None
