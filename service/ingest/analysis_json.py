"""The stored form of an analysis: the fields of the classify answer that need no policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from nlp import Analysis, Label
from nlp.analysis import Hit, PatternHit


def analysis_json(analysis: Analysis, *, title: str | None = None) -> dict[str, Any]:
    """JSON of an analysis of `title`, a line break and the text, or of the text alone.

    Each hit and pattern says in which field it stands; its span is in code points of that field.
    Of personal data only the kinds are kept, sorted, once each: where it stands is found again.
    """
    return {
        "sentiment": _label(analysis.sentiment),
        "emotion": _label(analysis.emotion),
        "intent": _label(analysis.intent),
        "abuse": None if analysis.abuse is None else {"score": round(analysis.abuse, 4)},
        "scenario": [
            {"scenario": item.scenario, "score": round(item.score, 4)}
            for item in analysis.scenarios
        ],
        "hits": [asdict(hit) | _place(hit, title) for hit in analysis.hits],
        "patterns": [
            {"pattern": hit.pattern, "rule": hit.rule} | _place(hit, title)
            for hit in analysis.counted_patterns
        ],
        "pii": sorted({item.kind.value for item in analysis.pii}),
        "language": analysis.language,
        "degraded": list(analysis.degraded),
        "versions": dict(analysis.versions),
    }


def _label(label: Label | None) -> Mapping[str, Any] | None:
    if label is None:
        return None
    scores = {name: round(score, 4) for name, score in label.scores.items()}
    return {"label": label.label, "scores": scores}


def _place(hit: Hit | PatternHit, title: str | None) -> dict[str, Any]:
    shift = len(title) + 1 if title else 0
    if hit.end < shift:
        return {"field": "title", "start": hit.start, "end": hit.end}
    return {"field": "text", "start": max(0, hit.start - shift), "end": hit.end - shift}
