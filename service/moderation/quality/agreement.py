"""Do two people judge alike: Cohen's kappa with its large-sample interval."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import NormalDist


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far two verdicts on the same items agree. Shares lie in [0, 1], kappa in [-1, 1].

    `observed` and `expected` are None without pairs. `kappa` is None as well where chance alone
    would always agree (both sides gave one and the same label to everything). `low` and `high` are
    None where kappa is, and where the pairs leave no variance (perfect agreement): the
    approximation would then claim certainty, however few the pairs.
    """

    pairs: int
    observed: float | None
    expected: float | None
    kappa: float | None
    low: float | None
    high: float | None


def cohen_kappa(pairs: Iterable[tuple[str, str]], *, confidence: float = 0.95) -> Agreement:
    """Agreement of (first verdict, second verdict) pairs, beyond what chance would give.

    Kappa is (observed - expected) / (1 - expected), after Cohen (1960). The interval is normal,
    clipped to [-1, 1], with the large-sample variance of Fleiss, Cohen & Everitt, "Large sample
    standard errors of kappa and weighted kappa", Psychological Bulletin 72 (1969), formula 13.
    Raises ValueError for a confidence outside (0, 1).
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; give a share between 0 and 1")
    counts = Counter(pairs)
    total = sum(counts.values())
    if total == 0:
        return _agreement(0)
    cells = {pair: count / total for pair, count in counts.items()}
    labels = sorted({label for pair in cells for label in pair})
    first = {label: sum(cells.get((label, other), 0.0) for other in labels) for label in labels}
    second = {label: sum(cells.get((other, label), 0.0) for other in labels) for label in labels}
    observed = sum(cells.get((label, label), 0.0) for label in labels)
    expected = sum(first[label] * second[label] for label in labels)
    if len(labels) == 1:
        return _agreement(total, observed=observed, expected=expected)
    kappa = (observed - expected) / (1 - expected)
    variance = _variance(cells, first, second, observed=observed, expected=expected) / total
    if variance < 1e-12:
        return _agreement(total, observed=observed, expected=expected, kappa=kappa)
    reach = NormalDist().inv_cdf(0.5 + confidence / 2) * math.sqrt(variance)
    return Agreement(
        pairs=total,
        observed=observed,
        expected=expected,
        kappa=kappa,
        low=max(-1.0, kappa - reach),
        high=min(1.0, kappa + reach),
    )


def _variance(
    cells: Mapping[tuple[str, str], float],
    first: Mapping[str, float],
    second: Mapping[str, float],
    *,
    observed: float,
    expected: float,
) -> float:
    """The variance of kappa times the number of pairs."""
    total = 0.0
    for (row, column), share in cells.items():
        if row == column:
            total += share * ((1 - expected) - (first[row] + second[row]) * (1 - observed)) ** 2
        else:
            total += share * ((1 - observed) * (second[row] + first[column])) ** 2
    total -= (observed * expected - 2 * expected + observed) ** 2
    return max(0.0, total) / (1 - expected) ** 4


def _agreement(
    pairs: int,
    *,
    observed: float | None = None,
    expected: float | None = None,
    kappa: float | None = None,
) -> Agreement:
    return Agreement(
        pairs=pairs, observed=observed, expected=expected, kappa=kappa, low=None, high=None
    )
