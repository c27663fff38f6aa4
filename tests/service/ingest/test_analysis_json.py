"""The stored form of an analysis."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from nlp import Label, whole_text
from service.ingest.analysis_json import analysis_json
from tests.support.ingest_scene import shipped_analyzer

WORDS = st.lists(
    st.sampled_from(["虫子", "恶心", "退款", "澄屿", "🙂", "\n", " ", "a", "不", "食物中毒"]),
    max_size=6,
).map("".join)


def test_what_was_not_asked_for_is_null() -> None:
    made = analysis_json(shipped_analyzer().analyze("青柚茶里喝出虫子，恶心"))
    assert (made["emotion"], made["intent"], made["abuse"]) == (None, None, None)
    assert made["sentiment"]["label"] == "negative"
    assert made["scenario"][0]["scenario"] == "safety_incident"
    assert set(made["hits"][0]) >= {"term", "category", "severity", "start", "end", "surface"}
    json.dumps(made)


def test_scores_are_rounded_to_four_places() -> None:
    analysis = replace(
        shipped_analyzer().analyze("好喝"),
        emotion=Label(label="happy", scores={"happy": 0.123456, "neutral": 0.876544}),
        abuse=0.98765432,
    )
    made = analysis_json(analysis)
    assert made["emotion"]["scores"] == {"happy": 0.1235, "neutral": 0.8765}
    assert made["abuse"] == {"score": 0.9877}


def test_patterns_and_kinds_of_personal_data_are_kept() -> None:
    title, text = "求助", "再不退款我就曝光你们。我的号13800138000或13900139000"
    made = analysis_json(shipped_analyzer().analyze(text, title=title), title=title)
    (pattern,) = made["patterns"]
    assert (pattern["pattern"], pattern["field"]) == ("exposure_threat", "text")
    assert text[pattern["start"] : pattern["end"]] == "不退款我就曝光"
    assert made["pii"] == ["mobile"]


@given(title=st.none() | WORDS, text=WORDS)
def test_each_span_stands_where_it_says(title: str | None, text: str) -> None:
    analysis = shipped_analyzer().analyze(whole_text(text, title=title))
    for hit in analysis_json(analysis, title=title)["hits"]:
        field = title if hit["field"] == "title" else text
        assert field is not None
        assert 0 <= hit["start"] < hit["end"] <= len(field)
        assert hit["surface"].endswith(field[hit["start"] : hit["end"]])
