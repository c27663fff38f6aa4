"""The shipped lexicon, checked entry by entry against the shipped engine."""

from __future__ import annotations

from collections import Counter

import pytest

from nlp.lexicon import CATEGORIES, MODERATION, lint, load_lexicon

LEXICON = load_lexicon()


def counted(text: str) -> set[str]:
    """Ids of the entries that hit the text and were not suppressed."""
    return {hit.entry_id for hit in LEXICON.match(text) if hit.suppressed_by is None}


def by_category() -> Counter[str]:
    return Counter(entry.category for entry in LEXICON.entries)


def test_every_entry_does_what_its_examples_say() -> None:
    assert [str(issue) for issue in lint(LEXICON)] == []


def test_every_category_of_the_contract_has_entries() -> None:
    assert set(by_category()) == CATEGORIES


def test_the_lexicon_is_deep_enough() -> None:
    counts = by_category()

    assert len(LEXICON.entries) >= 2_400
    assert {name: count for name, count in counts.items() if count < 40} == {}


def test_a_term_in_two_categories_differs_in_severity_or_context() -> None:
    """A word may be a complaint and a crime: then one of the two asks for more, or weighs more."""
    said: dict[str, set[tuple[object, ...]]] = {}
    for entry in LEXICON.entries:
        said.setdefault(entry.normal, set()).add(
            (entry.severity, entry.requires_any, entry.requires_not, entry.allow)
        )
    counts = Counter(entry.normal for entry in LEXICON.entries)

    assert [term for term, count in counts.items() if count > len(said[term])] == []


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


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("你这个傻逼听懂没有", "abuse"),
        ("女人都是母狗，只配生孩子", "hate"),
        ("niggers go home", "hate"),
        ("色情直播间今晚十点", "sexual"),
        ("德州扑克约局，线上俱乐部", "gambling"),
        ("笑气批发，十箱起送", "drugs"),
        ("征信洗白，先做后付", "fraud"),
        ("雇凶买命，只问价不问人", "violence"),
        ("怎么死才不疼，认真问", "self_harm"),
        ("加我赖，ID跟昵称一样", "diversion"),
        ("各平台白号批发，量大从优", "spam"),
        ("Fake passports, fast shipping", "illegal_trade"),
        ("全球最好喝的拿铁，今日半价", "ad_absolute"),
        ("我们的孢子粉让肿瘤消失", "medical_claim"),
        ("跟我买，亏了算我的", "finance_claim"),
    ],
)
def test_plain_offers_and_attacks_are_found(text: str, category: str) -> None:
    categories = {entry.id: entry.category for entry in LEXICON.entries}

    assert category in {categories[entry_id] for entry_id in counted(text)}


@pytest.mark.parametrize(
    "text",
    [
        "看了三家医院都说我这鼻炎没法断根，只能控制",
        "任何承诺保本高收益的都是骗局",
        "反诈中心进校园，教我们识别刷单返利的套路",
        "赵嫖姚是霍去病的官称",
        "时时彩排到晚上十点，演员们辛苦了",
        "把黑人叫“黑鬼”是赤裸裸的种族歧视",
        "动物园的草泥马真可爱",
        "急救课学了怎么给割腕的伤者止血包扎",
        "治疗新冠的中药效果显著",
        "公司就三个本地的，外地人都被隔离了",
    ],
)
def test_talk_about_it_is_quiet(text: str) -> None:
    categories = {entry.id: entry.category for entry in LEXICON.entries}

    assert {categories[entry_id] for entry_id in counted(text)} & MODERATION == set()
