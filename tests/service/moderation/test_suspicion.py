from __future__ import annotations

from dataclasses import replace

import pytest

from nlp.analysis import Hit
from service.moderation.policies import Policy, default_policy, read_policies
from service.moderation.suspicion import suspicious
from tests.support.judgement_scene import analysed, hit

LACKING = "context:any(飞|溜)@6"


def lacking(
    category: str, *, term: str = "词", why: str | None = LACKING, evasion: str | None = None
) -> Hit:
    """A hit without the words that would make it count."""
    return replace(hit(category, 4), term=term, suppressed_by=why, evasion=evasion)


def found(text: str, *hits: Hit, policy: Policy | None = None) -> frozenset[str]:
    return suspicious(analysed(text, hits=hits, patterns=()), policy or default_policy())


def test_a_hit_that_lacks_its_words_alone_is_no_suspicion() -> None:
    assert found("今天吃了叶子菜", lacking("drugs")) == frozenset()


@pytest.mark.parametrize("evasion", ["inserted", "split", "leet", "emoji", "martian", "look_alike"])
def test_a_disguised_term_is_one(evasion: str) -> None:
    assert found("今天", lacking("abuse", evasion=evasion)) == {"abuse"}


@pytest.mark.parametrize("evasion", ["homophone", "pinyin", "initials", "slang"])
def test_what_stands_in_ordinary_words_by_accident_is_none(evasion: str) -> None:
    assert found("今天", lacking("abuse", evasion=evasion)) == frozenset()


def test_words_of_trade_beside_it_are_enough_in_what_is_sold() -> None:
    assert found("新到一批，面交", lacking("drugs")) == {"drugs"}
    assert found("新到一批，面交", lacking("abuse")) == frozenset()


def test_a_term_is_no_cue_for_itself() -> None:
    assert found("有人拉我进群", lacking("diversion", term="进群")) == frozenset()
    assert found("进群，包邮", lacking("diversion", term="进群")) == {"diversion"}


def test_several_terms_are_enough() -> None:
    two = (lacking("drugs", term="叶子"), lacking("fraud", term="走账"))
    assert found("叶子，走账", *two) == {"drugs", "fraud"}
    assert found("叶子，叶子", lacking("drugs", term="叶子"), two[0]) == frozenset()


@pytest.mark.parametrize(
    "why", [None, "boundary", "allow:大麻烦", "context:not(骗局)@8", "negation:不"]
)
def test_only_missing_words_make_it_one(why: str | None) -> None:
    assert found("面交", lacking("drugs", why=why, evasion="split")) == frozenset()


def test_categories_that_move_nothing_are_none() -> None:
    assert found("面交", lacking("complaint", evasion="split")) == frozenset()


def test_a_policy_may_leave_suspicions_aside() -> None:
    text = "name: own\nsuspicion: {disguised: [], several: never, cues: []}"
    calm = read_policies([("own.yaml", text.encode())]).named("own")
    hits = (lacking("drugs", term="叶子", evasion="split"), lacking("fraud", term="走账"))
    assert found("叶子，走账，面交", *hits, policy=calm) == frozenset()
