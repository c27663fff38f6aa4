"""What a machine says of the rows of a set, by one analyser and one policy."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from nlp import Analysis, Analyzer
from service.learning.corrections import abuse_label
from service.learning.head import NONE, Head
from service.learning.row import TrainingRow
from service.moderation import ClassifyItem, alone
from service.moderation.policies import Policy

_BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """The label of each head for one text, None where nobody answers it.

    `labels` are the reasons of the decision: categories, patterns and heads of the policy.
    """

    heads: Mapping[Head, str | None]
    labels: frozenset[str]

    @property
    def decision(self) -> str:
        """pass, review or block."""
        return self.heads[Head.DECISION] or ""


async def answers_of(
    analyzer: Analyzer,
    rows: Sequence[TrainingRow],
    *,
    policy: Policy,
    tell: Callable[[int, int], None],
) -> list[Answers]:
    """One answer a row, in order, read in a thread; each text is judged alone, without its author.

    `tell` hears after each batch how many are done, and of how many.
    """
    found: list[Answers] = []
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        analyses = await asyncio.to_thread(analyzer.analyze_batch, [row.text for row in batch])
        found += [
            _answer(row, analysis, policy) for row, analysis in zip(batch, analyses, strict=True)
        ]
        tell(len(found), len(rows))
    return found


def _answer(row: TrainingRow, analysis: Analysis, policy: Policy) -> Answers:
    item = ClassifyItem(text=row.text, kind=row.kind)
    verdict = alone(item, analysis, policy=policy)
    return Answers(
        heads={
            Head.SENTIMENT: None if analysis.sentiment is None else analysis.sentiment.label,
            Head.EMOTION: None if analysis.emotion is None else analysis.emotion.label,
            Head.INTENT: None if analysis.intent is None else analysis.intent.label,
            Head.ABUSE: None if analysis.abuse is None else abuse_label(analysis.abuse),
            Head.SCENARIO: analysis.scenario or NONE,
            Head.DECISION: verdict.suggestion.value,
        },
        labels=frozenset(label for label, _, _ in verdict.labels),
    )
