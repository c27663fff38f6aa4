"""The stored form of an analysis: the fields of the classify answer that need no policy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from nlp import Analysis, Hit, Label


def analysis_json(analysis: Analysis, *, title: str | None = None) -> dict[str, Any]:
    """JSON of an analysis of `title`, a line break and the text, or of the text alone.

    Each hit says in which field it stands; its span is in code points of that field.
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
        "hits": [_hit(hit, title) for hit in analysis.hits],
        "language": analysis.language,
        "degraded": list(analysis.degraded),
        "versions": dict(analysis.versions),
    }


def _label(label: Label | None) -> Mapping[str, Any] | None:
    if label is None:
        return None
    scores = {name: round(score, 4) for name, score in label.scores.items()}
    return {"label": label.label, "scores": scores}


def _hit(hit: Hit, title: str | None) -> dict[str, Any]:
    shift = len(title) + 1 if title else 0
    values = asdict(hit)
    if hit.end < shift:
        return values | {"field": "title"}
    return values | {"field": "text", "start": max(0, hit.start - shift), "end": hit.end - shift}
