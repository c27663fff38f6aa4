"""The gate before the store: shut while it fails, tried again, open once it took a batch."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from service.errors import SchemaOutdated
from service.ingest.gate import LONGEST, STALE, StoreGate, paused
from service.stores import StoreError
from service.stores.errors import StoreReadOnly
from tests.support.ingest_scene import BrokenStore, IngestScene

FULL = StoreReadOnly("its disk is full")


class Checked:
    """A store of which only the health is asked."""

    def __init__(self) -> None:
        self.error: Exception | None = None
        self.asked = 0

    async def check(self) -> None:
        self.asked += 1
        if self.error is not None:
            raise self.error


@pytest.fixture
def store() -> Checked:
    return Checked()


@pytest.fixture
def gate(scene: IngestScene, store: Any) -> StoreGate:
    return StoreGate(store=store, database=scene.database, clock=scene.clock)


async def test_it_is_open_to_begin_with(gate: StoreGate, scene: IngestScene) -> None:
    gate.require_open()
    assert await gate.may_try()
    assert await paused(scene.database, now=scene.clock.now()) is None


async def test_a_failure_shuts_it_for_as_long_as_the_store_asks(
    gate: StoreGate, scene: IngestScene
) -> None:
    await gate.failed(StoreError("restarting", retry_after=30))
    assert not gate.is_open()
    assert not await gate.may_try()
    scene.clock.step(seconds=12)
    with pytest.raises(StoreError, match="restarting") as refused:
        gate.require_open()
    assert refused.value.retry_after == 18


async def test_each_failure_in_a_row_shuts_it_for_longer_up_to_a_minute(
    gate: StoreGate, scene: IngestScene
) -> None:
    waits = []
    for _ in range(6):
        await gate.failed(StoreError("down", retry_after=None))
        pause = gate.pause
        assert pause is not None
        waits.append((pause.until - scene.clock.now()).total_seconds())
        scene.clock.advance_to(pause.until)
    assert waits == [5, 10, 20, 40, 60, 60]


async def test_batches_that_fail_together_count_once(gate: StoreGate, scene: IngestScene) -> None:
    for _ in range(8):
        await gate.failed(StoreError("down", retry_after=None))
    pause = gate.pause
    assert pause is not None
    assert (pause.until - scene.clock.now(), pause.tries) == (timedelta(seconds=5), 1)


async def test_after_the_wait_the_store_is_asked_first(
    gate: StoreGate, store: Checked, scene: IngestScene
) -> None:
    store.error = SchemaOutdated("run `fengsui migrate`")
    await gate.failed(FULL)
    scene.clock.step(seconds=10)
    assert not await gate.may_try()
    assert store.asked == 1
    assert gate.pause is not None
    assert gate.pause.reason == "run `fengsui migrate`"
    store.error = None
    scene.clock.advance_to(gate.pause.until)
    assert await gate.may_try()
    assert gate.pause is None, "pulls may bring nothing for a long time"
    assert await paused(scene.database, now=scene.clock.now()) is None


async def test_what_fails_after_the_stores_word_goes_on_with_the_same_pause(
    gate: StoreGate, scene: IngestScene
) -> None:
    began = scene.clock.now()
    waits = []
    for _ in range(4):
        await gate.failed(StoreError("full after all", retry_after=None))
        pause = gate.pause
        assert pause is not None
        waits.append((pause.until - scene.clock.now()).total_seconds())
        assert pause.since == began
        scene.clock.advance_to(pause.until)
        assert await gate.may_try()
    assert waits == [5, 10, 20, 40]


@pytest.mark.parametrize("proof", ["a batch", "time"])
async def test_once_it_is_proven_a_failure_begins_a_new_pause(
    gate: StoreGate, scene: IngestScene, proof: str
) -> None:
    await gate.failed(FULL)
    scene.clock.step(seconds=30)
    assert await gate.may_try()
    if proof == "a batch":
        await gate.succeeded()
    else:
        scene.clock.step(minutes=10)
    await gate.failed(FULL)
    assert gate.pause is not None
    assert (gate.pause.since, gate.pause.tries) == (scene.clock.now(), 1)


async def test_other_processes_read_of_the_pause_until_it_ends(
    gate: StoreGate, scene: IngestScene
) -> None:
    began = scene.clock.now()
    await gate.failed(FULL)
    scene.clock.step(seconds=30)
    await gate.failed(FULL)
    told = await paused(scene.database, now=scene.clock.now())
    assert told is not None
    assert (told.since, told.reason) == (began, "its disk is full")
    await gate.succeeded()
    assert await paused(scene.database, now=scene.clock.now()) is None
    assert gate.is_open()


async def test_the_pause_of_a_process_that_is_gone_is_forgotten(
    gate: StoreGate, scene: IngestScene
) -> None:
    await gate.failed(FULL)
    later = scene.clock.now() + LONGEST + STALE + timedelta(seconds=1)
    assert await paused(scene.database, now=later) is None


async def test_an_untold_pause_is_a_pause_all_the_same(gate: StoreGate, scene: IngestScene) -> None:
    async with scene.database.write() as connection:
        await connection.exec_driver_sql("DROP TABLE runtime_setting")
    await gate.failed(FULL)
    assert not gate.is_open()


async def test_a_push_while_it_is_shut_is_refused_at_once_and_tried_after_the_wait(
    scene: IngestScene,
) -> None:
    store = BrokenStore(scene.store)
    store.refusals, store.error = 1, FULL
    ingest = scene.over(store)
    post = scene.post(1, "澄屿好喝")
    with pytest.raises(StoreError, match="disk is full") as refused:
        await ingest.ingest([post], via="push")
    assert refused.value.retry_after == 10
    with pytest.raises(StoreError, match="not stored for now"):
        await ingest.ingest([post], via="push")
    assert store.tried == 1
    scene.clock.step(seconds=10)
    await ingest.ingest([post], via="push")
    assert (await scene.stored(post)).text == "澄屿好喝"
    assert scene.gate.pause is None
