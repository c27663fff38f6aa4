"""What a negation denies."""

import pytest

from nlp.lexicon.negation import load_negation


@pytest.mark.parametrize(
    ("before", "word"),
    [
        ("没有", "没有"),
        ("并没有发生", "并没有"),
        ("没有发生过任何", "没有"),
        ("未发现有", "未发现"),
        ("无", "无"),
        ("there was no ", "no"),
        ("有没有", None),
        ("没想到", None),
        ("不是没有", None),
        ("没有,", None),
        ("不小心", None),
        ("无缘无故", None),
        ("piano ", None),
        ("手机", None),
        ("", None),
    ],
)
def test_negation(before: str, word: str | None) -> None:
    assert load_negation().before(f"{before}爆炸", len(before)) == word
