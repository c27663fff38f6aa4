"""Matching: order, gaps, scopes, guards, needs, and spans of the original."""

from __future__ import annotations

from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.patterns import PatternHit, PatternSet, compile_patterns, load_patterns
from nlp.patterns.matcher import MAX_HITS
from nlp.text.normalizer import normalize

SHIPPED = load_patterns()


def build(rules: str, *, head: str = "", guards: str = "") -> PatternSet:
    body = (
        "id: p\ntitle: {zh: 甲, en: A}\nseverity: 3\n"
        f"{head}\n"
        "classes:\n  will: [要]\n  go: {words: [走], allow: [走路]}\n  he: [他]\n  i: [我]\n"
        f"  ask: [吗]\n  sad: [难过]\n  quote: []\nguards:\n  none: {{of: he}}\n{guards}"
        f"rules:\n{rules}"
        "examples: {positive: [], negative: []}\n"
    )
    return compile_patterns([("p.yaml", body.encode())])


def found(patterns: PatternSet, text: str) -> list[str]:
    return [hit.surface for hit in patterns.match(normalize(text)) if hit.suppressed_by is None]


def only(patterns: PatternSet, text: str) -> PatternHit:
    (hit,) = patterns.match(normalize(text))
    return hit


def test_slots_in_order_within_their_gap() -> None:
    patterns = build("  - {id: r, form: '@i ~2 @go*'}\n")

    assert found(patterns, "我现在走") == ["我现在走"]
    assert found(patterns, "我现在就走") == []
    assert found(patterns, "走我") == []


def test_any_order() -> None:
    patterns = build("  - {id: r, form: '@i ~2 @go*', any_order: true}\n")

    assert found(patterns, "走了我") == ["走了我"]


def test_the_tightest_chain_is_taken() -> None:
    patterns = build("  - {id: r, form: '@i ~9 @go*'}\n")

    assert found(patterns, "我和我走") == ["我走"]


def test_a_chain_does_not_leave_its_scope() -> None:
    clause = build("  - {id: r, form: '@i ~9 @go*', scope: clause}\n")
    sentence = build("  - {id: r, form: '@i ~9 @go*'}\n")
    text = build("  - {id: r, form: '@i ~9 @go*', scope: text}\n")

    assert [bool(found(p, "我，走")) for p in (clause, sentence, text)] == [False, True, True]
    assert [bool(found(p, "我。走")) for p in (clause, sentence, text)] == [False, False, True]
    assert [bool(found(p, "我#走")) for p in (clause, sentence, text)] == [False, False, False]


def test_a_word_inside_an_allowed_word_fills_no_slot() -> None:
    assert found(build("  - {id: r, form: '@i @go*'}\n"), "我走路") == []


def test_a_guard_before_the_anchor_names_its_word() -> None:
    patterns = build(
        "  - {id: r, form: '@go*'}\n",
        head="unless: [other]",
        guards="  other: {of: he, scope: clause, within: 2}\n",
    )

    assert only(patterns, "他要走").suppressed_by == "other:他"
    assert found(patterns, "他现在要走") == ["走"]
    assert found(patterns, "他，走") == ["走"]
    assert found(patterns, "走他") == ["走"]


@pytest.mark.parametrize(
    ("where", "caught", "free"),
    [("after", "走吗", "吗走"), ("around", "吗走", "啊走"), ("inside", "我吗走", "吗我走")],
)
def test_where_a_guard_looks(where: str, caught: str, free: str) -> None:
    form = "@i ~3 @go*" if where == "inside" else "@go*"
    patterns = build(
        f"  - {{id: r, form: '{form}'}}\n",
        head="unless: [asked]",
        guards=f"  asked: {{of: ask, where: {where}, scope: text}}\n",
    )

    assert found(patterns, caught) == []
    assert found(patterns, free) != []


def test_around_takes_the_far_side_when_the_near_one_is_too_far() -> None:
    patterns = build(
        "  - {id: r, form: '@go*'}\n",
        head="unless: [asked]",
        guards="  asked: {of: ask, where: around, scope: text, within: 1}\n",
    )

    assert only(patterns, "吗啊啊啊走吗").suppressed_by == "asked:吗"
    assert found(patterns, "吗啊啊走啊啊吗") == ["走"]


def test_around_counts_what_stands_in_the_anchor() -> None:
    patterns = build(
        "  - {id: r, form: 走吗*}\n",
        head="unless: [asked]",
        guards="  asked: {of: ask, where: around}\n",
    )

    assert only(patterns, "走吗").suppressed_by == "asked:吗"


