"""Which rows are seen when: a weighted mixture of the domains, cut into batches of like length.

The whole order follows from the seed, so a resumed run goes on exactly where it stopped.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from nlp.training.corpora import LABELS, UNLABELLED, Row
from nlp.training.tags import without_tags

_POOL = 64
"""Batches drawn together and sorted by length: enough that padding is small, few enough to mix."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One row as it is shown once: its place in the corpus and the text, perhaps without tags."""

    row: int
    text: str


def domain_key(row: Row) -> str:
    """What a recipe calls the row's domain."""
    return f"{row.task}/{row.domain}"


def label_key(row: Row) -> str:
    """What a recipe calls the rows of the same label in the same domain."""
    label = "" if row.label == UNLABELLED else LABELS[row.task][row.label]
    return f"{domain_key(row)}:{label}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixture:
    """`passes` over each domain; 1.5 shows every row once and a random half again.

    A label may have passes of its own (`sentiment/car3:neutral: 2`), where a rare one must be seen
    as often as a common one.

    `tagless` is the share of a domain's samples whose `[泪]`-style tags are removed: where the
    label was made from the tag, a model that may read it learns nothing else.
    """

    passes: Mapping[str, float]
    tagless: Mapping[str, float]
    seed: int = 0

    def samples(self, rows: Sequence[Row]) -> list[Sample]:
        """All samples in the order in which they are shown, before sorting into batches."""
        chooser = random.Random(self.seed)  # noqa: S311 - repeatable order, no secret
        by_domain: dict[str, list[int]] = {}
        for number, row in enumerate(rows):
            by_domain.setdefault(self._key(row), []).append(number)
        chosen: list[int] = []
        for domain, numbers in sorted(by_domain.items()):
            passes = self.passes.get(domain, 0.0)
            chosen += numbers * int(passes)
            chosen += chooser.sample(numbers, round((passes % 1) * len(numbers)))
        chooser.shuffle(chosen)
        return [Sample(number, self._shown(rows[number], chooser)) for number in chosen]

    def _key(self, row: Row) -> str:
        labelled = label_key(row)
        return labelled if labelled in self.passes else domain_key(row)

    def _shown(self, row: Row, chooser: random.Random) -> str:
        share = self.tagless.get(f"{row.task}/{row.domain}", self.tagless.get("", 0.0))
        if "[" in row.text and chooser.random() < share:
            return without_tags(row.text) or row.text
        return row.text


def batches(
    lengths: Sequence[int], *, tokens: int, seed: int, most: int = 128
) -> Iterator[list[int]]:
    """Places in `lengths` in batches whose padded size is at most `tokens`, in a repeatable order.

    A text longer than `tokens` makes a batch of its own.
    """
    chooser = random.Random(seed)  # noqa: S311 - repeatable order, no secret
    average = max(1, sum(lengths) // max(1, len(lengths)))
    pool = _POOL * max(1, tokens // average)
    for start in range(0, len(lengths), pool):
        places = sorted(range(start, min(start + pool, len(lengths))), key=lengths.__getitem__)
        ready: list[list[int]] = []
        batch: list[int] = []
        for place in places:
            # Sorted: the newcomer is the longest and sets the padded width.
            if batch and ((len(batch) + 1) * lengths[place] > tokens or len(batch) >= most):
                ready.append(batch)
                batch = []
            batch.append(place)
        if batch:
            ready.append(batch)
        chooser.shuffle(ready)
        yield from ready
