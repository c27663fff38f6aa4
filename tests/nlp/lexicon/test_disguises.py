"""Hits through disguises, with the reasons that keep some from counting."""

from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.lexicon import COLUMNS, MODERATION, Lexicon, load_lexicon, parse_tables
from tests.support.evasion_suite import cases

ROWS = (
    "lex_boom\t爆炸\tinjury\t5\tsafety_incident\t\t\t爆炸头|信息大爆炸\t爆炸了\t爆炸头\t",
    "lex_phone\t手机爆炸\tinjury\t5\tsafety_incident\t\t\t\t手机爆炸\t手机\t",
    "lex_leak\t泄露\tprivacy_leak\t4\tdata_privacy\t\tany(信息|数据)@4;not(剧情)@6\t\t信息泄露\t泄露\t",
    "lex_kick\t踢皮球\tcomplaint\t2\tservice_aftersales\t\tbefore_not(段子)@6\t\ta\tb\t",
    "lex_exact\tABC公司\tfraud\t1\t\texact\t\t\tABC公司\tabc公司\t",
    "lex_bet\t百家乐\tgambling\t4\t\t\t\t\t百家乐\t百家\t",
    "lex_hemp\t大麻\tdrugs\t5\t\t\tany(出售)@6;not(警方)@6\t\t大麻出售\t大麻\t",
    "lex_scam\tscam\tfraud\t3\t\t\t\t\tscam\tno\t",
)
INNOCENT = Path(__file__).parent.parent / "evasion" / "innocent.tsv"


MATCHER = Lexicon(parse_tables([("t.tsv", "\n".join(("\t".join(COLUMNS), *ROWS)).encode())]))


def reasons(text: str) -> list[tuple[str, str | None]]:
    return [(hit.surface, hit.suppressed_by) for hit in MATCHER.match(text)]


def test_a_hit_carries_its_entry_and_place() -> None:
    (hit,) = MATCHER.match("昨天充电宝爆*炸了")
    assert (hit.entry_id, hit.start, hit.end, hit.surface) == ("lex_boom", 5, 8, "爆*炸")
    assert (hit.term, hit.category, hit.severity) == ("爆炸", "injury", 5)
    assert (hit.scenario, hit.evasion, hit.suppressed_by) == ("safety_incident", "inserted", None)


@pytest.mark.parametrize(
    ("text", "evasion"),
    [("爆\u200b炸", "zero_width"), ("ｓcam", "width"), ("SCAM", "case"), ("scam", None)],
)
def test_what_the_normal_form_undoes_is_named_as_before(text: str, evasion: str | None) -> None:
    (hit,) = MATCHER.match(text)
    assert hit.evasion == evasion


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("烫了个爆炸头", [("爆炸", "allow:爆炸头")]),
        ("scams", [("scam", "boundary")]),
        ("剧情泄露", [("泄露", "context:any(信息|数据)@4")]),
        ("数据泄*露", [("泄*露", None)]),
        ("数据泄露，剧情", [("泄露", "context:not(剧情)@6")]),
        ("段子：踢皮球", [("踢皮球", "context:before_not(段子)@6")]),
        ("踢皮球段子", [("踢皮球", None)]),
        ("没有爆炸", [("爆炸", "negation:没有")]),
        ("手机爆炸", [("手机爆炸", None), ("爆炸", "covered:lex_phone")]),
        ("ABC公司", [("ABC公司", None)]),
        ("abc公司", []),
        ("A*BC公司", []),
        ("㎏百*家乐", [("百*家乐", None)]),
        ("哈哈哈哈百百百家乐", [("百家乐", None)]),
        ("太平", []),
    ],
)
def test_the_reasons(text: str, expected: list[tuple[str, str | None]]) -> None:
    assert reasons(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("吃大麻", "context:any(出售)@6"),
        ("吃大*麻", None),
        ("吃da麻", None),
        ("吃大广林", None),
        ("大，麻", "context:any(出售)@6"),
        ("警方查获大*麻", "context:not(警方)@6"),
    ],
)
def test_a_deliberate_disguise_needs_no_word_beside_it(text: str, reason: str | None) -> None:
    assert [why for _, why in reasons(text)] == [reason]


def test_a_batch_says_what_single_calls_say() -> None:
    texts = ["爆*炸", "", "太平", "佰家勒开户", "s c a m"]
    assert MATCHER.match_batch(texts) == [MATCHER.match(text) for text in texts]


@settings(max_examples=200)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [*"爆炸手机百家乐佰勒泄露 *，\n", "\u200b", "scam", "🈶", "ﬁ", "\ud800"]
            ),
            st.characters(),
        ),
        max_size=25,
    ).map("".join)
)
def test_the_surface_is_the_text_at_the_span(text: str) -> None:
    for hit in MATCHER.match(text):
        assert text[hit.start : hit.end] == hit.surface


def test_a_tone_figure_is_no_part_of_the_word() -> None:
    (hit,) = MATCHER.match("bai3 jia1 le4")
    assert (hit.surface, hit.suppressed_by) == ("bai3 jia1 le", None)


def _is_found(hits: list[tuple[str, str | None]], entry_id: str) -> bool:
    return any(
        found == entry_id and (reason is None or reason.startswith("covered:"))
        for found, reason in hits
    )


def test_disguises_are_found() -> None:
    whole = load_lexicon()
    made = list(cases(whole.entries, each=40))
    missed = [
        (case.technique, case.surface, case.entry.term)
        for case in made
        if not _is_found(
            [(hit.entry_id, hit.suppressed_by) for hit in whole.match(case.text)], case.entry.id
        )
    ]
    assert len(made) > 500
    assert len(missed) <= len(made) // 100, missed


def test_innocent_texts_pass() -> None:
    whole = load_lexicon()
    lines = [line.split("\t")[1] for line in INNOCENT.read_text("utf-8").splitlines()[1:]]
    wrong = [
        (text, hit.term, hit.evasion)
        for text in lines
        for hit in whole.match(text)
        if hit.suppressed_by is None and hit.category in MODERATION
    ]
    assert len(lines) >= 300
    assert len(wrong) <= len(lines) // 100, wrong


def test_a_large_lexicon_is_built_quickly() -> None:
    load_lexicon()
    characters = [chr(0x4E00 + 7 * place) for place in range(2_400)]
    words = [
        "".join(characters[(place * step + step) % len(characters)] for step in (1, 7, 31, 5))
        for place in range(2_400)
    ]
    rows = (f"lex_{i}\t{word}\tfraud\t3\t\t\t\t\ta\tb\t" for i, word in enumerate(words))
    content = "\n".join(("\t".join(COLUMNS), *rows)).encode()
    entries = parse_tables([("t.tsv", content)])
    before = process_time()
    Lexicon(entries)
    assert process_time() - before < 3
