"""The classify answer: an item and its analysis in, the object of `POST /v1/classify` out. Pure."""

from __future__ import annotations

from typing import Any

from nlp import Analysis, Hit, Label
from service.moderation.item import ClassifyItem
from service.moderation.policy import decide

MISSING = ("patterns", "pii")
"""Asked for and not there yet: named in `degraded`, never left out in silence."""


def answer_of(item: ClassifyItem, analysis: Analysis) -> dict[str, Any]:
    """The answer for one item. What was not asked for is null; what is missing is in `degraded`."""
    asked = item.asked
    degraded = sorted({name for name in (*analysis.degraded, *MISSING) if name in asked})
    verdict = decide(analysis, degraded=degraded, kind=item.kind)
    return {
        "id": item.id,
        "suggestion": verdict.suggestion.value,
        "held": False,
        "risk_level": verdict.risk_level,
        "labels": [
            {"label": label, "score": round(score, 4), "source": source}
            for label, score, source in verdict.labels
        ],
        "sentiment": _label(analysis.sentiment) if "sentiment" in asked else None,
        "emotion": _label(analysis.emotion) if "emotion" in asked else None,
        "intent": _label(analysis.intent) if "intent" in asked else None,
        "abuse": _abuse(analysis) if "abuse" in asked else None,
        "scenario": _scenario(analysis) if "scenario" in asked else None,
        "hits": [_hit(hit, item) for hit in analysis.hits] if "lexicon" in asked else None,
        "patterns": None,
        "pii": None,
        "redacted": None,
        "language": analysis.language,
        "degraded": degraded,
        "versions": dict(analysis.versions),
    }


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


def _hit(hit: Hit, item: ClassifyItem) -> dict[str, Any]:
    start, end = hit.start, hit.end
    if item.utf16:
        start, end = _utf16(item.text, start), _utf16(item.text, end)
    return {
        "term": hit.term,
        "category": hit.category,
        "severity": hit.severity,
        "surface": hit.surface,
        "evasion": hit.evasion,
        "suppressed_by": hit.suppressed_by,
        "start": start,
        "end": end,
    }


def _utf16(text: str, offset: int) -> int:
    return offset + sum(character > "\uffff" for character in text[:offset])
