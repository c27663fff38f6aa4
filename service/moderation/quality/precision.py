"""How often the machine is right when it gives a label, measured against people's verdicts."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import NormalDist


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelPrecision:
    """One label: of `judged` texts that the machine gave it, people confirmed `right`.

    `precision`, `low` and `high` are shares in [0, 1]; nothing judged never makes a row.
    """

    label: str
    judged: int
    right: int
    precision: float
    low: float
    high: float


def judged_labels(machine: Iterable[str], human: Iterable[str]) -> tuple[tuple[str, bool], ...]:
    """For one text: each label of the machine, sorted, once, and whether the person gave it too."""
    confirmed = frozenset(human)
    return tuple((label, label in confirmed) for label in sorted(set(machine)))


def label_precision(
    judged: Iterable[tuple[str, bool]], *, confidence: float = 0.95
) -> tuple[LabelPrecision, ...]:
    """Precision of each label over (label, was it right) pairs, by label.

    The intervals are Wilson's score intervals ("Probable inference, the law of succession, and
    statistical inference", JASA 22, 1927): sound for few verdicts and for shares near 0 and 1.
    Raises ValueError for a confidence outside (0, 1).
    """
    given: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for label, is_right in judged:
        given[label] += 1
        right[label] += is_right
    rows = []
    for label in sorted(given):
        low, high = wilson_interval(right[label], given[label], confidence=confidence)
        rows.append(
            LabelPrecision(
                label=label,
                judged=given[label],
                right=right[label],
                precision=right[label] / given[label],
                low=low,
                high=high,
            )
        )
    return tuple(rows)


def wilson_interval(hits: int, total: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Where the true share lies when `hits` of `total` were seen; [0, 1] when nothing was.

    Raises ValueError for counts that cannot be, or a confidence outside (0, 1).
    """
    if not 0 <= hits <= total:
        raise ValueError(f"{hits} of {total} cannot be; give 0 <= hits <= total")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence is {confidence}; give a share between 0 and 1")
    if total == 0:
        return 0.0, 1.0
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    share = hits / total
    middle = share + z * z / (2 * total)
    reach = z * math.sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    scale = 1 + z * z / total
    low = 0.0 if hits == 0 else max(0.0, (middle - reach) / scale)
    high = 1.0 if hits == total else min(1.0, (middle + reach) / scale)
    return low, high
