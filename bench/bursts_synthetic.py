"""Eight weeks of 5-minute counts with planted bursts, and noise that looks like them.

The logarithm of the intensity is a level, in half of the series a daily cycle (in half of those
with quieter weekends), noise of two correlation times, heavy-tailed noise of single buckets, and
unlabelled spikes and small bursts with sizes of a power law. Counts are Poisson.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

ROWS = 15_900
DAY = 288
PROBATION_ROWS = 2_400
SPIKY = ("spike", "spike", "burst", "burst", "burst", "ramp")
MIXED = ("spike", "burst", "burst", "ramp", "shift", "drop")

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Planted:
    """Counts a bucket, the first row of each planted event and its kind."""

    counts: tuple[float, ...]
    anomalies: tuple[int, ...]
    kinds: tuple[str, ...]


def planted(seed: int, *, kinds: tuple[str, ...], highest_level: float) -> Planted:
    """The series of a seed, its level log-uniform from 1 to `highest_level` a bucket."""
    random = np.random.default_rng([seed, len(kinds), int(highest_level)])
    log_rate = _calm(random, highest_level) + _unlabelled(random)
    starts = _starts(random)
    chosen = tuple(str(random.choice(kinds)) for _ in starts)
    for start, kind in zip(starts, chosen, strict=True):
        log_rate[start:] += _event(random, kind, ROWS - start)
    counts = random.poisson(np.exp(np.minimum(log_rate, 20.0)))
    return Planted(tuple(map(float, counts)), starts, chosen)


def _calm(random: np.random.Generator, highest_level: float) -> Floats:
    time = np.arange(ROWS)
    log_rate = np.full(ROWS, random.uniform(0.0, np.log(highest_level)))
    if random.random() < 0.5:
        height, turn = random.uniform(0.2, 1.0), random.uniform(0, 2 * np.pi, size=2)
        log_rate += height * np.sin(2 * np.pi * time / DAY + turn[0])
        log_rate += 0.3 * height * np.sin(4 * np.pi * time / DAY + turn[1])
        if random.random() < 0.5:
            weekend = (time // DAY + random.integers(7)) % 7 >= 5
            log_rate -= weekend * random.uniform(0.1, 0.6)
    for buckets, spread in (
        (random.uniform(3, 12), random.uniform(0.05, 0.35)),
        (random.uniform(36, 144), random.uniform(0.05, 0.35)),
        (1_500.0, random.uniform(0.0, 0.2)),
    ):
        log_rate += _autoregressive(random, buckets, spread)
    heavy = random.uniform(0.05, 0.3) * random.standard_t(random.uniform(2.5, 8), size=ROWS)
    return np.asarray(log_rate + np.clip(heavy, -1.5, 3.0), dtype=np.float64)


def _autoregressive(random: np.random.Generator, buckets: float, spread: float) -> Floats:
    kept = float(np.exp(-1.0 / buckets))
    steps = random.normal(scale=spread * np.sqrt(1 - kept * kept), size=ROWS)
    noise = np.empty(ROWS)
    now = 0.0
    for place, step in enumerate(steps):
        now = kept * now + step
        noise[place] = now
    return noise


def _unlabelled(random: np.random.Generator) -> Floats:
    log_rate = np.zeros(ROWS)
    for _ in range(random.poisson(random.uniform(2, 30))):
        start = int(random.integers(ROWS))
        size = np.log(1.5 + random.pareto(2.5) * random.uniform(0.5, 1.5))
        fade = random.choice([0.3, 0.3, 2.0, 6.0, 20.0])
        log_rate[start:] += size * np.exp(-np.arange(ROWS - start) / fade)
    return log_rate


def _starts(random: np.random.Generator) -> tuple[int, ...]:
    """One to five, well apart and past the probation."""
    wanted = int(random.integers(1, 6))
    starts: list[int] = []
    while len(starts) < wanted:
        start = int(random.integers(PROBATION_ROWS + 400, ROWS - 500))
        if all(abs(start - other) > 900 for other in starts):
            starts.append(start)
    return tuple(sorted(starts))


def _event(random: np.random.Generator, kind: str, rows: int) -> Floats:
    """What an event adds to the logarithm of the intensity from its first row on."""
    time = np.arange(rows)
    times = float(random.choice([5, 8, 12, 25, 60] if kind == "spike" else [3, 4, 5, 8, 12, 30]))
    if kind == "spike":
        shape = (time < random.choice([1, 1, 2, 3])) * 1.0
    elif kind == "burst":
        rise, fade = random.uniform(1, 8), random.uniform(6, 100)
        shape = (1 - np.exp(-(time + 1) / rise)) * np.exp(-time / fade)
    elif kind == "ramp":
        length = int(random.integers(24, 144))
        shape = np.minimum(time / length, 1) * np.exp(-np.maximum(0, time - length) / 30)
    elif kind == "shift":
        times = float(random.choice([2, 3, 4]))
        shape = (time < random.integers(DAY, 7 * DAY)) * 1.0
    else:
        lasts = int(random.integers(12, 100))
        return np.asarray((time < lasts) * -np.log(random.choice([5, 20, 1000])), dtype=np.float64)
    return np.asarray(np.log1p((times - 1) * shape), dtype=np.float64)
