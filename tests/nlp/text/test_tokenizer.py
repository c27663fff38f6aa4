"""Words of a normal form."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.text.normalizer import normalize
from nlp.text.tokenizer import CharacterTokenizer, JiebaTokenizer, Tokenizer

JIEBA = JiebaTokenizer()


def test_words_without_punctuation() -> None:
    assert JIEBA.tokens("手机发货太慢了,iphone 15!") == (
        "手机",
        "发货",
        "太慢",
        "了",
        "iphone",
        "15",
    )


def test_user_words_stay_whole() -> None:
    tokenizer = JiebaTokenizer(["澄嶼青柚茶", " "])
    assert "澄屿青柚茶" in tokenizer.tokens("这瓶澄屿青柚茶真好喝")


def test_user_words_do_not_leak_into_another_tokenizer() -> None:
    JiebaTokenizer(["澄屿青柚茶"])
    assert "澄屿青柚茶" not in JIEBA.tokens("这瓶澄屿青柚茶真好喝")


def test_characters_need_no_dictionary() -> None:
    assert CharacterTokenizer().tokens("手机app爆炸!!") == ("手", "机", "app", "爆", "炸")


@pytest.mark.parametrize("tokenizer", [JIEBA, CharacterTokenizer()])
@settings(max_examples=80)
@given(text=st.text(st.characters(), max_size=60))
def test_any_string_has_tokens(tokenizer: Tokenizer, text: str) -> None:
    tokens = tokenizer.tokens(normalize(text).text)
    assert all(any(character.isalnum() for character in token) for token in tokens)


def test_lone_surrogates_are_cut_like_any_symbol() -> None:
    assert JIEBA.tokens("\ud800爆炸") == ("爆炸",)
