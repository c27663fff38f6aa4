"""Keys of a text and the way back."""

from hypothesis import given
from hypothesis import strategies as st

from nlp.evasion.alphabet import DIGIT, IDEOGRAPH, INVISIBLE, LETTER, NOISE, PAUSE, alphabet
from nlp.evasion.scan import Scan


def test_the_plain_form_undoes_single_characters() -> None:
    assert Scan("賭Ａа莪é\u200b", alphabet()).plain[:5] == "赌aa我e"


def test_each_place_has_a_kind() -> None:
    kinds = Scan("赌a1*，\u200b\u0336", alphabet()).kinds
    assert list(kinds) == [IDEOGRAPH, LETTER, DIGIT, NOISE, PAUSE, INVISIBLE, INVISIBLE]


def test_noise_is_in_no_key() -> None:
    text = Scan("*赌* 1博。", alphabet())
    assert len(text.skeleton().symbols) == 3
    assert len(text.sound().symbols) == 2


def test_homophones_share_a_symbol() -> None:
    assert Scan("赌搏", alphabet()).sound().symbols == Scan("堵驳", alphabet()).sound().symbols


def test_look_alikes_share_a_symbol() -> None:
    assert (
        Scan("未日0", alphabet()).skeleton().symbols == Scan("末曰o", alphabet()).skeleton().symbols
    )


def test_a_run_starts_with_its_last_members() -> None:
    key = Scan("赌赌赌博", alphabet()).skeleton()
    assert [key.start(0, count) for count in (1, 2, 3, 4)] == [2, 1, 0, -1]
    assert key.end(1) == 4


def test_a_run_of_one_has_no_more() -> None:
    key = Scan("赌博", alphabet()).skeleton()
    assert (key.start(0, 1), key.start(0, 2), key.end(1), key.letters) == (0, -1, 2, "赌博")


@given(st.text(max_size=40))
def test_every_symbol_has_a_place(text: str) -> None:
    for key in (Scan(text, alphabet()).skeleton(), Scan(text, alphabet()).sound()):
        places = [key.start(place, 1) for place in range(len(key.symbols))]
        assert places == sorted(places)
        assert all(0 <= place < len(text) for place in places)


def test_the_plain_form_is_its_own() -> None:
    plain = alphabet().plain
    assert (plain[plain] == plain).all()
