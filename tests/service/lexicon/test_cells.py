"""Rows and entries are the same thing, and bad rows are told by column."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import load_lexicon
from nlp.lexicon import COLUMNS, Entry, parse_tables
from service.errors import InvalidInput
from service.lexicon.cells import cells_of, entry_of, joined, parted, read_cells, table_of
from tests.service.lexicon.rows import SHIPPED, cells, entry


def columns_of(mistakes: list[tuple[str, str]]) -> set[str]:
    return {column for column, _ in mistakes}


def test_what_ships_survives_being_written_and_read() -> None:
    chosen = load_lexicon().entries[::25]
    assert parse_tables([("x", table_of(chosen).encode())]) == chosen


@pytest.mark.parametrize("each", SHIPPED)
def test_a_row_is_read_back_as_its_entry(each: Entry) -> None:
    assert entry_of(cells_of(each)) == each


@pytest.mark.parametrize(
    ("given", "column"),
    [
        ({"id": "complaint one"}, "id"),
        ({"id": "# comment"}, "id"),
        ({"term": "黑"}, "term"),
        ({"category": "weather"}, "category"),
        ({"severity": "9"}, "severity"),
        ({"scenario": "rain"}, "scenario"),
        ({"variants": "loose"}, "variants"),
        ({"context": "near(a)"}, "context"),
        ({"allow": "别的"}, "allow"),
        ({"hits": ""}, "hits"),
        ({"misses": " "}, "misses"),
        ({"note": "a\tb"}, "note"),
        ({"note": "a\nb"}, "note"),
        ({"note": "\ud800"}, "note"),
        ({"note": "\x00"}, "note"),
        ({"term": "长" * 101}, "term"),
        ({"hits": "长" * 4001}, "hits"),
        ({"id": "lex_" + "a" * 61}, "id"),
    ],
)
def test_a_mistake_names_its_column(given: dict[str, str], column: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        entry_of(cells("黑心店", **given))
    assert columns_of(list(refused.value.errors)) == {column}


def test_an_empty_row_is_no_entry() -> None:
    found, mistakes = read_cells(dict.fromkeys(COLUMNS, ""))
    assert found is None
    assert mistakes


def test_every_mistake_is_told_at_once() -> None:
    _, mistakes = read_cells(cells("黑心店", severity="0", category="weather"))
    assert columns_of(mistakes) == {"severity", "category"}


def test_values_are_joined_and_parted() -> None:
    assert parted("hits", joined("hits", ["甲", "乙"])) == ("甲", "乙")
    assert parted("context", joined("context", ["any(a|b)@5", "not(c)@3"])) == (
        "any(a|b)@5",
        "not(c)@3",
    )


def test_a_value_may_not_hold_the_sign_between_values() -> None:
    with pytest.raises(InvalidInput) as refused:
        joined("hits", ["甲|乙"])
    assert columns_of(list(refused.value.errors)) == {"hits"}


def test_rules_and_words_come_back() -> None:
    whole = entry("黑心店", context="any(奶茶|店)@9; not(玩笑)@4", allow="黑心店长")
    assert entry_of(cells_of(whole)) == whole


@given(st.dictionaries(st.sampled_from(COLUMNS), st.text(max_size=30)))
def test_any_row_is_an_entry_or_has_mistakes(given: dict[str, str]) -> None:
    found, mistakes = read_cells({**cells("黑心店"), **given})
    assert (found is None) is bool(mistakes)
    assert columns_of(mistakes) <= set(COLUMNS)
