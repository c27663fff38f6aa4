"""The classify answer: an item and its analysis in, the object of `POST /v1/classify` out. Pure."""

from __future__ import annotations

from bisect import bisect_left
from typing import Any, Protocol

from nlp import Analysis, Hit, Label
from nlp.pii import redacted
from service.moderation.item import ClassifyItem
from service.moderation.policy import Verdict, decide
from service.moderation.standing import Standing


class Span(Protocol):
    """Half open, in code points of the text."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


def answer_of(
    item: ClassifyItem, analysis: Analysis, *, verdict: Verdict | None = None
) -> dict[str, Any]:
    """The answer for one item. What was not asked for is null; what is missing is in `degraded`.

    `verdict` None is what the default policy says of the text alone. Patterns that a guard
    suppressed are not listed; suppressed hits are, with the reason.
    """
    asked = item.asked
    missing = sorted(asked.intersection(analysis.degraded))
    judged = verdict or decide(analysis, degraded=missing, kind=item.kind)
    place = _Units(item)
    versions = dict(analysis.versions)
    if judged.policy:
        versions["policy"] = judged.policy
    return {
        "id": item.id,
        "suggestion": judged.suggestion.value,
        "held": judged.held,
        "risk_level": judged.risk_level,
        "reasons": [{"reason": reason.value, "ref": ref or None} for reason, ref in judged.reasons],
        "account": _account(judged.account),
        "labels": [
            {"label": label, "score": round(score, 4), "source": source}
            for label, score, source in judged.labels
        ],
        "hold": judged.hold,
        "sentiment": _label(analysis.sentiment) if "sentiment" in asked else None,
        "emotion": _label(analysis.emotion) if "emotion" in asked else None,
        "intent": _label(analysis.intent) if "intent" in asked else None,
        "abuse": _abuse(analysis) if "abuse" in asked else None,
        "scenario": _scenario(analysis) if "scenario" in asked else None,
        "moderation": _moderation(analysis) if "moderation" in asked else None,
        "hits": [_hit(hit) | place.of(hit) for hit in analysis.hits]
        if "lexicon" in asked
        else None,
        "patterns": [{"pattern": hit.pattern} | place.of(hit) for hit in analysis.counted_patterns]
        if "patterns" in asked
        else None,
        "pii": [{"kind": pii.kind.value} | place.of(pii) for pii in analysis.pii]
        if "pii" in asked
        else None,
        "redacted": redacted(item.text, analysis.pii)
        if "pii" in asked and "pii" not in missing
        else None,
        "language": analysis.language,
        "degraded": sorted({*missing, *judged.degraded}),
        "versions": versions,
    }


def _account(standing: Standing | None) -> dict[str, Any] | None:
    if standing is None:
        return None
    lit = {name: round(value, 4) for name, value in standing.indicators.items()}
    return {"score": round(standing.score, 4), "indicators": lit}


class _Units:
    """Places of an item's text in the units that were asked for."""

    def __init__(self, item: ClassifyItem) -> None:
        wide = item.utf16 and not item.text.isascii()
        self._wide = [at for at, sign in enumerate(item.text) if sign > "\uffff"] if wide else []

    def of(self, span: Span) -> dict[str, int]:
        return {"start": self._at(span.start), "end": self._at(span.end)}

    def _at(self, place: int) -> int:
        return place + bisect_left(self._wide, place)


def _label(label: Label | None) -> dict[str, Any] | None:
    if label is None:
        return None
    return {
        "label": label.label,
        "scores": {name: round(score, 4) for name, score in label.scores.items()},
    }


def _abuse(analysis: Analysis) -> dict[str, float] | None:
    return None if analysis.abuse is None else {"score": round(analysis.abuse, 4)}


def _scenario(analysis: Analysis) -> list[dict[str, Any]]:
    return [
        {"scenario": item.scenario, "score": round(item.score, 4)} for item in analysis.scenarios
    ]


def _moderation(analysis: Analysis) -> list[dict[str, Any]]:
    return [
        {"category": item.category, "score": round(item.score, 4)} for item in analysis.moderation
    ]


def _hit(hit: Hit) -> dict[str, Any]:
    return {
        "term": hit.term,
        "category": hit.category,
        "severity": hit.severity,
        "surface": hit.surface,
        "evasion": hit.evasion,
        "suppressed_by": hit.suppressed_by,
    }
