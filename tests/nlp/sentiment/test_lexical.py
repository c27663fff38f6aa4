"""Sentiment by words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.sentiment.lexical import LexicalSentiment, decide, load_sentiment
from nlp.text.normalizer import normalize

SCORER = LexicalSentiment({"好": 1.0, "差": -2.0, "good": 1.0}, {"非常": 2.0, "有点": 0.5})


def polarity(text: str) -> float:
    return SCORER.polarity(text)


def test_a_text_without_known_words_is_neutral() -> None:
    label = SCORER.label("今天星期三")
    assert label.label == "neutral"
    assert label.scores["negative"] == pytest.approx(label.scores["positive"])


def test_good_and_bad() -> None:
    assert polarity("好") > 0 > polarity("差")


def test_a_degree_adverb_strengthens_or_weakens() -> None:
    assert polarity("非常好") > polarity("好") > polarity("有点好")


@pytest.mark.parametrize("text", ["不好", "没有那么好", "不是非常好", "not good", "没觉得好"])
def test_a_negation_turns_around(text: str) -> None:
    assert polarity(text) < 0


@pytest.mark.parametrize("text", ["特别好", "不得不说好", "不,好", "不仅好", "without you, good"])
def test_what_only_looks_like_a_negation_does_not(text: str) -> None:
    assert polarity(text) > 0


def test_what_follows_a_but_weighs_more() -> None:
    scorer = LexicalSentiment({"好": 1.0, "差": -1.0}, {})
    assert scorer.polarity("差但好") > 0 > scorer.polarity("好但差")
    assert scorer.polarity("好差") == 0


def test_latin_words_stand_alone() -> None:
    assert polarity("goods") == 0


def test_the_version_follows_the_words() -> None:
    assert LexicalSentiment({"好": 1.0}, {}).version != LexicalSentiment({"好": 2.0}, {}).version


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("客服态度恶劣，再也不会买了", "negative"),
        ("質量太差，垃圾", "negative"),
        ("很好喝，包装精美，推荐", "positive"),
        ("又送错了[怒]", "negative"),
        ("今天下午三点开会", "neutral"),
        ("terrible service, total scam", "negative"),
        ("love it, great taste", "positive"),
    ],
)
def test_the_shipped_words(text: str, label: str) -> None:
    assert load_sentiment().label(normalize(text).text).label == label


@given(st.floats(-1, 1))
def test_scores_sum_to_one_and_the_label_is_the_best(value: float) -> None:
    label = decide(value)
    assert sum(label.scores.values()) == pytest.approx(1)
    assert label.scores[label.label] == max(label.scores.values())


@given(st.text(alphabet="好差非常不但,good "))
def test_polarity_stays_inside(text: str) -> None:
    assert -1 < polarity(text) < 1
