from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp import Analyzer, load_analyzer
from nlp.analysis import PatternHit
from service.moderation import ClassifyItem, Suggestion, Verdict, answer_of
from service.moderation.policy import Reason

KEYS = {
    "id",
    "suggestion",
    "held",
    "risk_level",
    "hold",
    "reasons",
    "account",
    "labels",
    "sentiment",
    "emotion",
    "intent",
    "abuse",
    "scenario",
    "moderation",
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
    return load_analyzer(backends=())


def classified(**data: Any) -> dict[str, Any]:
    item = ClassifyItem.from_json(data)
    return answer_of(item, analyzer().analyze(item.text))


def test_the_answer_has_exactly_the_keys_of_the_contract() -> None:
    assert set(classified(id="1", text="东西不错")) == KEYS


def test_what_is_asked_for_and_missing_is_named_and_reviewed() -> None:
    item = ClassifyItem(text="东西不错", components=("lexicon", "patterns", "pii"))
    found = analyzer().analyze_words([item.text], components=item.asked)[0]
    assert answer_of(item, found)["suggestion"] == "pass"
    answer = answer_of(item, replace(found, degraded=("tokenizer", "pii", "patterns")))
    assert (answer["degraded"], answer["suggestion"]) == (["patterns", "pii"], "review")
    assert answer["redacted"] is None


def test_what_is_not_asked_for_is_null_and_does_not_degrade() -> None:
    answer = classified(text="东西不错", components=["lexicon"])
    assert (answer["sentiment"], answer["scenario"], answer["degraded"]) == (None, None, [])
    assert (answer["patterns"], answer["pii"], answer["redacted"]) == (None, None, None)
    assert answer["suggestion"] == "pass"


def test_spans_count_code_points_or_utf16_units() -> None:
    text = "😀😀喝完上吐下泻"
    points = classified(text=text, components=["lexicon"])["hits"][0]
    units = classified(text=text, components=["lexicon"], offsets="utf16")["hits"][0]
    assert text[points["start"] : points["end"]] == points["surface"]
    assert units["start"] == points["start"] + 2


def test_patterns_and_personal_data_are_told_with_their_places() -> None:
    text = "🙂再不退款我就曝光你们。我的号13800138000"
    answer = classified(text=text, components=["patterns", "pii"])
    assert answer["patterns"] == [
        {"pattern": "exposure_threat", "start": 2, "end": text.index("曝光") + 2}
    ]
    assert answer["pii"] == [{"kind": "mobile", "start": len(text) - 11, "end": len(text)}]
    assert answer["redacted"] == "🙂再不退款我就曝光你们。我的号138****8000"
    assert answer["hits"] is None


def test_patterns_that_a_guard_suppressed_are_not_told() -> None:
    item = ClassifyItem(text="我不会去曝光你们", components=("patterns",))
    hit = PatternHit(
        pattern="exposure_threat", rule="r", start=1, end=8, surface="x", suppressed_by="negation"
    )
    found = analyzer().analyze_words([item.text], components=("patterns",))[0]
    assert answer_of(item, replace(found, patterns=(hit,)))["patterns"] == []
    other = answer_of(item, replace(found, patterns=(replace(hit, suppressed_by=None),)))
    assert [told["pattern"] for told in other["patterns"]] == ["exposure_threat"]


def test_a_text_without_personal_data_comes_back_as_it_is() -> None:
    assert classified(text="东西不错", components=["pii"])["redacted"] == "东西不错"


def test_a_hit_says_what_hid_it() -> None:
    hits = classified(text="真是傻*逼", components=["lexicon"])["hits"]
    [hit] = [hit for hit in hits if hit["suppressed_by"] is None]
    assert (hit["term"], hit["surface"], hit["evasion"]) == ("傻逼", "傻*逼", "inserted")


def test_a_verdict_that_is_given_is_told() -> None:
    verdict = Verdict(
        suggestion=Suggestion.BLOCK,
        risk_level="high",
        labels=(("medical_claim", 0.8, "pattern"),),
        held=True,
        reasons=((Reason.PARENT, ""), (Reason.COPY_OF_HOLD, "hold_a")),
        degraded=("holds",),
        policy="default@1",
    )
    item = ClassifyItem(text="东西不错", components=("lexicon",))
    answer = answer_of(item, analyzer().analyze(item.text), verdict=verdict)
    assert (answer["suggestion"], answer["held"], answer["risk_level"]) == ("block", True, "high")
    assert answer["labels"] == [{"label": "medical_claim", "score": 0.8, "source": "pattern"}]
    assert (answer["degraded"], answer["versions"]["policy"]) == (["holds"], "default@1")
    assert answer["hold"] == "hold_a"


@settings(max_examples=60)
@given(st.text(st.sampled_from("傻逼*😀加微信13800138000 曝光你们𠮷再不退款"), max_size=30))
def test_utf16_places_are_those_of_the_encoded_text(text: str) -> None:
    asked = ["lexicon", "patterns", "pii"]
    points = classified(text=text, components=asked)
    units = classified(text=text, components=asked, offsets="utf16")
    encoded = text.encode("utf-16-le")
    for name in ("hits", "patterns", "pii"):
        for one, other in zip(points[name], units[name], strict=True):
            cut = encoded[2 * other["start"] : 2 * other["end"]].decode("utf-16-le")
            assert cut == text[one["start"] : one["end"]]
