"""Two machines on one set: how right each is, and which texts would be told otherwise. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.learning.answers import Answers
from service.learning.head import Head
from service.learning.row import TrainingRow
from service.learning.scores import Score, score, score_sets
from service.moderation.policy import Suggestion

MOST_EXAMPLES = 5
"""Of one kind of change; the newest words of people come first."""
_ASKED = (Head.SENTIMENT, Head.EMOTION, Head.INTENT, Head.ABUSE, Head.SCENARIO, Head.DECISION)


class Effect(StrEnum):
    """What a change means by what people said."""

    MENDED = "mended"
    BROKEN = "broken"
    NEITHER = "neither"
    """Wrong before and after, or nobody was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One text that is answered otherwise. `said` is what people said, None where that was of
    another head."""

    row: TrainingRow
    head: Head
    said: str | None
    before: str | None
    after: str | None
    effect: Effect


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadComparison:
    """One head on the rows that people answered it for; `candidate` None without a candidate."""

    head: Head
    serving: Score
    candidate: Score | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """`labels` are the categories of decisions. `decisions` counts (before, after) over every row;
    `changes` are all of them, those that people spoke of and the newest first."""

    rows: int
    heads: tuple[HeadComparison, ...]
    labels: tuple[Score, Score | None] | None
    decisions: Counter[tuple[str, str]]
    changes: tuple[Change, ...]

    def examples(self, head: Head, effect: Effect) -> tuple[Change, ...]:
        """Some changes of a kind."""
        chosen = [item for item in self.changes if (item.head, item.effect) == (head, effect)]
        return tuple(chosen[:MOST_EXAMPLES])

    def count(self, head: Head, effect: Effect) -> int:
        return sum((item.head, item.effect) == (head, effect) for item in self.changes)


def compare(
    rows: Sequence[TrainingRow], serving: Sequence[Answers], candidate: Sequence[Answers] | None
) -> Comparison:
    """Compare answers in the order of the rows; without a candidate nothing changes."""
    after = serving if candidate is None else candidate
    heads = [
        HeadComparison(
            head=head,
            serving=_score(head, rows, serving),
            candidate=None if candidate is None else _score(head, rows, candidate),
        )
        for head in _ASKED
        if any(row.head is head for row in rows)
    ]
    changes = [
        change
        for row, old, new in zip(rows, serving, after, strict=True)
        for change in _changes(row, old, new)
    ]
    changes.sort(key=lambda change: (change.said is not None, change.row.at), reverse=True)
    return Comparison(
        rows=len(rows),
        heads=tuple(heads),
        labels=_labels(rows, serving, candidate),
        decisions=Counter(
            (old.decision, new.decision) for old, new in zip(serving, after, strict=True)
        ),
        changes=tuple(changes),
    )


def stopped(decision: str | None) -> str | None:
    """A decision as people give it: what is reviewed or blocked does not pass by itself."""
    return decision if decision in (None, Suggestion.PASS) else Suggestion.BLOCK.value


def _score(head: Head, rows: Sequence[TrainingRow], answers: Sequence[Answers]) -> Score:
    read: Callable[[str | None], str | None] = stopped if head is Head.DECISION else _same
    return score(
        [
            (row.label, read(answer.heads[head]))
            for row, answer in zip(rows, answers, strict=True)
            if row.head is head
        ]
    )


def _same(label: str | None) -> str | None:
    return label


def _labels(
    rows: Sequence[TrainingRow], serving: Sequence[Answers], candidate: Sequence[Answers] | None
) -> tuple[Score, Score | None] | None:
    """None where no verdict is in the set."""
    if not any(row.head is Head.DECISION for row in rows):
        return None

    def of(answers: Sequence[Answers]) -> Score:
        return score_sets(
            [
                (frozenset(row.labels), answer.labels)
                for row, answer in zip(rows, answers, strict=True)
                if row.head is Head.DECISION
            ]
        )

    return of(serving), None if candidate is None else of(candidate)


def _changes(row: TrainingRow, old: Answers, new: Answers) -> list[Change]:
    changes = []
    for head in _ASKED:
        before, after = old.heads[head], new.heads[head]
        if before == after:
            continue
        said = row.label if row.head is head else None
        changes.append(
            Change(
                row=row,
                head=head,
                said=said,
                before=before,
                after=after,
                effect=_effect(head, said, before, after),
            )
        )
    return changes


def _effect(head: Head, said: str | None, before: str | None, after: str | None) -> Effect:
    if said is None:
        return Effect.NEITHER
    if head is Head.DECISION:
        before, after = stopped(before), stopped(after)
    was, is_now = before == said, after == said
    if was == is_now:
        return Effect.NEITHER
    return Effect.MENDED if is_now else Effect.BROKEN
