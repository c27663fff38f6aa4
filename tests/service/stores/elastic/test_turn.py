"""Whose turn it is to migrate, on a document in memory."""

from __future__ import annotations

import pytest

from service.stores.elastic.schema import Names
from service.stores.elastic.turn import HELD_FOR, MigrationTurn, TurnLost
from service.stores.errors import StoreBusy
from tests.support.clock import SteppingClock
from tests.support.fake_cluster import OneDocument

NAMES = Names("test")


def turn(cluster: OneDocument, clock: SteppingClock | None = None) -> MigrationTurn:
    """That of another process each time."""
    return MigrationTurn(cluster, NAMES, clock=clock or SteppingClock())


@pytest.fixture
def cluster() -> OneDocument:
    return OneDocument()


async def test_a_second_migration_is_refused_while_the_first_is_at_work(
    cluster: OneDocument,
) -> None:
    later = SteppingClock()
    later.step(seconds=20)
    async with turn(cluster).held():
        with pytest.raises(StoreBusy, match=r"at work for 20 s.* try again in 40 s") as refused:
            async with turn(cluster, later).held():
                pass
    assert refused.value.retry_after == 40


async def test_when_it_is_done_the_next_one_begins_at_once(cluster: OneDocument) -> None:
    async with turn(cluster).held():
        pass
    async with turn(cluster).held():
        pass
    with pytest.raises(RuntimeError):
        async with turn(cluster).held():
            raise RuntimeError("failed half-way")
    second = turn(cluster)
    async with second.held():
        await second.require()


async def test_one_that_was_killed_is_waited_for_and_finds_its_turn_taken(
    cluster: OneDocument,
) -> None:
    killed = turn(cluster)
    await killed._take()
    later = SteppingClock()
    later.step(seconds=HELD_FOR.total_seconds())
    async with turn(cluster, later).held():
        with pytest.raises(TurnLost, match="held up for so long"):
            await killed.require()


async def test_of_two_that_begin_at_once_one_is_refused(cluster: OneDocument) -> None:
    cluster.intruders = 1
    with pytest.raises(StoreBusy, match="another migration"):
        async with turn(cluster).held():
            pass
