"""Lexicon hits and why some do not count."""

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.analysis import Hit
from nlp.evasion import Technique
from nlp.lexicon import COLUMNS, Lexicon, load_lexicon, parse_tables
from nlp.text.normalizer import normalize

ROWS = (
    "lex_boom\t爆炸\tinjury\t5\tsafety_incident\t\t\t爆炸头|信息爆炸|信息大爆炸\t爆炸了\t爆炸头\t",
    "lex_phone\t手机爆炸\tinjury\t5\tsafety_incident\t\t\t\t手机爆炸\t手机\t",
    "lex_leak\t泄露\tprivacy_leak\t4\tdata_privacy\t\tany(信息|数据)@4;not(剧情)@6\t\t信息泄露\t泄露\t",
    "lex_queue\t客服踢皮球\tcomplaint\t2\tservice_aftersales\t\tbefore_not(段子)@6\t\ta\tb\t",
    "lex_app\tscam\tfraud\t3\t\t\t\t\tscam\tno\t",
    "lex_exact\tABC公司\tfraud\t1\t\texact\t\t\tABC公司\tabc公司\t",
    "lex_repeat\t坑坑洼洼\tquality_defect\t2\tproduct_quality\t\t\t\ta\tb\t",
)
LEXICON = Lexicon(parse_tables([("t.tsv", "\n".join(("\t".join(COLUMNS), *ROWS)).encode())]))


def match(text: str) -> tuple[Hit, ...]:
    return LEXICON.match(normalize(text))


def reasons(text: str) -> list[str | None]:
    return [hit.suppressed_by for hit in match(text)]


def test_a_hit_carries_its_entry_and_place() -> None:
    (hit,) = match("昨天充电宝爆炸了")
    assert (hit.entry_id, hit.start, hit.end, hit.surface) == ("lex_boom", 5, 7, "爆炸")
    assert (hit.category, hit.severity, hit.scenario) == ("injury", 5, "safety_incident")
    assert hit.evasion is None
    assert hit.suppressed_by is None


def test_a_hit_through_evasion_points_into_the_original() -> None:
    text = "充電寶，爆\u200b\u200b炸了"
    (hit,) = match(text)
    assert text[hit.start : hit.end] == hit.surface == "爆\u200b\u200b炸"
    assert hit.evasion == "zero_width"


def test_an_allowed_word_suppresses() -> None:
    assert reasons("他烫了个爆炸头") == ["allow:爆炸头"]
    assert reasons("信息大爆炸的年代") == ["allow:信息大爆炸"]


def test_an_allowed_word_elsewhere_does_not() -> None:
    assert reasons("爆炸头的人看见爆炸") == ["allow:爆炸头", None]


def test_a_required_word_must_be_near() -> None:
    assert reasons("用户信息被泄露") == [None]
    assert reasons("泄露了信息") == [None]
    assert reasons("泄露") == ["context:any(信息|数据)@4"]
    assert reasons("信息在很久以前就泄露") == ["context:any(信息|数据)@4"]


def test_a_forbidden_word_suppresses() -> None:
    assert reasons("剧情信息泄露") == ["context:not(剧情)@6"]
    assert reasons("信息泄露剧情") == ["context:not(剧情)@6"]


def test_a_forbidden_word_before_looks_only_before() -> None:
    assert reasons("段子:客服踢皮球") == ["context:before_not(段子)@6"]
    assert reasons("客服踢皮球的段子") == [None]


def test_a_negation_suppresses_where_it_makes_sense() -> None:
    assert reasons("现场没有发生爆炸") == ["negation:没有"]
    assert reasons("不是客服踢皮球") == [None]


def test_a_latin_term_wants_word_boundaries() -> None:
    assert reasons("a scam!") == [None]
    assert reasons("scampi") == ["boundary"]


def test_exact_wants_the_very_characters() -> None:
    assert [hit.entry_id for hit in match("举报ABC公司")] == ["lex_exact"]
    assert match("举报abc公司") == ()


def test_a_shorter_term_is_covered_by_a_longer_one_of_its_category() -> None:
    assert [(hit.entry_id, hit.suppressed_by) for hit in match("手机爆炸了")] == [
        ("lex_phone", None),
        ("lex_boom", "covered:lex_phone"),
    ]


def test_a_suppressed_longer_term_covers_nothing() -> None:
    assert reasons("没有手机爆炸") == ["negation:没有", None]


def test_of_two_severities_the_higher_that_counts_covers_the_other() -> None:
    rows = (
        "lex_low\t掉牙\tinjury\t2\t\t\t\t\t掉牙了\ta\t",
        "lex_high\t掉牙\tinjury\t4\t\t\tany(打人)@6\t\t打人掉牙\ta\t",
    )
    lexicon = Lexicon(parse_tables([("t.tsv", "\n".join(("\t".join(COLUMNS), *rows)).encode())]))

    def counted(text: str) -> list[str]:
        return [hit.entry_id for hit in lexicon.match(text) if hit.suppressed_by is None]

    assert counted("孩子掉牙了") == ["lex_low"]
    assert counted("打人掉牙") == ["lex_high"]


def test_text_without_terms_has_no_hits() -> None:
    assert match("今天天气不错") == ()


def test_stats_count_entries_by_category_and_severity() -> None:
    stats = LEXICON.stats()
    assert stats["version"] == LEXICON.version
    assert stats["active"] == len(ROWS)
    assert stats["categories"]["injury"] == {
        "entries": 2,
        "severity": {"1": 0, "2": 0, "3": 0, "4": 0, "5": 2},
    }


def test_the_version_follows_the_content() -> None:
    assert Lexicon(LEXICON.entries).version == LEXICON.version
    assert Lexicon(LEXICON.entries[1:]).version != LEXICON.version


def test_the_shipped_lexicon_loads_once() -> None:
    assert load_lexicon() is load_lexicon()
    assert len(load_lexicon().entries) >= 2_400


def test_an_empty_lexicon_finds_nothing() -> None:
    assert Lexicon(()).match(normalize("爆炸")) == ()


@settings(max_examples=200)
@given(
    st.lists(st.sampled_from(["爆", "炸", "手机", "頭", "\u200b", "scam", " ", "泄露", "\ud800"]))
)
def test_the_surface_is_the_original_at_the_span(pieces: list[str]) -> None:
    text = "".join(pieces)
    for hit in match(text):
        assert text[hit.start : hit.end] == hit.surface
        if hit.evasion not in set(Technique):
            assert normalize(hit.surface).text == normalize(hit.term).text


@settings(max_examples=100)
@given(
    st.lists(st.text(st.sampled_from("爆炸头手机泄露信息 \u200bsc*am頭"), max_size=12), max_size=4)
)
def test_a_batch_says_what_single_calls_say_with_a_normal_form_or_without(texts: list[str]) -> None:
    alone = [LEXICON.match(text) for text in texts]
    assert LEXICON.match_batch(texts) == alone
    assert LEXICON.match_batch([normalize(text) for text in texts]) == alone
