"""Bulk: chunks, patience, outcomes; on a cluster that plays back answers."""

from __future__ import annotations

from typing import Any

import pytest

from service.clock import VirtualClock
from service.stores.elastic.bulk import CHUNK_OPERATIONS, Bulk, Operation, Outcome, Verb
from service.stores.elastic.cluster import Answer
from service.stores.errors import (
    StoreBusy,
    StoreError,
    StoreMismatch,
    StoreReadOnly,
    StoreUnreachable,
)
from tests.support.clock import START
from tests.support.fake_cluster import ScriptedBulk, done


class CountedClock(VirtualClock):
    """Time passes by sleeping alone; remembers the sleeps."""

    def __init__(self) -> None:
        super().__init__(START)
        self.slept: list[float] = []
        self._spent = 0.0

    def monotonic(self) -> float:
        return self._spent

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._spent += seconds


def create(number: int, size: int = 1) -> Operation:
    return Operation(verb=Verb.CREATE, index="i", id=str(number), body={"text": "x" * size})


def refused(status: int, kind: str = "es_rejected_execution_exception") -> dict[str, Any]:
    return {"create": {"status": status, "error": {"type": kind, "reason": "a post's text"}}}


FINE: dict[str, Any] = {"create": {"status": 201}}


async def test_operations_go_in_chunks_of_a_number_and_of_bytes() -> None:
    cluster = ScriptedBulk()
    bulk = Bulk(cluster, clock=CountedClock())
    await bulk.run([create(n) for n in range(CHUNK_OPERATIONS + 1)])
    assert [len(ids) for ids in cluster.sent] == [CHUNK_OPERATIONS, 1]
    cluster.sent.clear()
    outcomes = await bulk.run([create(n, size=600_000) for n in range(3)])
    assert cluster.sent == [["0"], ["1"], ["2"]]
    assert outcomes == [Outcome.DONE] * 3


async def test_nothing_is_no_request() -> None:
    cluster = ScriptedBulk()
    assert await Bulk(cluster, clock=CountedClock()).run([]) == []
    assert cluster.sent == []


async def test_only_what_was_turned_away_is_sent_again() -> None:
    cluster = ScriptedBulk([done(FINE, refused(429), FINE)])
    clock = CountedClock()
    outcomes = await Bulk(cluster, clock=clock).run([create(n) for n in range(3)])
    assert outcomes == [Outcome.DONE] * 3
    assert cluster.sent == [["0", "1", "2"], ["1"]]
    assert clock.slept == [0.1]


async def test_waits_grow_and_requests_shrink_until_it_is_taken() -> None:
    busy = Answer(status=429, body={"error": {"type": "circuit_breaking_exception"}})
    down = StoreUnreachable("down")
    cluster = ScriptedBulk([busy, down, busy, busy])
    clock = CountedClock()
    await Bulk(cluster, clock=clock).run([create(n, size=200_000) for n in range(4)])
    assert clock.slept == [0.1, 0.2, 0.4, 0.8]
    assert [len(ids) for ids in cluster.sent] == [4, 2, 1, 1, 1, 1, 1, 1]


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        (Answer(status=429, body={"error": {"type": "x"}}), StoreBusy),
        (Answer(status=503, body={"error": "no master"}), StoreUnreachable),
        (done(refused(503, "unavailable_shards_exception")), StoreUnreachable),
    ],
)
async def test_patience_ends(answer: Answer, raised: type[StoreError]) -> None:
    cluster = ScriptedBulk([answer] * 99)
    clock = CountedClock()
    with pytest.raises(raised):
        await Bulk(cluster, clock=clock, patience_s=3).run([create(1)])
    assert 1 < sum(clock.slept) <= 3


async def test_no_request_begins_after_the_end() -> None:
    busy = Answer(status=429, body={"error": {"type": "circuit_breaking_exception"}})
    cluster = ScriptedBulk([busy] * 99)
    clock = CountedClock()
    bulk = Bulk(cluster, clock=clock)
    with pytest.raises(StoreBusy, match="took too long"):
        await bulk.run([create(1)], until=0.5)
    assert len(cluster.sent) == 3
    with pytest.raises(StoreBusy):
        await bulk.run([create(1)], until=clock.monotonic())
    assert len(cluster.sent) == 3


@pytest.mark.parametrize(
    ("answer", "raised"),
    [
        (done(refused(400, "document_parsing_exception")), StoreMismatch),
        (done(refused(429, "cluster_block_exception")), StoreReadOnly),
        (Answer(status=429, body={"error": {"type": "cluster_block_exception"}}), StoreReadOnly),
    ],
)
async def test_what_cannot_succeed_is_said_at_once_and_without_a_text(
    answer: Answer, raised: type[StoreError]
) -> None:
    clock = CountedClock()
    with pytest.raises(raised) as error:
        await Bulk(ScriptedBulk([answer]), clock=clock).run([create(1)])
    assert clock.slept == []
    assert "text" not in str(error.value)


async def test_what_others_did_is_for_the_caller() -> None:
    cluster = ScriptedBulk(
        [
            done(
                refused(409, "version_conflict_engine_exception"),
                refused(404, "index_not_found_exception"),
                refused(403, "cluster_block_exception"),
                {"create": {"status": 200}},
            )
        ]
    )
    outcomes = await Bulk(cluster, clock=CountedClock()).run([create(n) for n in range(4)])
    assert outcomes == [Outcome.CONFLICT, Outcome.GONE, Outcome.BLOCKED, Outcome.DONE]


def test_an_operation_is_an_action_and_its_body() -> None:
    bound = Operation(verb=Verb.INDEX, index="i", id="é", body={"a": 1}, seq_no=7, primary_term=2)
    head = '{"index":{"_index":"i","_id":"é","if_seq_no":7,"if_primary_term":2}}'
    assert bound.lines().decode() == head + '\n{"a":1}\n'
    gone = Operation(verb=Verb.DELETE, index="i", id="1")
    assert gone.lines() == b'{"delete":{"_index":"i","_id":"1"}}\n'
