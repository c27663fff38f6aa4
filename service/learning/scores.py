"""How well answers agree with what people said. Pure.

F1 = 2PR / (P + R); macro is the mean over labels that people gave, micro counts each label once.
A label that nobody gave and nobody answered is not in the table.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelScore:
    """One label: `given` by people, `answered` by the machine, `right` where both say so."""

    label: str
    given: int
    answered: int
    right: int

    @property
    def precision(self) -> float | None:
        """None where it was never answered."""
        return self.right / self.answered if self.answered else None

    @property
    def recall(self) -> float | None:
        """None where it was never given."""
        return self.right / self.given if self.given else None

    @property
    def f1(self) -> float:
        """0 where nothing is right."""
        return 2 * self.right / (self.given + self.answered) if self.right else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Of `rows` answers. `accuracy` and `f1` are None without rows; `unanswered` count as wrong."""

    rows: int
    right: int
    unanswered: int
    labels: tuple[LabelScore, ...]
    f1: float | None

    @property
    def accuracy(self) -> float | None:
        return self.right / self.rows if self.rows else None


def score(pairs: Sequence[tuple[str, str | None]]) -> Score:
    """The score of (what people said, what was answered); one label a text, F1 macro."""
    given = Counter(gold for gold, _ in pairs)
    answered = Counter(answer for _, answer in pairs if answer is not None)
    right = Counter(gold for gold, answer in pairs if gold == answer)
    labels = _table(given, answered, right)
    counted = [item.f1 for item in labels if item.given]
    return Score(
        rows=len(pairs),
        right=right.total(),
        unanswered=sum(answer is None for _, answer in pairs),
        labels=labels,
        f1=sum(counted) / len(counted) if counted else None,
    )


def score_sets(pairs: Sequence[tuple[frozenset[str], frozenset[str]]]) -> Score:
    """The score of (labels that people gave, labels answered); any number a text, F1 micro.

    A row is right where both sets are the same.
    """
    given = _counted(gold for gold, _ in pairs)
    answered = _counted(answer for _, answer in pairs)
    right = _counted(gold & answer for gold, answer in pairs)
    total = given.total() + answered.total()
    return Score(
        rows=len(pairs),
        right=sum(gold == answer for gold, answer in pairs),
        unanswered=0,
        labels=_table(given, answered, right),
        f1=2 * right.total() / total if total else None,
    )


def _counted(sets: Iterable[frozenset[str]]) -> Counter[str]:
    return Counter(label for labels in sets for label in labels)


def _table(
    given: Counter[str], answered: Counter[str], right: Counter[str]
) -> tuple[LabelScore, ...]:
    return tuple(
        LabelScore(label=name, given=given[name], answered=answered[name], right=right[name])
        for name in sorted(given.keys() | answered.keys())
    )
