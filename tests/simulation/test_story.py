"""Random lives of the service from seeds: whatever breaks, nothing is lost and nothing doubled."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.simulation.story import DEEDS, live

SEEDS = 20
SEED, SEED_DEEDS = "FENGSUI_SIMULATION_SEED", "FENGSUI_SIMULATION_DEEDS"
SOAK = "FENGSUI_SOAK_SEEDS"
BATCH = 10
"""Seeds to a test."""
DEEDS_OF_SOAK = 12


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("first", range(0, SEEDS, BATCH))
async def test_nothing_is_lost_or_doubled(first: int, tmp_path: Path) -> None:
    for seed in range(first, first + BATCH):
        story = await live(seed, tmp_path)
        assert not story.violations, story.report()


@pytest.mark.skipif(SEED not in os.environ, reason=f"{SEED} names the seed to live through again")
async def test_one_seed(tmp_path: Path) -> None:
    deeds = int(os.environ.get(SEED_DEEDS, DEEDS))
    story = await live(int(os.environ[SEED]), tmp_path, deeds=deeds)
    assert not story.violations, story.report()


@pytest.mark.soak
@pytest.mark.timeout(6 * 3600)
async def test_thousands_of_seeds(tmp_path: Path) -> None:
    for seed in range(SEEDS, SEEDS + int(os.environ.get(SOAK, "5000"))):
        story = await live(seed, tmp_path, deeds=DEEDS_OF_SOAK)
        assert not story.violations, story.report()


async def test_the_same_seed_lives_the_same_life(tmp_path: Path) -> None:
    first, again = [await live(7, tmp_path, deeds=15) for _ in range(2)]
    assert (first.trace, first.digest) == (again.trace, again.digest)
