"""What is wrong with entries beyond their parser and their examples."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlp.lexicon import COLUMNS, Entry, parse_tables
from nlp.lexicon.background import Background
from nlp.lexicon.quality import NO_MISSES, Flaw, faults

BACKGROUND = Background(posts=1000, counts={"投诉": 5, "我们": 200})


def entry(term: str, /, **given: str) -> Entry:
    row = {
        **dict.fromkeys(COLUMNS, ""),
        "id": f"lex_{term.encode().hex()[:40]}",
        "term": term,
        "category": "complaint",
        "severity": "3",
        "hits": f"这家{term}了",
        "misses": "今天不错",
        **given,
    }
    lines = ("\t".join(COLUMNS), "\t".join(row[column] for column in COLUMNS))
    return parse_tables([("t", "\n".join(lines).encode())])[0]


def flaws(*entries: Entry) -> list[tuple[str, Flaw]]:
    found = faults(entries, background=BACKGROUND)
    terms = {item.id: item.term for item in entries}
    return [(terms[fault.entry_id], fault.flaw) for fault in found]


def test_sound_entries_have_no_faults() -> None:
    assert flaws(entry("黑店宰客"), entry("霸王条款")) == []


@pytest.mark.parametrize("term", ["骗！", "。骗", "🐴 "])
def test_one_character_with_signs_around_it_is_one_character(term: str) -> None:
    single = replace(entry("骗子"), term=term, normal=term)
    assert (term, Flaw.SINGLE_CHARACTER) in flaws(single)


def test_emoji_are_characters() -> None:
    assert flaws(entry("死🐴")) == []


def test_a_common_term_needs_a_rule() -> None:
    assert flaws(entry("投诉")) == [("投诉", Flaw.COMMON)]
    assert flaws(entry("投诉", context="any(我要)@5")) == []


def test_a_very_common_one_is_no_term_at_all() -> None:
    assert flaws(entry("我们", context="any(我要)@5")) == [("我们", Flaw.COMMON)]


def test_the_same_but_for_signs() -> None:
    found = flaws(entry("霸王条款"), entry("霸王·条款"))
    assert {flaw for _, flaw in found} >= {Flaw.DUPLICATE}
    assert flaws(entry("霸王条款"), entry("霸王·条款", category="false_claim")) == []


def test_a_longer_one_that_adds_nothing() -> None:
    assert flaws(entry("霸王"), entry("霸王条款")) == [("霸王条款", Flaw.SHADOWED)]


@pytest.mark.parametrize(
    ("shorter", "longer"),
    [
        ({"severity": "2"}, {}),
        ({}, {"category": "false_claim"}),
        ({"scenario": "outage"}, {}),
        ({"context": "any(店)@9"}, {}),
        ({"context": "not(店)@9"}, {}),
        ({"allow": "小霸王", "misses": "小霸王"}, {}),
        ({"variants": "exact"}, {}),
    ],
)
def test_a_longer_one_that_says_something_else(
    shorter: dict[str, str], longer: dict[str, str]
) -> None:
    assert flaws(entry("霸王", **shorter), entry("霸王条款", **longer)) == []


def test_what_one_allows_another_denies() -> None:
    allowing = entry("条款", allow="霸王条款", severity="2")
    assert flaws(allowing, entry("霸王条款")) == [("条款", Flaw.OVERLAP)]


def test_a_longer_one_with_the_letters_of_another_word() -> None:
    assert flaws(entry("con"), entry("icon pack")) == []
    assert flaws(entry("con"), entry("con man")) == [("con man", Flaw.SHADOWED)]


def test_two_severities_by_context_rule_are_no_duplicates() -> None:
    plain = entry("霸王条款")
    graver = replace(entry("霸王条款", severity="5", context="any(店)@9"), id="lex_graver")
    assert flaws(plain, graver) == []
    assert {flaw for _, flaw in flaws(plain, replace(graver, severity=plain.severity))} == {
        Flaw.DUPLICATE
    }


def test_examples_that_are_none() -> None:
    bare = entry("黑店", hits="黑店", misses=NO_MISSES)
    assert flaws(bare) == [("黑店", Flaw.NO_EXAMPLE)] * 2
    assert flaws(entry("黑店宰客太狠", hits="黑店宰客太狠")) == []


def test_only_those_that_were_asked_for() -> None:
    one, two = entry("霸王"), entry("霸王条款")
    found = faults((one, two), background=BACKGROUND, about=lambda item: item is one)
    assert list(found) == []
