"""Classes of words in one automaton."""

from __future__ import annotations

import pytest

from nlp.patterns.vocabulary import VocabularyDraft
from nlp.text.normalizer import normalize


def places(draft: VocabularyDraft, word_class: int, text: str) -> list[str]:
    normal = normalize(text).text
    tokens = draft.finished().read(normal).tokens(word_class)
    return [normal[slice(*token)] for token in tokens]


def test_words_are_compared_in_their_normal_form() -> None:
    draft = VocabularyDraft()
    number = draft.add(["微信", "ＱＱ"])

    assert places(draft, number, "加WeChat或者qq，或者微信") == ["qq", "微信"]


def test_a_latin_word_stands_alone() -> None:
    draft = VocabularyDraft()
    number = draft.add(["sue"])

    assert places(draft, number, "an issue to sue for") == ["sue"]


def test_an_underscore_is_a_space_and_both_apostrophes_are_known() -> None:
    draft = VocabularyDraft()
    number = draft.add(["don't_go"])

    assert places(draft, number, "don't go, don’t go") == ["don't go", "don’t go"]


def test_a_word_inside_an_allowed_one_does_not_count() -> None:
    draft = VocabularyDraft()
    number = draft.add(["曝光"], allow=["曝光率", "二次曝光"])

    assert places(draft, number, "曝光率高，二次曝光，我要曝光") == ["曝光"]


def test_equal_classes_share_a_number() -> None:
    draft = VocabularyDraft()

    assert draft.add(["a", "b"]) == draft.add(["b", "a"])
    assert draft.add(["a"]) != draft.add(["a"], allow=["ab"])


def test_expressions_are_found_in_code_points() -> None:
    draft = VocabularyDraft()
    number = draft.add_expression("[0-9]+元")

    assert draft.add_expression("[0-9]+元") == number
    assert places(draft, number, "😀一共300元\ud800和5元") == ["300元", "5元"]


@pytest.mark.parametrize(("text", "said"), [("(", "RE2 refuses"), ("a*", "empty text")])
def test_a_bad_expression_is_refused(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        VocabularyDraft().add_expression(text)


def test_a_reading_knows_which_classes_have_a_word_in_the_text() -> None:
    draft = VocabularyDraft()
    here, there = draft.add(["曝光", "投诉"]), draft.add(["app"])
    price = draft.add_expression("[0-9]+元")
    vocabulary = draft.finished()

    assert vocabulary.read("我要投诉，赔300元").present == 1 << here
    assert vocabulary.read("happy apps").present == 0
    assert vocabulary.read("app 曝光").present == 1 << here | 1 << there
    assert vocabulary.read("赔300元").present & 1 << price == 0
