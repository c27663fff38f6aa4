"""Lone surrogates on the way to native code."""

from nlp.text.encodable import encodable


def test_a_lone_surrogate_is_replaced_in_place() -> None:
    assert encodable("a\ud800b\udfff") == "a\ufffdb\ufffd"


def test_other_text_is_the_same_object() -> None:
    text = "爆炸😀"
    assert encodable(text) is text
