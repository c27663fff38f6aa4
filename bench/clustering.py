"""How well found groups agree with labels: purity, B-cubed, adjusted Rand index."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """All in [0, 1] but `rand`, which is 0 for chance and may be below."""

    purity: float
    precision: float
    recall: float
    rand: float

    @property
    def f1(self) -> float:
        """The harmonic mean of B-cubed precision and recall."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def agreement(
    found: Mapping[str, str], labels: Mapping[str, str], *, of: Collection[str] | None = None
) -> Agreement:
    """How found groups agree with labels, both by item.

    B-cubed (Bagga and Baldwin 1998) and purity are averaged over the items `of`, all if left out;
    the groups are those of all items. The adjusted Rand index (Hubert and Arabie 1985) is over all.
    """
    items = list(found if of is None else of)
    pairs = Counter((found[item], labels[item]) for item in found)
    groups, truth = Counter(found.values()), Counter(labels[item] for item in found)
    largest: dict[str, tuple[int, str]] = {}
    for (group, label), count in pairs.items():
        largest[group] = max(largest.get(group, (0, "")), (count, label))
    precision = recall = pure = 0.0
    for item in items:
        group, label = found[item], labels[item]
        both = pairs[group, label]
        precision += both / groups[group]
        recall += both / truth[label]
        pure += largest[group][1] == label
    count = max(1, len(items))
    return Agreement(
        purity=pure / count,
        precision=precision / count,
        recall=recall / count,
        rand=_rand(pairs.values(), groups.values(), truth.values(), items=len(found)),
    )


def _rand(
    pairs: Collection[int], groups: Collection[int], truth: Collection[int], *, items: int
) -> float:
    together = sum(math.comb(n, 2) for n in pairs)
    mine, theirs = (sum(math.comb(n, 2) for n in sizes) for sizes in (groups, truth))
    chance = mine * theirs / max(1, math.comb(items, 2))
    most = (mine + theirs) / 2
    return 1.0 if most == chance else (together - chance) / (most - chance)
