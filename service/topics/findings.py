"""What a fit found, as JSON: kept with the version and shown as it is."""

from __future__ import annotations

import math
from typing import Any

from nlp.topics import Drift, Fit, Topic


def findings_of(fit: Fit, *, drift: Drift | None, before: int | None) -> dict[str, Any]:
    """Figures, topics, and how they moved against the version that was active `before`."""
    return {
        "posts": fit.posts,
        "distinct": fit.distinct,
        "documents": fit.documents,
        "words": len(fit.model.vocabulary),
        "pooling": fit.pooling.value,
        "coherence": None if math.isnan(fit.coherence) else fit.coherence,
        "diversity": fit.diversity,
        "unfitting": fit.unfitting,
        "trials": [
            {
                "topics": trial.topics,
                "coherence": None if math.isnan(trial.coherence) else trial.coherence,
            }
            for trial in fit.trials
        ],
        "topics": [_topic(topic) for topic in fit.topics],
        "drift": None if drift is None else _drift(drift, fit, before),
    }


def _topic(topic: Topic) -> dict[str, Any]:
    return {
        "id": topic.id,
        "label": topic.label,
        "share": topic.share,
        "terms": [
            {"word": term.word, "relevance": term.relevance, "share": term.share}
            for term in topic.terms
        ],
        "posts": list(topic.posts),
    }


def _drift(drift: Drift, fit: Fit, before: int | None) -> dict[str, Any]:
    return {
        "before": before,
        "mean": drift.mean,
        "matches": [
            {"topic": match.topic, "before": match.before, "distance": match.distance}
            for match in drift.matches
        ],
        "new": [{"topic": number, "label": fit.topics[number].label} for number in drift.new],
        "gone": list(drift.gone),
    }
