"""Fits from the request to the row."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from nlp.topics import Pooling
from service.audit import AuditFilter, entries
from service.auth import SYSTEM
from service.errors import Conflict
from service.stores import StoreError
from service.topics import FitRequest, FitRunner, FitState, repository
from service.topics.model import MOST_ACTIVE
from tests.support.stored_posts import stored_post
from tests.support.stored_topics import LATER, TopicScene, themed_posts
from tests.support.topic_scene import PHONE, RAIN, theme_of


async def actions(scene: TopicScene) -> list[str]:
    async with scene.database.read() as connection:
        found = await entries(connection, where=AuditFilter(subject_type="topics"))
    return [entry.action for entry in reversed(found.items)]


async def test_a_fit_of_stored_posts(scene: TopicScene) -> None:
    version = await scene.fit()
    assert (version.number, version.state, version.active) == (1, FitState.READY, False)
    findings = version.findings or {}
    themes = [theme_of([t["word"] for t in topic["terms"][:5]]) for topic in findings["topics"]]
    assert sorted(theme for theme in themes if theme is not None) == [0, 1, 2]
    assert (findings["posts"], findings["drift"]) == (120, None)
    stored = await scene.store.get_many(findings["topics"][0]["posts"])
    assert len(stored) == len(findings["topics"][0]["posts"]) > 0
    assert await actions(scene) == ["topics.asked", "topics.fitted"]


async def test_a_version_outlives_the_process(scene: TopicScene) -> None:
    version = await scene.fit(activate=True)
    async with scene.database.read() as connection:
        again = await repository.version(connection, version.number)
        model = await repository.model(connection, version.number)
    assert again == version
    assert version.active
    assert model is not None
    assert model.topics == 3
    assert await actions(scene) == ["topics.asked", "topics.fitted", "topics.activated"]


async def test_the_same_posts_give_the_same_version(scene: TopicScene) -> None:
    first, second = await scene.fit(), await scene.fit()
    assert second.findings == first.findings


async def test_a_monitor_has_topics_of_its_own_posts(scene: TopicScene) -> None:
    await scene.monitor("rain")
    await scene.store.upsert(themed_posts(RAIN, PHONE, start=500, monitors=("rain",)))
    version = await scene.fit(monitor="rain", topics=2)
    words = {t["word"] for topic in (version.findings or {})["topics"] for t in topic["terms"]}
    assert words <= {*RAIN, *PHONE}


async def test_the_next_version_tells_what_is_new(scene: TopicScene) -> None:
    first = await scene.fit(activate=True)
    await scene.store.upsert(themed_posts(RAIN, start=500, each=90, seed=3))
    second = await scene.fit(topics=4)
    drift = (second.findings or {})["drift"]
    assert drift["before"] == first.number
    assert drift["new"]
    assert all(set(item["label"].split(" · ")) <= set(RAIN) for item in drift["new"])
    assert len(drift["matches"]) + len(drift["new"]) == 4


async def test_an_update_goes_on_from_a_version(scene: TopicScene) -> None:
    first = await scene.fit()
    await scene.store.upsert(themed_posts(start=500, seed=9))
    second = await scene.fit(based_on=first.number)
    drift = (second.findings or {})["drift"]
    assert second.based_on == 1
    assert [(match["topic"], match["before"]) for match in drift["matches"]] == [
        (0, 0),
        (1, 1),
        (2, 2),
    ]


async def test_too_few_posts_fail_with_a_reason(scene: TopicScene) -> None:
    version = await scene.fit(since=LATER.replace(day=4))
    assert version.state is FitState.FAILED
    assert "different posts" in (version.reason or "")
    assert version.findings is None


async def test_a_failed_fit_leaves_the_active_version(scene: TopicScene) -> None:
    first = await scene.fit(activate=True)
    await scene.fit(since=LATER.replace(day=4), activate=True)
    async with scene.database.read() as connection:
        assert [item.number for item in await repository.active(connection)] == [first.number]


async def test_what_a_library_raises_fails_the_fit(scene: TopicScene) -> None:
    class Odd:
        async def search(self, *_: Any, **__: Any) -> Any:
            raise ZeroDivisionError

    runner = FitRunner(database=scene.database, store=Odd(), clock=scene.clock)  # type: ignore[arg-type]
    version = await runner.run(await scene.desk.ask(SYSTEM, FitRequest(topics=3)))
    assert (version.state, version.reason) == (FitState.FAILED, "ZeroDivisionError: see the log")


async def test_a_store_that_fails_leaves_the_fit_for_the_next_try(scene: TopicScene) -> None:
    class Away:
        async def search(self, *_: Any, **__: Any) -> Any:
            raise StoreError("the disk is full")

    runner = FitRunner(database=scene.database, store=Away(), clock=scene.clock)  # type: ignore[arg-type]
    asked = await scene.desk.ask(SYSTEM, FitRequest(topics=3))
    with pytest.raises(StoreError):
        await runner.run(asked)
    assert (await scene.runner.run(asked)).state is FitState.READY


async def test_a_cancelled_fit_changes_nothing(scene: TopicScene) -> None:
    first = await scene.fit(activate=True)
    asked = await scene.desk.ask(SYSTEM, FitRequest(topics=3, activate=True))
    stages: list[str] = []

    def told(stage: str, done: int, of: int) -> None:
        stages.append(stage)

    await scene.desk.cancel(SYSTEM, asked.number)
    version = await scene.runner.run(asked, told=told)
    assert version.state is FitState.CANCELLED
    assert version.findings is None
    async with scene.database.read() as connection:
        assert [item.number for item in await repository.active(connection)] == [first.number]
        assert await repository.model(connection, asked.number) is None


async def test_a_fit_is_stopped_while_it_runs(scene: TopicScene) -> None:
    asked = await scene.desk.ask(SYSTEM, FitRequest(topics=3))
    loop = asyncio.get_running_loop()
    began = asyncio.Event()
    blocked = asyncio.Event()

    def told(stage: str, done: int, of: int) -> None:
        if stage == "learning" and not began.is_set():
            loop.call_soon_threadsafe(began.set)
            asyncio.run_coroutine_threadsafe(blocked.wait(), loop).result(20)

    running = asyncio.create_task(scene.runner.run(asked, told=told))
    await began.wait()
    await scene.desk.cancel(SYSTEM, asked.number)
    await asyncio.sleep(1.2)  # the runner looks every second
    blocked.set()
    assert (await running).state is FitState.CANCELLED


async def test_a_process_that_stops_leaves_the_fit_open(scene: TopicScene) -> None:
    asked = await scene.desk.ask(SYSTEM, FitRequest(topics=3))
    loop = asyncio.get_running_loop()
    began = asyncio.Event()

    def told(stage: str, done: int, of: int) -> None:
        loop.call_soon_threadsafe(began.set)

    running = asyncio.create_task(scene.runner.run(asked, told=told))
    await began.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    left = await scene.desk.get(SYSTEM, asked.number)
    assert left.state is FitState.RUNNING
    assert (await scene.runner.run(left)).state is FitState.READY


async def test_a_file_that_nobody_reads_any_more_is_said(scene: TopicScene) -> None:
    asked = await scene.desk.ask(SYSTEM, FitRequest(topics=3), file="posts.jsonl")
    version = await scene.runner.run(asked)
    assert version.state is FitState.FAILED
    assert "posts.jsonl ended before" in (version.reason or "")


async def test_posts_are_pooled_by_the_stories_that_they_are_in(scene: TopicScene) -> None:
    asked: list[int] = []

    async def homes(post_ids: Sequence[str]) -> dict[str, str]:
        asked.append(len(post_ids))
        return {post_id: f"story {post_id[-1]}" for post_id in post_ids[:90]}

    runner = FitRunner(database=scene.database, store=scene.store, clock=scene.clock, homes=homes)
    request = FitRequest(topics=3, pooling=Pooling.STORY)
    version = await runner.run(await scene.desk.ask(SYSTEM, request))
    findings = version.findings or {}
    assert asked == [120]
    assert findings["pooling"] == "story"
    assert findings["documents"] < findings["distinct"]


async def test_posts_without_words_count_as_posts(scene: TopicScene) -> None:
    await scene.store.upsert([stored_post(900 + n, "😀", words=()) for n in range(5)])
    version = await scene.fit()
    assert (version.findings or {})["posts"] == 125


async def test_a_fit_does_not_go_over_the_bound_of_active_versions(scene: TopicScene) -> None:
    ready = await scene.fit(activate=True)
    async with scene.database.write() as connection:
        for number in range(MOST_ACTIVE - 1):
            other = replace(ready, number=100 + number, monitor=f"m{number}")
            await repository.add(connection, other)
    await scene.monitor("tea")
    await scene.store.upsert(themed_posts(start=500, monitors=("tea",)))
    refused = await scene.fit(monitor="tea", activate=True)
    again = await scene.fit(activate=True)

    assert (refused.state, refused.active) == (FitState.READY, False)
    assert "20 versions of other monitors are" in str(refused.reason)
    # What replaces a version needs no room of its own.
    assert (again.active, again.reason) == (True, None)
    with pytest.raises(Conflict, match="20 versions are active"):
        await scene.desk.activate(SYSTEM, refused.number)
