"""What a post itself says."""

import pytest

from nlp.spread.core_text import compared, core_text, letters, quoted_names, without_asides
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


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("太气人//@路人甲:这家店不退款//@乙:是", "太气人这家店不退款是"),
        ("这家店不退款//@路人甲:太气人", "这家店不退款"),
        ("转发微博//@路人甲:这家店不退款//@乙:", "这家店不退款"),
        ("轉發微博", ""),
    ],
)
def test_fewer_words_than_what_they_quote_are_compared_with_it(text: str, words: str) -> None:
    assert letters(compared(normalize(text).text)) == words


def test_quoted_names_are_those_of_the_chain() -> None:
    text = normalize("哈哈 @路过 //@风起-长林:看看//@Olive小鹿 ：退款").text
    assert quoted_names(text) == ("风起-长林", "olive小鹿")
    assert quoted_names("没有") == ()


def test_hashtags_and_emoticons_count_only_when_nothing_else_is_said() -> None:
    assert letters(without_asides("#澄屿青柚茶#难喝#澄屿#")) == "难喝"
    assert without_asides("#澄屿青柚茶#!") == "#澄屿青柚茶#!"
    assert letters(without_asides("[泪]退款[公告 一二三四五六][允悲]")) == "退款公告一二三四五六"
    assert letters(without_asides("难喝 #澄屿青")) == "难喝"
    assert letters(without_asides("c#真难学")) == "c真难学"
