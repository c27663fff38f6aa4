"""When a worker is killed: instants from a seed, so that a failure can be had again."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.support.process import Lives
from tests.support.webhook_receiver import WebhookReceiver

WORKER = Path(__file__).with_name("crash_worker.py")
SOAK = "FENGSUI_SOAK_KILLS"
SEED = "FENGSUI_TEST_SEED"
LONGEST_LIFE_S = 1.2
AT_EASE_S = 150.0
"""How long the last life may take to bring everything to rest."""

Done = Callable[[], Awaitable[bool]]


def schedules(kills: int) -> list[object]:
    """(kills, seed) of the tests: a short run, and a long one where the soak variable asks.

    The seed stands in the test's name, and may be given again by a variable.
    """
    # Processes that share one run must name its tests alike; without any, chance alone decides.
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID")
    seed = int(os.environ.get(SEED) or random.Random(run).randrange(2**32))
    name = f"kills={kills},seed={seed}"
    runs: list[object] = [pytest.param(kills, seed, marks=pytest.mark.slow, id=name)]
    if wanted := os.environ.get(SOAK):
        marks = [pytest.mark.soak, pytest.mark.timeout(60 + 8 * int(wanted))]
        name = f"kills={wanted},seed={seed}"
        runs.append(pytest.param(int(wanted), seed, marks=marks, id=name))
    return runs


def span(kills: int) -> timedelta:
    """How long that many lives last at most, with some seconds to spare."""
    return timedelta(seconds=kills * (LONGEST_LIFE_S + 0.2) + 2)


async def killed_again_and_again(
    variables: dict[str, str],
    *,
    kills: int,
    chance: random.Random,
    log: Path,
    at_rest: Done,
    receiver: WebhookReceiver | None = None,
) -> None:
    """Begin and kill `kills` lives, then let one go on until `at_rest`; raises TimeoutError.

    Half of the kills come at an instant of their own, half just after a request has reached the
    receiver: before its answer, so that the worker cannot know whether the page arrived.
    """
    with Lives(WORKER, variables, log) as lives:
        for _ in range(kills):
            life = await asyncio.to_thread(lives.begin)
            await moment_to_kill(chance, receiver)
            await asyncio.to_thread(lives.end, life)
        life = await asyncio.to_thread(lives.begin)
        try:
            async with asyncio.timeout(AT_EASE_S + 2 * kills):
                await until(at_rest)
        finally:
            await asyncio.to_thread(lives.end, life)


async def until(at_rest: Done) -> None:
    """Wait for it; whoever waits sets the limit."""
    # Another process does the work: its databases are all there is to look at.
    while not await at_rest():  # noqa: ASYNC110
        await asyncio.sleep(0.2)


async def moment_to_kill(chance: random.Random, receiver: WebhookReceiver | None) -> None:
    """Wait for it: half of them have nothing to do with what the worker does."""
    limit = chance.uniform(0.0, LONGEST_LIFE_S)
    if receiver is None or chance.random() < 0.5:
        await asyncio.sleep(limit)
        return
    receiver.arrived.clear()
    try:
        async with asyncio.timeout(LONGEST_LIFE_S):
            await receiver.arrived.wait()
            await asyncio.sleep(chance.choice((0.0, 0.0, 0.01, 0.04)))
    except TimeoutError:
        return
