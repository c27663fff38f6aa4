"""The memory of idempotent requests, on each engine."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from service.api import Forgetting
from service.api.errors import KeyInUse, KeyOfAnother
from service.api.remembered import ABANDONED, KEPT, Remembered, StoredAnswer
from service.auth import KeyRing
from service.db import Database
from service.db.tables import idempotency
from tests.support.clock import SteppingClock

ANSWER = StoredAnswer(
    status=201, headers=(("content-type", "application/json"),), body='{"key":"密"}'.encode()
)


@pytest.fixture
def clock() -> SteppingClock:
    return SteppingClock()


@pytest.fixture
def remembered(database: Database, clock: SteppingClock) -> Remembered:
    return Remembered(database, clock, KeyRing.from_secret("k" * 40))


async def test_the_first_request_is_let_through(remembered: Remembered) -> None:
    assert await remembered.claim("k", "p", "hash") is None


async def test_the_same_request_gets_the_same_answer(remembered: Remembered) -> None:
    await remembered.claim("k", "p", "hash")
    await remembered.keep("k", "p", ANSWER)
    assert await remembered.claim("k", "p", "hash") == ANSWER


async def test_another_request_under_the_key_is_refused(remembered: Remembered) -> None:
    await remembered.claim("k", "p", "hash")
    with pytest.raises(KeyOfAnother):
        await remembered.claim("k", "p", "other")


async def test_keys_of_others_do_not_meet(remembered: Remembered) -> None:
    await remembered.claim("k", "p", "hash")
    assert await remembered.claim("k", "q", "other") is None


async def test_while_the_first_runs_others_wait(remembered: Remembered) -> None:
    await remembered.claim("k", "p", "hash")
    with pytest.raises(KeyInUse) as caught:
        await remembered.claim("k", "p", "hash")
    assert caught.value.retry_after == 2


async def test_of_many_at_once_one_is_first(remembered: Remembered) -> None:
    outcomes = await asyncio.gather(
        *(remembered.claim("k", "p", "hash") for _ in range(8)), return_exceptions=True
    )
    assert sum(outcome is None for outcome in outcomes) == 1
    assert sum(isinstance(outcome, KeyInUse) for outcome in outcomes) == 7


async def test_a_first_request_that_died_is_taken_over(
    remembered: Remembered, clock: SteppingClock
) -> None:
    await remembered.claim("k", "p", "hash")
    clock.step(seconds=ABANDONED.total_seconds())
    assert await remembered.claim("k", "p", "hash") is None
    with pytest.raises(KeyInUse):
        await remembered.claim("k", "p", "hash")


async def test_a_request_that_did_nothing_frees_its_key(remembered: Remembered) -> None:
    await remembered.claim("k", "p", "hash")
    await remembered.release("k", "p")
    assert await remembered.claim("k", "p", "corrected") is None


async def test_a_release_never_forgets_an_answer(remembered: Remembered) -> None:
    await remembered.claim("k", "p", "hash")
    await remembered.keep("k", "p", ANSWER)
    await remembered.release("k", "p")
    assert await remembered.claim("k", "p", "hash") == ANSWER


async def test_answers_are_sealed(remembered: Remembered, database: Database) -> None:
    await remembered.claim("k", "p", "hash")
    await remembered.keep("k", "p", ANSWER)
    async with database.read() as connection:
        body = await connection.scalar(select(idempotency.c.body))
    assert body is not None
    assert "key" not in body
    assert "密" not in body


async def test_an_answer_under_a_lost_key_is_not_repeated(
    remembered: Remembered, database: Database, clock: SteppingClock
) -> None:
    await remembered.claim("k", "p", "hash")
    await remembered.keep("k", "p", ANSWER)
    other = Remembered(database, clock, KeyRing.from_secret("z" * 40))
    with pytest.raises(KeyOfAnother, match="lost"):
        await other.claim("k", "p", "hash")


async def test_a_key_is_free_again_after_a_day(
    remembered: Remembered, clock: SteppingClock
) -> None:
    await remembered.claim("k", "p", "hash")
    await remembered.keep("k", "p", ANSWER)
    clock.step(seconds=KEPT.total_seconds())
    assert await remembered.claim("k", "p", "other") is None


async def test_the_job_forgets_what_is_a_day_old(
    remembered: Remembered, database: Database, clock: SteppingClock
) -> None:
    job = Forgetting(database)
    assert await job.next_at() is None
    await remembered.claim("old", "p", "hash")
    old = clock.now()
    clock.step(hours=20)
    await remembered.claim("young", "p", "hash")
    assert await job.next_at() == old + KEPT
    assert await job.run(old + KEPT) == 1
    async with database.read() as connection:
        assert list(await connection.scalars(select(idempotency.c.key))) == ["young"]
