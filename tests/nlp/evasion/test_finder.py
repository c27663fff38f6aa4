"""Terms found whatever hides them, one technique a test, and what must not be found."""

from concurrent.futures import ThreadPoolExecutor
from itertools import islice, product
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.evasion import Finder, Occurrence, Technique
from nlp.evasion.tables import load_tables

TERMS = (
    "赌博 百家乐 加微信 诈骗 刷单返利 强奸 傻逼 大麻 你妈死了 操你妈 鸡巴 线上赌场 兼职 毒品 "
    "代开发票 枪支 裸聊 妈妈贷 人人贷 囤积居奇 捏造事实 一夜情"
)
LATIN = ("fuck you", "escort service", "casino", "sb", "996", "加v领", "v❤", "c语言外挂")
NAMES = (*TERMS.split(), *LATIN, "嶶信")
FINDER = Finder(tuple((term, True) for term in NAMES))


def found(text: str) -> list[tuple[str, str, Technique | None]]:
    """(term, surface, technique) of what counts, by place."""
    items = FINDER.find((text,)).get(0, [])
    counted = sorted((item for item in items if item.ordinary is None), key=lambda item: item.start)
    return [(NAMES[item.term], text[item.start : item.end], item.technique) for item in counted]


@pytest.mark.parametrize(
    ("text", "term", "surface", "technique"),
    [
        ("去赌博了", "赌博", "赌博", None),
        ("去賭博了", "赌博", "賭博", None),
        ("赌\u200b\u202e博", "赌博", "赌\u200b\u202e博", None),
        ("赌\u0336博\u0336", "赌博", "赌\u0336博", None),
        ("赌*博网", "赌博", "赌*博", Technique.INSERTED),
        ("百😂家  乐", "百家乐", "百😂家  乐", Technique.INSERTED),
        ("百1家2乐", "百家乐", "百1家2乐", Technique.INSERTED),
        ("百\n家\n乐", "百家乐", "百\n家\n乐", Technique.VERTICAL),
        ("看\n赌\n博\n", "赌博", "赌\n博", Technique.VERTICAL),
        ("百家家家家乐", "百家乐", "百家家家家乐", Technique.REPEAT),
        ("佰家勒开户", "百家乐", "佰家勒", Technique.HOMOPHONE),
        ("他们炸骗老人", "诈骗", "炸骗", Technique.HOMOPHONE),
        ("去赌搏吧", "赌博", "赌搏", Technique.HOMOPHONE),
        ("线上睹场", "线上赌场", "线上睹场", Technique.HOMOPHONE),
        ("代丌发票", "代开发票", "", None),
        ("弓虽奸犯", "强奸", "弓虽奸", Technique.SPLIT),
        ("弓虽女干犯", "强奸", "弓虽女干", Technique.SPLIT),
        ("力口彳微亻言", "加微信", "力口彳微亻言", Technique.SPLIT),
        ("届刂单返利", "刷单返利", "届刂单返利", Technique.SPLIT),
        ("木仓蜘", "枪支", "木仓蜘", Technique.SPLIT),
        ("贝者博网", "赌博", "贝者博", Technique.SPLIT),
        ("加徽信", "加微信", "加徽信", Technique.LOOK_ALIKE),
        ("已诈編", "诈骗", "诈編", Technique.LOOK_ALIKE),
        ("fuсk yоu", "fuck you", "fuсk yоu", Technique.LOOK_ALIKE),
        ("fuck y0u", "fuck you", "fuck y0u", Technique.LEET),
        ("c@sino now", "casino", "c@sino", Technique.LEET),
        ("c.a.s.i.n.o", "casino", "c.a.s.i.n.o", Technique.INSERTED),
        ("ca*sino", "casino", "ca*sino", Technique.INSERTED),
        ("zha骗钱", "诈骗", "zha骗", Technique.PINYIN),
        ("jia wei xin", "加微信", "jia wei xin", Technique.PINYIN),
        ("jiaweixin", "加微信", "jiaweixin", Technique.PINYIN),
        ("jiā wēi xìn", "加微信", "jiā wēi xìn", Technique.PINYIN),
        ("j i a w e i x i n", "加微信", "j i a w e i x i n", Technique.PINYIN),
        ("赌愽", "赌博", "赌愽", Technique.HOMOPHONE),
        ("🐥巴", "鸡巴", "🐥巴", Technique.EMOJI),
        ("🅵🅤🅒🅚 you", "fuck you", "🅵🅤🅒🅚 you", Technique.LOOK_ALIKE),
        ("🇫🇺🇨🇰 you", "fuck you", "🇫🇺🇨🇰 you", Technique.EMOJI),
        ("fvck you", "fuck you", "fvck you", Technique.LEET),
        ("百*家*家*家*家*乐", "百家乐", "百*家*家*家*家*乐", Technique.INSERTED),
        ("你 这 个 傻 。 逼", "傻逼", "傻 。 逼", Technique.INSERTED),
        ("你这个傻…逼玩意", "傻逼", "傻…逼", Technique.INSERTED),
        ("捏，造，事，实", "捏造事实", "捏，造，事，实", Technique.INSERTED),
        ("操尼玛", "操你妈", "操尼玛", Technique.SLANG),
        ("诈pian", "诈骗", "诈pian", Technique.PINYIN),
        ("jia v领", "加v领", "jia v领", Technique.PINYIN),
        ("niezaoshishi", "捏造事实", "niezaoshishi", Technique.PINYIN),
        ("tunjijuqi", "囤积居奇", "tunjijuqi", Technique.PINYIN),
        ("你是nmsl吧", "你妈死了", "nmsl", Technique.INITIALS),
        ("加vx看", "加微信", "加vx", Technique.INITIALS),
        ("你🐴死了", "你妈死了", "你🐴死了", Technique.EMOJI),
        ("🐔巴", "鸡巴", "🐔巴", Technique.EMOJI),
        ("加威信", "加微信", "加威信", Technique.SLANG),
        ("珈微訫", "加微信", "珈微訫", Technique.MARTIAN),
        ("博赌网站", "赌博", "博赌", Technique.REVERSED),
        ("嶶信", "嶶信", "嶶信", Technique.MARTIAN),
        ("妈妈贷", "妈妈贷", "妈妈贷", None),
        ("人入贷", "人人贷", "人入贷", Technique.LOOK_ALIKE),
    ],
)
def test_it_is_found(text: str, term: str, surface: str, technique: Technique | None) -> None:
    if not surface:
        assert found(text) == []
    else:
        assert (term, surface, technique) in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "他太傻，逼着自己熬夜",
        "很傻 逼着自己",
        "他很傻。逼他也没用",
        "惹了大麻烦",
        "那一夜情况紧急",
        "单位里很有威信",
        "微信号",
        "赌|||||博",
        "妈贷",
        "价格99.6元",
        "9 9 6",
        "the cas in o sea",
        "会员编号s8",
        "女子排球",
        "病毒",
        "兼之",
        "渎职",
        "傻 逼着自己学",
        "Wei Xin 来自杭州，Du Bo 也是",
        "喝了两个月中药",
        "🏠",
        "甲、赌、博、乙",
        "谢谢ni ma",
        "捏造，事实不清",
    ],
)
def test_it_is_not_found(text: str) -> None:
    assert found(text) == []


