"""The two ways in: the same analyses, and refusals that callers of the API understand."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from functools import cache

import pytest
import pytest_asyncio

from nlp import Analyzer, load_analyzer
from nlp.batching import Limits
from service.clock import SystemClock
from service.errors import Overloaded
from service.metrics import batch_seconds
from service.moderation import Batched, Inline
from tests.support.fake_backend import FakeBackend

TEXTS = ["好", "差差差", "", "今天\ud83d停机了" * 40, "好"]


@cache
def analyzer() -> Analyzer:
    return load_analyzer(backends=(FakeBackend(),))


@pytest_asyncio.fixture
async def batched() -> AsyncIterator[Batched]:
    limits = Limits(most_items=3, max_wait_s=0.05)
    made = Batched(analyzer(), clock=SystemClock(), limits=limits)
    yield made
    await made.aclose()


async def test_both_ways_say_the_same_in_order(batched: Batched) -> None:
    inline = Inline(analyzer())
    assert await batched.analyze(TEXTS) == await inline.analyze(TEXTS, patient=True)
    await inline.aclose()


async def test_a_full_line_refuses_and_says_when_to_come_back(batched: Batched) -> None:
    calls = [asyncio.create_task(batched.analyze(["好", "差"])) for _ in range(3)]
    outcomes = await asyncio.gather(*calls, return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, Overloaded)]
    assert len(refused) == 2
    assert all((error.retry_after or 0) >= 1 for error in refused)


async def test_the_patient_are_never_refused(batched: Batched) -> None:
    calls = [batched.analyze(["好", "差"], patient=True) for _ in range(3)]
    assert [len(answer) for answer in await asyncio.gather(*calls)] == [2, 2, 2]


async def test_a_process_that_stops_is_overloaded_not_broken(batched: Batched) -> None:
    await batched.aclose()
    with pytest.raises(Overloaded, match="stopping"):
        await batched.analyze(["好"])


async def test_phases_are_measured(batched: Batched) -> None:
    sums = [batch_seconds.labels(phase=phase)._sum for phase in ("wait", "prepare", "infer")]
    before = [value.get() for value in sums]
    await batched.analyze(["一句没有人说过的话，好"])
    assert all(value.get() > old for value, old in zip(sums, before, strict=True))
