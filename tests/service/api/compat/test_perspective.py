"""Perspective's answer, made of what classify found."""

from __future__ import annotations

from typing import Any

import pytest

from service.api.compat.comment import AnalyzeRequest
from service.api.compat.errors import Unjudged
from service.api.compat.findings import Findings
from service.api.compat.perspective import response
from tests.service.api.compat.answers import answer, hit, label


def asked(text: str = "你真差劲", *attributes: str, **changes: Any) -> AnalyzeRequest:
    wanted: dict[str, Any] = {name: {} for name in attributes or ("TOXICITY",)}
    return AnalyzeRequest.from_json(
        {"comment": {"text": text}, "requestedAttributes": wanted, **changes}
    )


def scored(request: AnalyzeRequest, suggestion: str = "review", **changes: Any) -> dict[str, Any]:
    return response(request, Findings.from_answer(answer(suggestion, **changes)))


def values(body: dict[str, Any]) -> dict[str, float]:
    return {name: each["summaryScore"]["value"] for name, each in body["attributeScores"].items()}


def test_the_whole_answer() -> None:
    body = scored(asked("😀你真差劲", clientToken="c1"), abuse={"score": 0.83})
    value = {"value": 0.83, "type": "PROBABILITY"}
    assert body == {
        "attributeScores": {
            "TOXICITY": {
                "spanScores": [{"begin": 0, "end": 6, "score": value}],
                "summaryScore": value,
            }
        },
        "languages": ["zh"],
        "detectedLanguages": ["zh"],
        "clientToken": "c1",
    }


def test_each_attribute_has_its_own_sources() -> None:
    every = ("TOXICITY", "INSULT", "PROFANITY", "IDENTITY_ATTACK", "THREAT", "SEXUALLY_EXPLICIT")
    body = scored(
        asked("你真差劲", *every, "SPAM"),
        abuse={"score": 0.1},
        labels=[
            label("abuse", score=0.6),
            label("violence_threat", "pattern", 0.9),
            label("spam", score=0.4),
        ],
    )
    assert values(body) == {
        "TOXICITY": 0.9,
        "INSULT": 0.6,
        "PROFANITY": 0.6,
        "IDENTITY_ATTACK": 0.0,
        "THREAT": 0.9,
        "SEXUALLY_EXPLICIT": 0.0,
        "SPAM": 0.4,
    }


def test_the_model_is_no_profanity() -> None:
    body = scored(asked("你真差劲", "PROFANITY"), abuse={"score": 0.9})
    assert values(body) == {"PROFANITY": 0.0}


def test_a_score_below_its_threshold_is_left_out() -> None:
    request = asked(
        requestedAttributes={
            "TOXICITY": {"scoreThreshold": 0.8},
            "INSULT": {"scoreThreshold": 0.81},
        }
    )
    assert values(scored(request, abuse={"score": 0.8})) == {"TOXICITY": 0.8}


def test_without_any_score_there_is_no_list_of_them() -> None:
    request = asked(requestedAttributes={"TOXICITY": {"scoreThreshold": 0.5}})
    assert scored(request) == {"languages": ["zh"], "detectedLanguages": ["zh"]}


def test_span_annotations_say_where() -> None:
    body = scored(
        asked("😀傻子，加微信", "TOXICITY", "SPAM", "THREAT", spanAnnotations=True),
        labels=[label("abuse"), label("spam", score=0.2)],
        hits=[hit("abuse", 2, 4), hit("spam", 5, 8, severity=1)],
    )
    spans = {
        name: [(span["begin"], span["end"], span["score"]["value"]) for span in each["spanScores"]]
        for name, each in body["attributeScores"].items()
    }
    assert spans == {"TOXICITY": [(2, 4, 0.6)], "SPAM": [(5, 8, 0.2)], "THREAT": [(0, 8, 0.0)]}


def test_without_being_asked_the_span_is_the_comment() -> None:
    body = scored(asked("傻子"), labels=[label("abuse")], hits=[hit("abuse", 0, 1)])
    [span] = body["attributeScores"]["TOXICITY"]["spanScores"]
    assert (span["begin"], span["end"]) == (0, 2)


def test_what_is_missing_is_no_zero() -> None:
    with pytest.raises(Unjudged, match="abuse cannot be asked") as refused:
        scored(asked("你真差劲", "SPAM", "INSULT"), degraded=["abuse"], abuse=None)
    assert refused.value.status == 503
    assert refused.value.retry_after


def test_what_is_missing_and_not_needed_is_no_matter() -> None:
    body = scored(asked("你真差劲", "PROFANITY"), degraded=["abuse"], abuse=None)
    assert values(body) == {"PROFANITY": 0.0}
