"""Keys of a text and the way back."""

from hypothesis import given
from hypothesis import strategies as st

from nlp.evasion.alphabet import (
    DIGIT,
    EXPANDING,
    IDEOGRAPH,
    INVISIBLE,
    LETTER,
    NOISE,
    PAUSE,
    alphabet,
)
from nlp.evasion.scan import Scan


def test_the_plain_form_undoes_single_characters() -> None:
    assert Scan("賭Ａа莪é\u200b", alphabet()).plain[:5] == "赌aa我e"


def test_each_place_has_a_kind() -> None:
    kinds = Scan("赌a1*，\u200b\u0336", alphabet()).kinds
    assert list(kinds) == [IDEOGRAPH, LETTER, DIGIT, NOISE, PAUSE, INVISIBLE, INVISIBLE]


def test_noise_is_in_no_key() -> None:
    looks, sounds = Scan("*赌* 1博。", alphabet()).look_and_sound()
    assert (len(looks.symbols), len(sounds.symbols)) == (3, 2)


def _sounds(text: str) -> str:
    return Scan(text, alphabet()).look_and_sound()[1].symbols


def _looks(text: str) -> str:
    return Scan(text, alphabet()).look_and_sound()[0].symbols


def test_homophones_share_a_symbol() -> None:
    assert _sounds("赌搏") == _sounds("堵驳")


def test_look_alikes_share_a_symbol() -> None:
    assert _looks("未日0") == _looks("末曰o")


def test_a_run_starts_with_its_last_members() -> None:
    key = Scan("赌赌赌博", alphabet()).look_and_sound()[0]
    assert [key.start(0, count) for count in (1, 2, 3, 4)] == [2, 1, 0, -1]
    assert key.end(1) == 4


def test_a_run_of_one_has_no_more() -> None:
    key = Scan("赌博", alphabet()).look_and_sound()[0]
    assert (key.start(0, 1), key.start(0, 2), key.end(1), key.letters) == (0, -1, 2, "赌博")


def test_what_is_heard_has_places_of_its_own() -> None:
    looks, sounds = Scan("1赌\U0010ffff赌\U0010fffe搏搏", alphabet()).look_and_sound()
    assert (looks.letters, sounds.letters) == ("1赌\U0010ffff赌搏", "赌\U0010ffff赌搏")
    assert [sounds.start(3, count) for count in (1, 2, 3)] == [6, 5, -1]
    assert (looks.end(4), sounds.end(3)) == (6, 6)


def test_a_text_may_begin_and_end_with_a_break() -> None:
    looks, sounds = Scan("\U0010ffff\U0010ffff赌\U0010ffff", alphabet()).look_and_sound()
    assert [looks.letters.count("赌"), sounds.letters.count("赌")] == [1, 1]
    assert looks.start(looks.letters.index("赌"), 1) == 2
    assert sounds.start(sounds.letters.index("赌"), 1) == 2


def test_what_no_word_has_shares_a_symbol() -> None:
    look = chr(int(alphabet().skeleton[ord("赌")]))
    coded = alphabet().coded({look: "b"}, {})
    looks, sounds = Scan("天地赌博", coded).look_and_sound()
    assert (looks.symbols, looks.letters, looks.before(0)) == ("b\1", "赌博", "地")
    assert sounds.symbols == "\1"


def test_nothing_stands_before_a_key() -> None:
    looks, sounds = Scan("赌博", alphabet()).look_and_sound()
    assert (looks.before(0), looks.before(1), sounds.before(0)) == ("", "赌", "")


def test_places_of_a_kind() -> None:
    assert list(Scan("a1 a", alphabet()).places_of(LETTER)) == [0, 3]


def test_what_reads_as_a_latin_letter_is_of_that_kind() -> None:
    kinds, plain = alphabet().kind, alphabet().plain
    latin = (plain >= ord("a")) & (plain <= ord("z"))
    assert set(kinds[latin].tolist()) <= {LETTER, EXPANDING}


@given(st.text(max_size=40))
def test_every_symbol_has_a_place(text: str) -> None:
    for key in Scan(text, alphabet()).look_and_sound():
        places = [key.start(place, 1) for place in range(len(key.symbols))]
        assert places == sorted(places)
        assert all(0 <= place < len(text) for place in places)


def test_the_plain_form_is_its_own() -> None:
    plain = alphabet().plain
    assert (plain[plain] == plain).all()
