"""Word boundaries."""

import pytest

from nlp.text.boundary import stands_alone


@pytest.mark.parametrize(
    ("text", "word", "alone"),
    [
        ("happy", "app", False),
        ("the app is", "app", True),
        ("我的app坏了", "app", True),
        ("apps", "app", False),
        ("手机爆炸了", "爆炸", True),
        ("13156", "315", False),
        ("打12315热线", "12315", True),
        ("my_app", "app", False),
        ("app", "app", True),
        ("c++11", "c++", True),
        ("삼성전자가", "삼성전자", True),
    ],
)
def test_a_word_stands_alone(text: str, word: str, alone: bool) -> None:
    start = text.index(word)
    assert stands_alone(text, start, start + len(word)) is alone
