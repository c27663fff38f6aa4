"""A comparison as JSON: what `fengsui models evaluate --json` prints and an evaluation keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.backtest import Answer
from service.incidents import format_instant
from service.learning.candidate import Candidate
from service.learning.comparison import Change, Comparison, Effect
from service.learning.head import Head
from service.learning.row import Split
from service.learning.scores import Score
from service.learning.training_set import TrainingSet

_LONGEST = 300
"""Characters of an example's text."""
_WITH_SAMPLES = ("gained", "lost", "changed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """`evaluation_id` names what was recorded; None where there was no candidate."""

    evaluation_id: str | None
    result: Mapping[str, Any]


def view_of(
    comparison: Comparison,
    *,
    training_set: TrainingSet,
    split: Split | None,
    candidate: Candidate | None,
    versions: tuple[Mapping[str, str], Mapping[str, str] | None],
    standing: Sequence[int],
    incidents: Answer | None,
    note: str | None,
) -> dict[str, Any]:
    """Everything that was compared. `versions` are of the serving analyser and of the other one;
    `standing` numbers the switches that made it serve; `note` says why there are no incidents."""
    return {
        "candidate": None
        if candidate is None
        else {
            "kind": candidate.kind.value,
            "name": candidate.name,
            "fingerprint": candidate.fingerprint,
            "place": candidate.place,
        },
        "versions": {"serving": versions[0], "candidate": versions[1]},
        "standing": list(standing),
        "set": {
            "sha256": training_set.sha256,
            "rows": len(training_set.rows),
            "until": format_instant(training_set.until),
            "split": None if split is None else split.value,
            "read": comparison.rows,
            "origins": _counts(row.origin.value for row in training_set.rows),
            "heads": _counts(row.head.value for row in training_set.rows),
        },
        "heads": {
            item.head.value: {
                "serving": _score(item.serving),
                "candidate": _score(item.candidate),
                "mended": comparison.count(item.head, Effect.MENDED),
                "broken": comparison.count(item.head, Effect.BROKEN),
            }
            for item in comparison.heads
        },
        "labels": None
        if comparison.labels is None
        else {
            "serving": _score(comparison.labels[0]),
            "candidate": _score(comparison.labels[1]),
        },
        "decisions": {
            "moved": sum(count for (old, new), count in comparison.decisions.items() if old != new),
            "texts": [
                {"before": old, "after": new, "texts": count}
                for (old, new), count in sorted(comparison.decisions.items())
            ],
        },
        "examples": [
            _example(change)
            for head in Head
            for effect in Effect
            for change in comparison.examples(head, effect)
        ],
        "incidents": incidents,
        "incidents_note": note,
    }


def without_texts(result: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of it: people's words stay where they can be erased, and are named by id."""
    kept = dict(result)
    kept["examples"] = [_named(item) for item in result["examples"]]
    if result["incidents"] is not None:
        incidents = dict(result["incidents"]["incidents"])
        for name in _WITH_SAMPLES:
            incidents[name] = [
                item | {"samples": [_named(sample) for sample in item["samples"]]}
                for item in incidents[name]
            ]
        kept["incidents"] = dict(result["incidents"]) | {"incidents": incidents}
    return kept


def _named(sample: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in sample.items() if name != "text"}


def _counts(names: Any) -> dict[str, int]:
    return dict(sorted(Counter(names).items()))


def _score(score: Score | None) -> dict[str, Any] | None:
    if score is None:
        return None
    return {
        "rows": score.rows,
        "right": score.right,
        "unanswered": score.unanswered,
        "accuracy": _rounded(score.accuracy),
        "f1": _rounded(score.f1),
        "labels": [
            {
                "label": item.label,
                "given": item.given,
                "answered": item.answered,
                "right": item.right,
                "precision": _rounded(item.precision),
                "recall": _rounded(item.recall),
                "f1": _rounded(item.f1),
            }
            for item in score.labels
        ],
    }


def _example(change: Change) -> dict[str, Any]:
    return {
        "head": change.head.value,
        "effect": change.effect.value,
        "id": change.row.id,
        "text": change.row.text[:_LONGEST],
        "said": change.said,
        "before": change.before,
        "after": change.after,
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
