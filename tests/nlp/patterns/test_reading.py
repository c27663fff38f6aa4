"""Where words stand, and how a text falls into parts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nlp.patterns.reading import Reading, Span


def reading(text: str, *tokens: Span) -> Reading:
    return Reading(text, lambda _: sorted(tokens))


def cut(text: str, span: Span) -> str:
    return text[slice(*span)]


def test_a_clause_ends_at_a_comma_and_takes_it() -> None:
    text = "他说,我要走。再见"

    assert cut(text, reading(text).clause(4)) == "我要走。"


def test_a_sentence_runs_over_commas() -> None:
    text = "再见!他说,我要走。"

    assert cut(text, reading(text).sentence(8)) == "他说,我要走。"


def test_an_english_stop_ends_a_sentence_but_a_decimal_point_does_not() -> None:
    text = "it is 3.5 kg. really"

    assert cut(text, reading(text).sentence(0)) == "it is 3.5 kg."


def test_a_space_between_chinese_words_ends_a_clause_but_not_in_english() -> None:
    assert cut("再不退 我就走", reading("再不退 我就走").clause(0)) == "再不退 "
    assert cut("go away", reading("go away").clause(0)) == "go away"


def test_hashtags_and_quoted_reposts_are_passages_of_their_own() -> None:
    text = "#话题#我说//@他:别人说"

    assert cut(text, reading(text).passage(5)) == "我说//"
    assert cut(text, reading(text).sentence(11)) == "@他:别人说"


def test_first_and_last_inside_take_whole_tokens_only() -> None:
    read = reading("abcdefgh", (0, 2), (3, 5), (4, 7))

    assert read.first_inside(0, 1, 6) == (3, 5)
    assert read.last_inside(0, 1, 6) == (3, 5)
    assert read.first_inside(0, 5, 8) is None
    assert read.last_inside(0, 5, 8) is None


def test_covering_finds_the_longer_word() -> None:
    read = reading("过度曝光量", (0, 4))

    assert read.covering(0, (2, 4), longest=4) == (0, 4)
    assert read.covering(0, (3, 5), longest=4) is None
    assert read.covering(0, (2, 4), longest=1) is None


def test_a_class_is_looked_for_once() -> None:
    asked: list[int] = []

    def find(word_class: int) -> list[Span]:
        asked.append(word_class)
        return []

    read = Reading("abc", find)
    read.tokens(7)
    read.tokens(7)

    assert asked == [7]


@given(st.text(alphabet="a我,。.!? #/@", min_size=1, max_size=40), st.data())
def test_parts_tile_the_text(text: str, data: st.DataObject) -> None:
    position = data.draw(st.integers(0, len(text) - 1))
    read = reading(text)

    for part in (read.clause, read.sentence, read.passage):
        start, end = part(position)
        assert start <= position < end
        assert start == 0 or part(start - 1)[1] == start
