"""What the outside is told of a verdict. Pure; the text stays here, its caller knows it by id."""

from __future__ import annotations

import hashlib
from typing import Any

from service.moderation.review.lifecycle import Standing, is_appealable
from service.moderation.review.model import HumanVerdict, ReviewItem
from service.moderation.review.rubric import Rubric


def callback(
    item: ReviewItem, standing: Standing, verdict: HumanVerdict, rubric: Rubric
) -> dict[str, Any]:
    """The `data` of `review.decided`; `id` is the caller's own, `text_sha256` is of the UTF-8."""
    code = next((code for code in rubric.codes if code.id == verdict.reason), None)
    return {
        "review": item.id,
        "caller": item.caller,
        "id": item.caller_item,
        "text_sha256": hashlib.sha256(item.text.encode("utf-8", "replace")).hexdigest(),
        "kind": item.kind,
        "origin": item.origin.value,
        "line": verdict.line.value,
        "verdict": verdict.ruling.value,
        "labels": [{"label": label, "score": 1.0, "source": "human"} for label in verdict.labels],
        "reason": {
            "code": verdict.reason,
            "zh": None if code is None else code.zh,
            "en": None if code is None else code.en,
        },
        "rubric_version": verdict.rubric_version,
        "suggestion": item.suggestion,
        "held": item.held,
        "hold": item.hold_id,
        "appealed": standing.appealed,
        "appealable": is_appealable(standing),
        "decided_at": verdict.at,
    }
