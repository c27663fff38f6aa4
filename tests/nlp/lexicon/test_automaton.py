"""Many words at once."""

from nlp.lexicon.automaton import Automaton


def test_overlapping_words_are_all_found() -> None:
    assert sorted(Automaton(["ab", "abc", "bc"]).find("abc")) == [(0, 0, 2), (1, 0, 3), (2, 1, 3)]


def test_longest_takes_one_of_overlapping_words() -> None:
    assert Automaton(["ab", "abc", "bc"], longest=True).find("abc") == [(1, 0, 3)]


def test_places_are_code_points() -> None:
    assert Automaton(["爆炸"]).find("😀爆炸") == [(0, 1, 3)]


def test_lone_surrogates_keep_places() -> None:
    assert Automaton(["爆炸"]).find("\ud800爆炸") == [(0, 1, 3)]


def test_no_words_find_nothing() -> None:
    assert Automaton([]).find("爆炸") == []
