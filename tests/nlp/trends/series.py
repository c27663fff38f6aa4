"""Series of counts to try detectors on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from nlp.trends import BucketScore, BurstDetector

BEGIN = datetime(2026, 3, 2, tzinfo=UTC)
FIVE_MINUTES = timedelta(minutes=5)


def calm(rows: int, *, mean: float, dispersion: float = 0.1, seed: int = 1) -> list[float]:
    """Counts of a negative binomial, or of a Poisson distribution for a dispersion of 0."""
    random = np.random.default_rng(seed)
    rates = random.gamma(1 / dispersion, dispersion * mean, rows) if dispersion else mean
    return [float(count) for count in random.poisson(rates, rows)]


def scored(
    counts: Iterable[float],
    *,
    width: timedelta = FIVE_MINUTES,
    detector: BurstDetector | None = None,
    begin: datetime = BEGIN,
) -> Sequence[BucketScore]:
    """What a detector says of each count."""
    detector = detector or BurstDetector.of()
    return [detector.update(begin + width * place, count) for place, count in enumerate(counts)]
