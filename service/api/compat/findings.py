"""What classify found in one text, asked in the terms of another service's categories. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from service.api.compat.errors import Unjudged
from service.api.compat.mapping import HEAD, Row
from service.moderation import Suggestion

COMPONENTS = ("abuse", "moderation", "lexicon", "patterns")
"""What the tables are answered from, and so all that is asked for."""
_WORST = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A label of ours, with its score in [0, 1] and where it is from."""

    label: str
    source: str
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Where a counted hit or pattern stands, half open, in the units that were asked for."""

    found: Found
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """One answer of classify, as far as other services' answers can be made of it."""

    passes: bool
    held: bool
    labels: tuple[Found, ...]
    head: float | None
    spans: tuple[Span, ...]
    missing: frozenset[str]
    """What should have had a say and had none: components, holds, accounts."""
    language: str
    versions: Mapping[str, str]

    @classmethod
    def from_answer(cls, answer: Mapping[str, Any]) -> Findings:
        """From an object of `POST /v1/classify`. Raises Unjudged for one that has no verdict."""
        if "error" in answer:
            raise Unjudged(f"a text could not be judged: {answer['error']['detail']}")
        labels = tuple(
            Found(label=item["label"], source=item["source"], score=item["score"])
            for item in answer["labels"]
        )
        abuse = answer["abuse"]
        absent = {*answer["degraded"]} if abuse is not None else {*answer["degraded"], HEAD}
        return cls(
            passes=answer["suggestion"] == Suggestion.PASS,
            held=bool(answer["held"]),
            labels=labels,
            head=None if abuse is None else abuse["score"],
            spans=_spans(answer, labels),
            missing=frozenset(absent),
            language=answer["language"],
            versions=answer["versions"],
        )

    def score(self, row: Row) -> float:
        """The strongest finding that belongs to the row; 0 where there is none.

        Places count beside labels: a policy that lets a category pass gives it no label, and the
        text says it all the same.
        """
        found = (*self.labels, *(span.found for span in self.spans))
        scores = [each.score for each in found if row.covers(each.label, each.source)]
        if row.head and self.head is not None:
            scores.append(self.head)
        return max(scores, default=0.0)

    def covered(self, row: Row) -> list[Found]:
        """The labels that belong to the row."""
        return [found for found in self.labels if row.covers(found.label, found.source)]

    def all_within(self, rows: Iterable[Row]) -> bool:
        """Whether every label belongs to one of the rows; false without any label."""
        chosen = tuple(rows)
        return bool(self.labels) and all(
            any(row.covers(found.label, found.source) for row in chosen) for found in self.labels
        )


def _spans(answer: Mapping[str, Any], labels: tuple[Found, ...]) -> tuple[Span, ...]:
    """What counts: a hit scored by its own severity, a pattern as its label is, or as certain."""
    spans = [
        Span(
            found=Found(label=hit["category"], source="lexicon", score=hit["severity"] / _WORST),
            start=hit["start"],
            end=hit["end"],
        )
        for hit in answer["hits"] or ()
        if hit["suppressed_by"] is None
    ]
    scores = {found.label: found.score for found in labels if found.source == "pattern"}
    spans += [
        Span(
            found=Found(
                label=item["pattern"],
                source="pattern",
                score=scores.get(item["pattern"], 1.0),
            ),
            start=item["start"],
            end=item["end"],
        )
        for item in answer["patterns"] or ()
    ]
    return tuple(sorted(spans, key=lambda span: (span.start, span.end, span.found.label)))
