"""Ordinary words at a place."""

from nlp.evasion.ordinary import (
    crossing,
    explaining,
    has_loose_character,
    is_everywhere,
    is_frequent,
    is_word,
    outweighs,
    parts,
    tokens,
)


def test_words_have_places_in_the_text() -> None:
    assert ("麻烦", 12, 14) in tokens("一二三四五六七八九十个大麻烦了", 11, 13)


def test_a_word_across_an_end() -> None:
    assert crossing(tokens("惹了大麻烦", 2, 4), 2, 4) == "麻烦"
    assert crossing(tokens("抽大麻", 1, 3), 1, 3) is None


def test_what_explains_a_character() -> None:
    words = tokens("很有威信", 2, 4)
    assert explaining(words, 2) == "威信"
    assert explaining(words, 0) is None
    assert explaining(words, 99) is None


def test_words_younger_than_the_dictionary_count() -> None:
    assert is_word("微信")
    assert explaining(tokens("我微信上", 1, 3), 1) == "微信"


def test_a_character_of_no_word() -> None:
    assert has_loose_character(tokens("加威信", 0, 3), 0, 3)
    assert not has_loose_character(tokens("税后收入", 0, 4), 0, 4)


def test_a_pause_may_part_words_but_not_cut_one() -> None:
    assert parts("拖欠工资", 2)
    assert not parts("加微信号", 2)


def test_frequencies() -> None:
    assert is_frequent("看")
    assert is_everywhere("的")
    assert not is_frequent("搏")


def test_a_word_outweighs_a_rare_term() -> None:
    assert outweighs("麻烦", "大麻")
    assert outweighs("情况紧急", "一夜情")
    assert not outweighs("臭味", "酸臭")
