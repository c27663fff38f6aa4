"""Who may join the lexicon."""

from __future__ import annotations

from nlp.lexicon.quality import Flaw
from service.lexicon.shelf import Shelf
from service.lexicon.vetting import examined, example_mistakes, peer_mistakes
from tests.service.lexicon.rows import SHIPPED, entry

SHELF = Shelf.of(SHIPPED)


def test_sound_examples_are_no_mistake() -> None:
    assert not example_mistakes(SHIPPED)


def test_a_hit_that_is_none_and_a_miss_that_is_one() -> None:
    wrong = entry("黑店宰客", hits="一家好店", misses="黑店宰客了")
    assert [column for column, _ in example_mistakes([wrong])["lex_test_one"]] == ["hits", "misses"]


def test_a_term_is_in_a_category_once() -> None:
    twin = entry("霸王條款")
    assert "lex_base_b" in peer_mistakes([twin], SHELF)["lex_test_one"][0][1]
    assert not peer_mistakes([entry("霸王条款", category="false_claim")], SHELF)


def test_an_entry_is_no_twin_of_itself() -> None:
    assert not peer_mistakes([entry("霸王条款", id="lex_base_b", severity="5")], SHELF)


def test_two_newcomers_may_not_be_twins() -> None:
    found = peer_mistakes([entry("强买强卖"), entry("强买强卖", id="lex_test_two")], SHELF)
    assert found.keys() == {"lex_test_two"}


def test_what_one_allows_another_may_not_deny() -> None:
    denied = entry("不是黑心商家")
    allowed = entry("条款", allow="霸王条款")
    assert peer_mistakes([denied], SHELF)["lex_test_one"][0][0] == "term"
    assert peer_mistakes([allowed], SHELF)["lex_test_one"][0][0] == "allow"


def test_an_examination_tells_mistakes_and_advice() -> None:
    found = examined(entry("你好", hits="你好啊", misses="你真好"), SHELF)
    assert not found.mistakes
    assert [fault.flaw for fault in found.advice] == [Flaw.COMMON]
