from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nlp.stories import headline_of
from nlp.stories.headline import LONGEST

TERMS = {"玻璃": 9.0, "割破": 7.0, "青柚茶": 4.0}


def test_the_sentence_that_tells_most_is_picked() -> None:
    text = "今天真是无语了！孩子喝青柚茶，嘴唇被玻璃割破。客服电话一直打不通，等了两个小时"

    found = headline_of([text], TERMS)

    assert found is not None
    assert found.words == "孩子喝青柚茶，嘴唇被玻璃割破。"


def test_a_heading_in_brackets_comes_without_them() -> None:
    found = headline_of(["【青柚茶里有玻璃】今天下午，记者来到超市"], TERMS)

    assert found is not None
    assert found.words == "青柚茶里有玻璃"


def test_of_equal_sentences_the_first_text_has_it() -> None:
    found = headline_of(["青柚茶里有玻璃！！", "青柚茶里有玻璃！！"], TERMS)

    assert found is not None
    assert found.text == 0


def test_what_is_quoted_is_not_looked_at() -> None:
    found = headline_of(["太可怕了吧这个//@某人:青柚茶里有玻璃割破嘴"], TERMS)

    assert found is not None
    assert found.words == "太可怕了吧这个"


def test_a_long_sentence_is_cut_at_a_pause() -> None:
    found = headline_of(["玻璃" + "啊" * 20 + "，" + "割破" * 40], TERMS)

    assert found is not None
    assert found.words == "玻璃" + "啊" * 20


def test_short_and_empty_texts() -> None:
    assert headline_of([], TERMS) is None
    assert headline_of(["", " \n"], TERMS) is None
    found = headline_of(["", "好吃"], TERMS)
    assert found is not None
    assert (found.text, found.words) == (1, "好吃")


@given(st.lists(st.text(max_size=200), max_size=4))
def test_it_is_always_a_piece_of_its_text(texts: list[str]) -> None:
    found = headline_of(texts, {"a": 1.0})

    if found is not None:
        assert found.words in texts[found.text]
        assert len(found.words) <= LONGEST
