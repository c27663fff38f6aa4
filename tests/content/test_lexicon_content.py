"""The shipped lexicon, checked entry by entry against the shipped engine."""

from __future__ import annotations

from collections import Counter

import pytest

from nlp.lexicon import Entry, load_lexicon
from nlp.lexicon.categories import CATEGORIES, CRISIS, MODERATION
from nlp.text.normalizer import normalize

LEXICON = load_lexicon()


def counted(text: str) -> set[str]:
    """Ids of the entries that hit the text and were not suppressed."""
    return {hit.entry_id for hit in LEXICON.match(normalize(text)) if hit.suppressed_by is None}


def found(text: str) -> set[str]:
    """Ids that hit, including those that a longer entry of the same category covers."""
    return {
        hit.entry_id
        for hit in LEXICON.match(normalize(text))
        if hit.suppressed_by is None or hit.suppressed_by.startswith("covered:")
    }


def by_category() -> Counter[str]:
    return Counter(entry.category for entry in LEXICON.entries)


@pytest.mark.parametrize("entry", LEXICON.entries, ids=lambda entry: f"{entry.id}:{entry.term}")
def test_every_hit_example_hits(entry: Entry) -> None:
    silent = [text for text in entry.hits if entry.id not in found(text)]

    assert silent == []


@pytest.mark.parametrize("entry", LEXICON.entries, ids=lambda entry: f"{entry.id}:{entry.term}")
def test_no_miss_example_hits(entry: Entry) -> None:
    noisy = [text for text in entry.misses if entry.id in found(text)]

    assert noisy == []


def test_every_category_of_the_contract_has_entries() -> None:
    assert set(by_category()) == CATEGORIES


def test_crisis_categories_are_deep_enough() -> None:
    counts = by_category()

    assert {name: counts[name] for name in CRISIS if counts[name] < 12} == {}


def test_moderation_categories_are_deep_enough() -> None:
    counts = by_category()

    assert {name: counts[name] for name in MODERATION if counts[name] < 5} == {}


def test_no_term_stands_in_two_categories() -> None:
    places = Counter(entry.normal for entry in LEXICON.entries)

    assert [term for term, count in places.items() if count > 1] == []


def test_moderation_entries_name_no_scenario() -> None:
    """Moderation words judge a post, not a brand's crisis."""
    wrong = [
        entry.id
        for entry in LEXICON.entries
        if entry.category in MODERATION and entry.scenario is not None
    ]

    assert wrong == []


def test_every_entry_says_why_it_is_there() -> None:
    assert [entry.id for entry in LEXICON.entries if not entry.note] == []


@pytest.mark.parametrize(
    "text",
    [
        "下班路上买了瓶青柚茶，酸酸甜甜的，心情好了一半。",
        "请问客服电话是多少？想咨询一下退款流程。",
        "投诉电话写在小票背面，店员态度很好。",
        "今天体检抽血，医生说一切正常，可以吃早饭了。",
        "新店开业，第二件半价，欢迎来玩～",
        "这集太虐了，哭得我想给编剧寄刀片哈哈哈",
        "超市里冰柜摆了一整排新包装，颜色真温柔。",
        "Nice tea, not too sweet, would drink again.",
    ],
)
def test_ordinary_talk_is_quiet(text: str) -> None:
    assert counted(text) == set()


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("孩子喝了一口，嘴唇被割破了，满嘴是血！！", "injury"),
        ("瓶子底下全是玻璃渣，這種東西也敢賣給孩子喝？", "contamination"),
        ("客服拒绝退款，我已经打了12315投诉", "refund_refusal"),
        ("客服拒绝退款，我已经打了12315投诉", "regulator"),
        ("拉了个维权群，同批次的都进来", "collective_action"),
        ("加我VX详聊，一比一高仿", "diversion"),
    ],
)
def test_plain_complaints_are_heard(text: str, category: str) -> None:
    categories = {entry.id: entry.category for entry in LEXICON.entries}

    assert category in {categories[entry_id] for entry_id in counted(text)}
