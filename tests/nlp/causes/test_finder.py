"""The shipped causes hold their rows' texts, and deny what is denied."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.causes import Cause, CauseFinder, Term, load_causes, read_tables
from nlp.data_files import data_file
from nlp.lexicon import SCENARIOS
from nlp.query import QueryDocument, parse_query
from nlp.text.normalizer import normalize

CAUSES, TERMS = read_tables(data_file("causes"))


@pytest.mark.parametrize("term", TERMS, ids=lambda term: f"{term.cause}: {term.hit}")
def test_a_row_takes_its_text_and_not_the_like_one(term: Term) -> None:
    assert term.query.matches(QueryDocument(normalize(term.hit).text))
    assert term.cause in load_causes().find(term.hit)
    assert term.cause not in load_causes().find(term.miss)


def test_every_scenario_has_a_small_set() -> None:
    sizes = Counter(cause.scenario for cause in CAUSES)
    assert set(sizes) == set(SCENARIOS)
    assert all(5 <= size <= 9 for size in sizes.values())


def test_several_causes_in_the_order_of_the_table() -> None:
    assert load_causes().find("外卖超时一小時，客服不回，退款拖了半个月") == (
        "refund_slow",
        "late_delivery",
        "no_answer",
    )


@pytest.mark.parametrize(
    "text", ["用了一周没有闪退", "完全不会发烫", "这杯并不难喝", "今天天气真好", ""]
)
def test_what_is_denied_or_not_said_is_no_cause(text: str) -> None:
    assert load_causes().find(text) == ()


def test_one_said_and_one_denied() -> None:
    assert load_causes().find("没有闪退，就是登不上") == ("cannot_log_in",)


def test_whom_it_befell_may_follow_a_negation() -> None:
    assert "late_delivery" in load_causes().find("不是快递，是外卖超时")


def test_causes_of_a_scenario() -> None:
    found = load_causes()
    assert {cause.scenario for cause in found.of_scenario("outage")} == {"outage"}
    assert found.of_scenario(None) == CAUSES


def test_the_version_follows_the_words() -> None:
    cause = Cause("late", "service_aftersales", "慢", "Late")
    versions = {
        CauseFinder([cause], [Term("late", parse_query(words), "", "", "")]).version
        for words in ("超时", "超时 (慢 | /晚\\d/ NEAR/3 到)")
    }
    assert len(versions) == 2


@settings(max_examples=50)
@given(st.text(max_size=80))
def test_any_text_has_an_answer(text: str) -> None:
    assert set(load_causes().find(text)) <= {cause.id for cause in CAUSES}