def test_an_ordinary_word_is_named() -> None:
    (item,) = FINDER.find(("惹了大麻烦",))[0]
    assert (item.technique, item.ordinary) == (None, "麻烦")


def test_a_term_that_is_not_to_be_disguised_is_found_as_written_only() -> None:
    finder = Finder((("百家乐", False),))
    assert finder.find(("百家乐", "百*家乐", "佰家乐")) == {0: [Occurrence(0, 0, 3, None, None)]}


def test_a_batch_finds_what_single_texts_do() -> None:
    texts = ["去赌*博", "平安", "", "弓虽奸", "jia wei xin", "ﬁne 百家乐", "🐔巴", "赌博"]
    batch = FINDER.find(texts)
    alone = {place: FINDER.find((text,)) for place, text in enumerate(texts)}
    assert batch == {place: found[0] for place, found in alone.items() if found}


def test_a_term_does_not_reach_over_the_end_of_a_text() -> None:
    assert FINDER.find(("赌", "博", "zha", "骗")) == {}


def test_ligatures_and_units_keep_the_places_right() -> None:
    text = "㎏ﬁ赌*博"
    assert found(text) == [("赌博", "赌*博", Technique.INSERTED)]


def test_no_terms_find_nothing() -> None:
    assert Finder(()).find(("赌博",)) == {}


PIECES = st.sampled_from(
    [
        *"赌博百家乐加微信弓虽女干贝者马扁鸡巴妈妈贷🐔❤",
        *"\u200b *，。\n\u0336\ud800ﬁ㎏ᄀ가é\U0010f000@90vx",
        *("zha", "jia", "wei", "sb", "fuck", "y0u"),
    ]
)


@settings(max_examples=150)
@given(st.lists(st.one_of(PIECES, st.characters()), max_size=30).map("".join))
def test_places_are_inside_any_text(text: str) -> None:
    for item in FINDER.find((text,)).get(0, []):
        assert 0 <= item.start < item.end <= len(text)


@settings(max_examples=60)
@given(st.lists(st.lists(PIECES, max_size=10).map("".join), max_size=5))
def test_a_text_is_read_the_same_in_any_company(texts: list[str]) -> None:
    batch = FINDER.find(texts)
    for place, text in enumerate(texts):
        assert batch.get(place, []) == FINDER.find((text,)).get(0, [])


def test_what_was_heard_is_judged_the_same_after_it_is_forgotten() -> None:
    tables = load_tables()
    alike = [
        [other for other, sounds in tables.readings.items() if sounds[0] in tables.readings[one]]
        for one in "赌博"
    ]
    texts = ["".join(pair) for pair in islice(product(*alike), 300)]
    first = [FINDER.find((text,)) for text in texts]
    assert [FINDER.find((text,)) for text in texts] == first
    assert any(first)


def test_what_is_folded_twice_is_a_letter() -> None:
    [(term, surface, _)] = found("fu\uabafk you")
    assert (term, surface) == ("fuck you", "fu\uabafk you")


def test_threads_share_it() -> None:
    texts = ["佰家勒开户 zha骗", "弓虽奸 🐔巴", "加徽信 fuck y0u"] * 20
    alone = [FINDER.find((text,)) for text in texts]
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(lambda text: FINDER.find((text,)), texts)) == alone


@pytest.mark.parametrize(
    "text",
    [
        "赌" + "\u0336" * 1_000_000 + "博",
        "赌" * 500_000,
        "赌博" * 30_000,
        "赌*" * 300_000,
        "a" * 500_000,
        "zhangan" * 60_000,
        "女子" * 200_000,
        "🐔" * 60_000,
        "@a" * 30_000,
    ],
    ids=["marks", "one", "terms", "noise", "letters", "pinyin", "parts", "emoji", "signs"],
)
def test_hostile_texts_take_bounded_time(text: str) -> None:
    before = process_time()
    FINDER.find((text,))
    assert process_time() - before < 20
