"""What a post itself says."""

import pytest

from nlp.spread.core_text import core_text
from nlp.text.normalizer import normalize


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("太气人了！//@路人甲:这家店不退款", "太气人了"),
        ("//@路人甲:这家店不退款", "这家店不退款"),
        ("转发微博//@路人甲:这家店不退款//@乙:原文", "这家店不退款"),
        ("轉發微博", ""),
        ("", ""),
        ("!!! 😀", ""),
        ("看这里 https://t.example/Ab1 @路人甲 不退款 O网页链接", "看这里不退款"),
        ("不退款...展开全文c", "不退款"),
        ("不退款L小黑屋的微博视频", "不退款"),
    ],
)
def test_core(text: str, core: str) -> None:
    assert core_text(normalize(text).text) == core
