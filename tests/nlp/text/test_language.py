"""Languages by script."""

import pytest

from nlp.text.language import Language, detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("这家店的奶茶很好喝", Language.ZH),
        ("我买了iPhone 15 Pro Max，屏幕碎了", Language.ZH),
        ("美味しいお茶を飲みました", Language.JA),
        ("超の好喝的奶茶推荐给大家", Language.ZH),
        ("한국어 텍스트입니다", Language.KO),
        ("The bottle exploded in my hand", Language.EN),
        ("naïve café", Language.OTHER),
        ("Это бутылка", Language.OTHER),
        ("12345 !!!", Language.UND),
        ("", Language.UND),
        ("😀😀", Language.UND),
        ("“Hello” – said nobody", Language.EN),
        ("https://example.test/abcdefghijklmnopqrstuvwxyzabcdefghijklmn 投诉了", Language.ZH),
    ],
)
def test_language(text: str, language: Language) -> None:
    assert detect_language(text) is language