def test_over_is_a_longer_stretch_around_the_anchor() -> None:
    patterns = build(
        "  - {id: r, form: '@go*'}\n",
        head="expressions: {book: '《[^》]+》'}\nunless: [title]",
        guards="  title: {of: book, where: over}\n",
    )

    assert only(patterns, "看《走天涯》").suppressed_by == "title:《走天涯》"
    assert found(patterns, "看《天涯》走") == ["走"]


def test_a_guard_is_lifted_between_or_in_a_scope() -> None:
    between = build(
        "  - {id: r, form: '@go*'}\n",
        head="unless: [other]",
        guards="  other: {of: he, lifted_by: i}\n",
    )
    anywhere = build(
        "  - {id: r, form: '@go*'}\n",
        head="unless: [other]",
        guards="  other: {of: he, lifted_by: sad, lifted_in: text}\n",
    )

    assert found(between, "他说我走") == ["走"]
    assert found(between, "我说他走") == []
    assert found(anywhere, "他走。难过") == ["走"]


def test_a_rule_may_add_and_ignore_guards() -> None:
    patterns = build(
        "  - {id: free, form: '@i @go*', ignore: [other]}\n"
        "  - {id: strict, form: '@will @go*', unless: [asked]}\n",
        head="unless: [other]",
        guards="  other: {of: he}\n  asked: {of: ask, where: after}\n",
    )

    assert found(patterns, "他让我走") == ["我走"]
    assert found(patterns, "要走吗") == []


def test_needs_must_stand_there_and_are_no_guards() -> None:
    patterns = build("  - {id: r, form: '@go*', needs: [{of: sad, where: around, scope: text}]}\n")

    assert patterns.match(normalize("走")) == ()
    assert found(patterns, "走。难过") == ["走"]


def test_one_that_counts_hides_a_suppressed_one_in_the_same_place() -> None:
    patterns = build(
        "  - {id: a, form: '@will @go*', unless: [other]}\n  - {id: b, form: '@go*'}\n",
        guards="  other: {of: he}\n",
    )

    assert [(hit.rule, hit.suppressed_by) for hit in patterns.match(normalize("他要走"))] == [
        ("b", None)
    ]


def test_the_longer_of_two_that_start_together_is_kept() -> None:
    patterns = build("  - {id: a, form: '@go*'}\n  - {id: b, form: '@go* ~3 @ask'}\n")

    assert found(patterns, "走了吗") == ["走了吗"]


def test_spans_are_of_the_original() -> None:
    text = "😀我\u200b要\u200b　走！"
    hit = only(build("  - {id: r, form: '@i ~2 @will ~2 @go*'}\n"), text)

    assert text[hit.start : hit.end] == hit.surface == "我\u200b要\u200b　走"


def test_a_hundred_thousand_repeats_end_soon_with_a_bounded_answer() -> None:
    for unit in ("再不退款我就曝光你们,", "我不会曝光你们,", "曝光", "加微信"):
        hits = SHIPPED.match(normalize(unit * (100_000 // len(unit))))
        assert len(hits) <= 2 * MAX_HITS * len(SHIPPED.patterns)


def test_what_counts_is_found_behind_many_that_do_not() -> None:
    text = "我不会曝光你们。" * 500 + "再不退款我就曝光你们"

    assert [hit for hit in SHIPPED.match(normalize(text)) if hit.suppressed_by is None]


def test_a_text_without_an_anchor_is_not_read() -> None:
    assert SHIPPED.match(normalize("今天天气不错")) == ()
    assert SHIPPED.match(normalize("")) == ()


def test_threads_share_a_set() -> None:
    text = normalize("再不退款我就曝光你们，加微信abc12345领取优惠")
    expected = SHIPPED.match(text)
    answers: list[tuple[PatternHit, ...]] = []
    threads = [Thread(target=lambda: answers.append(SHIPPED.match(text))) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers == [expected] * 4


PIECES = [
    "再不",
    "退款",
    "我",
    "就",
    "曝光",
    "你们",
    "，",
    "。",
    "#",
    "//@",
    "他说",
    "不会",
    "吗？",
]
PIECES += [
    "加",
    "微信",
    "abc123",
    "自杀",
    "想",
    "\u200b",
    "😀",
    "\ud800",
    "《",
    "》",
    " ",
    "ａ",
    "12315",
]


@settings(max_examples=150)
@given(st.one_of(st.text(), st.lists(st.sampled_from(PIECES), max_size=30).map("".join)))
def test_any_text_is_answered_with_true_spans(text: str) -> None:
    hits = SHIPPED.match(normalize(text))

    assert all(text[hit.start : hit.end] == hit.surface != "" for hit in hits)
    assert hits == SHIPPED.match(normalize(text))
    assert list(hits) == sorted(hits, key=lambda hit: (hit.start, hit.end, hit.pattern))
