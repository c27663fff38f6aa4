"""The full-text scheme, on a model of what a store does with it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.text.search_tokens import Reach, SearchPhrase, reach, search_phrases, search_tokens


def found(query: str, text: str) -> bool:
    """What a store answers: all phrases, each as consecutive tokens."""
    tokens = search_tokens(text)
    phrases = search_phrases(query)
    return bool(phrases) and all(_follows(phrase, tokens) for phrase in phrases)


def _follows(phrase: SearchPhrase, tokens: tuple[str, ...]) -> bool:
    size = len(phrase.tokens)
    for at in range(len(tokens) - size + 1):
        window = tokens[at : at + size]
        last_fits = window[-1] == phrase.tokens[-1] or (
            phrase.prefix and window[-1].startswith(phrase.tokens[-1])
        )
        if window[:-1] == phrase.tokens[:-1] and last_fits:
            return True
    return False


def test_a_run_is_pairs_and_its_last_character() -> None:
    assert search_tokens("手机爆炸") == ("手机", "机爆", "爆炸", "炸")


def test_other_letters_are_words() -> None:
    assert search_tokens("iphone手机 12315") == ("iphone", "手机", "机", "12315")


def test_a_word_across_punctuation_is_not_found() -> None:
    assert not found("手机爆炸", "手机,爆炸")


def test_mixed_scripts_are_found() -> None:
    assert found("手机app", "我的手机app闪退")
    assert found("app闪", "我的手机app闪退")


def test_part_of_a_latin_word_is_not_found() -> None:
    assert not found("app", "happy")


def test_every_word_of_a_query_is_wanted() -> None:
    assert found("爆炸 手机", "手机昨天爆炸了")
    assert not found("爆炸 电脑", "手机昨天爆炸了")


def test_punctuation_has_no_phrases() -> None:
    assert search_phrases("!? …") == ()


@settings(max_examples=150)
@given(st.text("手机爆炸了ガ한", min_size=1, max_size=12), st.data())
def test_every_substring_of_a_run_is_found(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert found(text[start:end], text)


@settings(max_examples=150)
@given(st.text("手机爆炸", min_size=1, max_size=4), st.text("手机爆炸, ", max_size=12))
def test_what_is_found_is_there(query: str, text: str) -> None:
    assert found(query, text) == (query in text)


@pytest.mark.parametrize(
    ("literal", "found"),
    [
        ("手机爆炸", Reach.SAME),
        ("炸", Reach.SAME),
        ("iphone", Reach.SAME),
        ("12315", Reach.SAME),
        ("new york", Reach.WIDER),
        ("手机，爆炸", Reach.WIDER),
        ("iphone手机", Reach.WIDER),
        ("!!", Reach.UNKNOWN),
        ("🔥", Reach.UNKNOWN),
        ("ሰላም", Reach.UNKNOWN),
    ],
)
def test_it_is_known_what_the_index_finds_for_a_literal(literal: str, found: Reach) -> None:
    assert reach(literal) is found
