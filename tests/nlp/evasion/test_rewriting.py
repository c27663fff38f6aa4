"""Readings of a text: rewrites made, places kept, syllables cut."""

from hypothesis import given
from hypothesis import strategies as st

from nlp.evasion.alphabet import alphabet
from nlp.evasion.rewriting import Rewrite, cuts, readings, written_out
from nlp.evasion.tables import load_tables
from nlp.evasion.technique import Technique

SPELLED = load_tables().spelled
SYMBOLS = {sign: alphabet().symbols[sound] for sign, sound in SPELLED.items()}


def syllables(run: str, *near: tuple[str, str]) -> list[str]:
    symbols = alphabet().symbols
    pairs = {symbols[one] + symbols[other] for one, other in near}
    return [" ".join(SPELLED[sign] for sign in cut) for cut in cuts(run, pairs, SYMBOLS)]


def split(start: int, end: int, reading: str) -> Rewrite:
    return Rewrite(start, end, reading, Technique.SPLIT)


def test_a_run_is_cut_into_the_fewest_syllables() -> None:
    assert syllables("zhuangshi") == ["zhuang shi"]


def test_known_neighbours_come_first() -> None:
    assert syllables("xian", ("xi", "an")) == ["xi an", "xian"]


def test_what_is_no_pinyin_is_not_cut() -> None:
    assert syllables("the") == []
    assert syllables("ng") == []
    assert syllables("ma" * 30) == []


def test_a_rewrite_keeps_the_places_of_the_original() -> None:
    (reading,) = readings("去弓虽了", [split(1, 3, "强")])
    assert reading.text == "去强了"
    assert list(zip(reading.starts, reading.ends, strict=True)) == [(0, 1), (1, 3), (3, 4)]
    assert reading.rewritten == {1: Technique.SPLIT}


def test_overlapping_rewrites_get_a_reading_each_with_the_others() -> None:
    texts = [
        item.text
        for item in readings(
            "木又寸马扁", [split(0, 2, "权"), split(1, 3, "对"), split(3, 5, "骗")]
        )
    ]
    assert texts == ["权寸骗", "木对骗"]


def test_no_rewrites_no_readings() -> None:
    assert readings("强", []) == []


def test_ligatures_are_written_out() -> None:
    reading = written_out("aﬁb", [1])
    assert (reading.text, list(reading.starts)) == ("afib", [0, 1, 1, 2])


@given(
    st.text(min_size=8, max_size=8),
    st.lists(st.tuples(st.integers(0, 6), st.integers(1, 2), st.sampled_from("强权")), max_size=8),
)
def test_readings_are_as_long_as_their_places(text: str, made: list[tuple[int, int, str]]) -> None:
    rewrites = [split(start, start + size, reading) for start, size, reading in made]
    found = readings(text, rewrites)
    assert len(found) <= 3
    for reading in found:
        assert len(reading.text) == len(reading.starts) == len(reading.ends)
        assert list(reading.starts) == sorted(reading.starts)
        assert (list(reading.ends)[-1:] or [8]) == [8]
