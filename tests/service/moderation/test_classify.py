from __future__ import annotations

from functools import cache
from typing import Any

from nlp import Analyzer, load_analyzer
from service.moderation import ClassifyItem, answer_of

KEYS = {
    "id",
    "suggestion",
    "held",
    "risk_level",
    "labels",
    "sentiment",
    "emotion",
    "intent",
    "abuse",
    "scenario",
    "hits",
    "patterns",
    "pii",
    "redacted",
    "language",
    "degraded",
    "versions",
}


@cache
def analyzer() -> Analyzer:
    return load_analyzer()


def classified(**data: Any) -> dict[str, Any]:
    item = ClassifyItem.from_json(data)
    return answer_of(item, analyzer().analyze(item.text))


def test_the_answer_has_exactly_the_keys_of_the_contract() -> None:
    assert set(classified(id="1", text="东西不错")) == KEYS


def test_what_is_asked_for_and_missing_is_named_and_reviewed() -> None:
    answer = classified(text="东西不错")
    assert {"emotion", "intent", "abuse", "patterns", "pii"} <= set(answer["degraded"])
    assert answer["suggestion"] == "review"


def test_what_is_not_asked_for_is_null_and_does_not_degrade() -> None:
    answer = classified(text="东西不错", components=["lexicon"])
    assert (answer["sentiment"], answer["scenario"], answer["degraded"]) == (None, None, [])
    assert answer["suggestion"] == "pass"


def test_spans_count_code_points_or_utf16_units() -> None:
    text = "😀😀喝完上吐下泻"
    points = classified(text=text, components=["lexicon"])["hits"][0]
    units = classified(text=text, components=["lexicon"], offsets="utf16")["hits"][0]
    assert text[points["start"] : points["end"]] == points["surface"]
    assert units["start"] == points["start"] + 2
