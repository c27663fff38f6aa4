"""The order of commits, on a document in memory."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.stores.elastic.cluster import REQUEST_S
from service.stores.elastic.schema import Names
from service.stores.elastic.stamps import ABANDONED_S, Reservation, Stamps
from service.stores.elastic.writing import BATCH_S
from service.stores.errors import StoreBusy
from tests.support.clock import SteppingClock
from tests.support.fake_cluster import OneDocument

NAMES = Names("test")


class Process:
    """One process that stores: its stamps, its clock, and how often it made posts visible."""

    def __init__(self, cluster: OneDocument, clock: SteppingClock | None = None) -> None:
        self.shown = 0
        self.clock = clock or SteppingClock()
        self.stamps = Stamps(cluster, NAMES, clock=self.clock, make_visible=self._show)

    async def _show(self) -> None:
        self.shown += 1


@pytest.fixture
def cluster() -> OneDocument:
    return OneDocument()


async def test_before_anything_was_stored_there_is_no_frontier(cluster: OneDocument) -> None:
    assert await Process(cluster).stamps.frontier() is None


async def test_the_first_batch_keeps_its_stamps(cluster: OneDocument) -> None:
    stamps = Process(cluster).stamps
    taken = await stamps.reserve([30, 10, 20])
    assert taken.earliest_us is None
    assert await stamps.frontier() == 10
    await stamps.settle([taken.token])
    assert await stamps.frontier() == 31


async def test_a_later_batch_is_stamped_later(cluster: OneDocument) -> None:
    stamps = Process(cluster).stamps
    first = await stamps.reserve([100])
    second = await Process(cluster).stamps.reserve([50, 300])
    assert second.earliest_us == 101
    await stamps.settle([second.token])
    assert await stamps.frontier() == 100
    await stamps.settle([first.token])
    assert await stamps.frontier() == 301


async def test_settling_twice_is_settling_once(cluster: OneDocument) -> None:
    stamps = Process(cluster).stamps
    taken = await stamps.reserve([1])
    await stamps.settle([taken.token])
    await stamps.settle([taken.token])
    assert await stamps.frontier() == 2


async def test_a_batch_of_our_own_that_failed_is_struck_off_with_the_next_chance(
    cluster: OneDocument,
) -> None:
    process = Process(cluster)
    process.stamps.leave(await process.stamps.reserve([1]))
    ledger = await process.stamps.sweep()
    assert (ledger.flights, process.shown) == ({}, 1)


async def test_a_batch_whose_writer_died_holds_readers_back_for_a_while(
    cluster: OneDocument,
) -> None:
    await Process(cluster).stamps.reserve([7])
    reader = Process(cluster)
    assert await reader.stamps.frontier() == 7
    reader.clock.step(seconds=ABANDONED_S - 1)
    assert (await reader.stamps.frontier(), reader.shown) == (7, 0)
    reader.clock.step(seconds=1)
    assert (await reader.stamps.frontier(), reader.shown) == (8, 1)


def test_a_batch_writes_its_last_before_it_is_given_up() -> None:
    assert BATCH_S + REQUEST_S < ABANDONED_S


async def test_others_that_write_in_between_are_waited_for(cluster: OneDocument) -> None:
    cluster.intruders = 5
    stamps = Process(cluster).stamps
    taken = await stamps.reserve([5])
    cluster.intruders = 5
    await stamps.settle([taken.token])
    assert await stamps.frontier() == 6


async def test_too_many_writers_are_said(cluster: OneDocument) -> None:
    cluster.intruders = 1_000
    stamps = Process(cluster).stamps
    with pytest.raises(StoreBusy, match="too many processes"):
        await stamps.reserve([5])
    cluster.intruders = 0
    taken = await stamps.reserve([5])
    cluster.intruders = 1_000
    with pytest.raises(StoreBusy):
        await stamps.settle([taken.token])


@settings(max_examples=60)
@given(st.lists(st.tuples(st.sampled_from("rs"), st.integers(0, 50)), max_size=25))
async def test_a_watermark_passes_nothing_by(steps: list[tuple[str, int]]) -> None:
    """Whatever the order of batches, what becomes visible late lies behind no earlier frontier."""
    cluster = OneDocument()
    processes = [Process(cluster), Process(cluster)]
    under_way: list[tuple[Reservation, int]] = []
    passed = 0
    for kind, number in steps:
        stamps = processes[number % 2].stamps
        if kind == "r":
            taken = await stamps.reserve([number])
            at = number if taken.earliest_us is None else max(number, taken.earliest_us)
            under_way.append((taken, at))
        elif under_way:
            taken, at = under_way.pop(number % len(under_way))
            assert at >= passed
            await stamps.settle([taken.token])
        passed = max(passed, await stamps.frontier() or 0)
        assert all(at >= passed for _, at in under_way)
