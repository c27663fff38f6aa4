"""Words from elsewhere: formats, lines, mistakes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.lexicon import Variants
from nlp.lexicon.quality import NO_MISSES
from service.lexicon.cells import table_of
from service.lexicon.imports import MOST_ROWS, Defaults, Imported, ImportFormat, read_import
from tests.service.lexicon.rows import SHIPPED

WORDS = Defaults(category="complaint", severity=2)
DISCOURSE = Defaults(category="spam")


def read(text: str, *, defaults: Defaults | None = WORDS, **given: ImportFormat) -> Imported:
    return read_import(text.encode(), file="words", defaults=defaults, **given)


def said(imported: Imported) -> list[str]:
    return [str(issue) for issue in imported.issues]


def test_our_own_table() -> None:
    imported = read(table_of(SHIPPED), defaults=None)
    assert imported.entries == SHIPPED
    assert imported.lines == {"lex_base_a": 2, "lex_base_b": 3, "lex_base_c": 4}
    assert not imported.words


def test_a_bad_row_of_a_table_has_its_line() -> None:
    text = table_of(SHIPPED).replace("lex_base_b\t霸王条款", "lex_base_b\t霸")
    assert said(read(text))[0].startswith("words:3: term '霸'")


def test_what_is_imported_has_bounds_that_a_table_has_not() -> None:
    text = table_of(SHIPPED).replace("大家当心", "当心" * 2001, 1)
    assert said(read(text)) == ["words:2: hits 4009 characters; at most 4000"]


def test_a_list_is_one_word_a_line() -> None:
    imported = read("# our words\n烂店一家\n\n 坑爹货色 \r\n")
    first, second = imported.entries
    assert (first.term, first.category, first.severity) == ("烂店一家", "complaint", 2)
    assert (first.hits, first.misses) == (("烂店一家",), (NO_MISSES,))
    assert imported.lines == {first.id: 2, second.id: 4}
    assert imported.words


def test_the_same_word_has_the_same_id_in_every_import() -> None:
    assert read("烂店一家").entries[0].id == read("# x\n爛店一家").entries[0].id


def test_a_word_that_comes_twice_is_passed_over() -> None:
    imported = read("烂店一家\n爛店一家")
    assert len(imported.entries) == 1
    assert [str(item) for item in imported.skipped] == [
        "words:2: '爛店一家' stands at line 1 already"
    ]


@pytest.mark.parametrize("word", ["烂", "甲|乙", "长" * 101, "a\tb"])
def test_a_bad_word_has_its_line(word: str) -> None:
    assert {issue.line for issue in read(f"烂店一家\n{word}").issues} == {2}


def test_a_list_needs_category_and_severity() -> None:
    assert [issue.line for issue in read("烂店", defaults=None).issues] == [0, 0]
    assert "category" in said(read("烂店", defaults=Defaults(severity=2)))[0]
    assert "severity" in said(read("烂店", defaults=Defaults(category="spam")))[0]


def test_discourse_actions_become_severities() -> None:
    text = "word,action\n加我微信,block\n刷单兼职,flag\n某网站,link\n代开发票,censor\n"
    imported = read(text, defaults=DISCOURSE)
    assert [item.severity for item in imported.entries] == [4, 2, 3]
    assert [str(item) for item in imported.skipped] == ["words:4: '某网站': link is no moderation"]


def test_discourse_with_all_its_columns() -> None:
    header = "id,word,action,replacement,case_sensitive"
    text = f'{header}\n1,"VIP,一对一",block,,true\n2,代开发票,block,,f\n'
    one, two = read(text, defaults=Defaults(category="spam", severity=5)).entries
    assert (one.term, one.variants, one.severity) == ("VIP,一对一", Variants.EXACT, 5)
    assert two.variants is Variants.FOLD


@pytest.mark.parametrize(
    ("text", "line", "told"),
    [
        ("word,action\n刷单*,block", 2, "wildcard"),
        ("word,action\n刷单兼职,shout", 2, "'shout' is unknown"),
        ("word,action\n刷单兼职", 2, "1 columns, not 2"),
        ("word,action,colour\n刷单兼职,block,red", 1, "header"),
        ('word,action\n"刷单兼职,block', 2, "no CSV"),
        ('word,action\n"刷单\n兼职",block\n烂,block', 2, "line end"),
        ('word,action\n"刷单\n兼职",block\n烂,block', 4, "fewer than two"),
    ],
)
def test_bad_lines_of_discourse(text: str, line: int, told: str) -> None:
    issues = read(text, defaults=DISCOURSE).issues
    assert any(issue.line == line and told in issue.message for issue in issues), issues


def test_a_format_that_is_given_is_not_guessed() -> None:
    imported = read("word,action", format=ImportFormat.LIST)
    assert [item.term for item in imported.entries] == ["word,action"]


def test_blank_lines_of_discourse_say_nothing() -> None:
    imported = read("word,action\n,\n刷单兼职,block\n", defaults=DISCOURSE)
    assert (len(imported.entries), imported.issues) == (1, ())


def test_what_is_not_utf_8_is_refused() -> None:
    imported = read_import("烂店".encode("gbk"), file="words", defaults=WORDS)
    assert "not UTF-8" in said(imported)[0]


def test_too_many_lines_are_refused() -> None:
    assert "in parts" in said(read("词语\n" * (MOST_ROWS + 1)))[0]


@given(st.text(max_size=200), st.sampled_from((None, *ImportFormat)))
def test_any_text_is_read_with_lines_that_exist(text: str, chosen: ImportFormat | None) -> None:
    content = text.encode("utf-8", "surrogatepass")
    imported = read_import(content, file="words", format=chosen, defaults=WORDS)
    lines = content.count(b"\n") + content.count(b"\r") + 1
    assert all(0 <= issue.line <= lines for issue in (*imported.issues, *imported.skipped))
    assert imported.lines.keys() >= {entry.id for entry in imported.entries}
