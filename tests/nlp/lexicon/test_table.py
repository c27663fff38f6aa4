"""Lexicon tables and all their mistakes."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.errors import BadTable
from nlp.lexicon import COLUMNS, ContextKind, Entry, Variants, load_tables, parse_tables

GOOD = {
    "id": "lex_injury_001",
    "term": "爆炸",
    "category": "injury",
    "severity": "5",
    "scenario": "safety_incident",
    "hits": "手机爆炸了",
    "misses": "没有爆炸",
}


def table(*changes: dict[str, str]) -> bytes:
    lines = ["\t".join(COLUMNS)]
    for change in changes:
        row = {**GOOD, **change}
        lines.append("\t".join(row.get(column, "") for column in COLUMNS))
    return "\n".join(lines).encode()


def parse(*changes: dict[str, str]) -> tuple[Entry, ...]:
    return parse_tables([("injury.tsv", table(*changes))])


def messages(*changes: dict[str, str]) -> list[str]:
    with pytest.raises(BadTable) as caught:
        parse(*changes)
    return [str(issue) for issue in caught.value.issues]


def test_a_plain_row() -> None:
    (entry,) = parse({})
    assert (entry.id, entry.normal, entry.severity) == ("lex_injury_001", "爆炸", 5)
    assert entry.variants is Variants.FOLD
    assert (entry.hits, entry.misses) == (("手机爆炸了",), ("没有爆炸",))


def test_terms_and_words_are_normalised() -> None:
    (entry,) = parse({"term": "漏電", "allow": "漏電開關", "context": "any(手機|充電器)"})
    assert entry.normal == "漏电"
    assert entry.allow == ("漏电开关",)
    assert entry.requires_any[0].words == ("手机", "充电器")


def test_context_rules() -> None:
    (entry,) = parse({"context": "any(a|b)@15; not(c)@3;before_not(d)"})
    assert str(entry.requires_any[0]) == "any(a|b)@15"
    assert [str(rule) for rule in entry.requires_not] == ["not(c)@3", "before_not(d)@6"]
    assert entry.requires_not[1].kind is ContextKind.BEFORE_NOT


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "injury-1"}, "lower-case letters"),
        ({"term": "炸"}, "fewer than two"),
        ({"category": "crisis"}, "unknown; use one of abuse"),
        ({"severity": "6"}, "not 1 to 5"),
        ({"scenario": "fire"}, "scenario 'fire' is unknown"),
        ({"variants": "all"}, "not fold or exact"),
        ({"context": "near(a)"}, "context 'near(a)' is not"),
        ({"context": "any(|)"}, "context 'any(|)' is not"),
        ({"allow": "爆炸"}, "the term itself"),
        ({"allow": "炸鸡"}, "does not contain"),
        ({"hits": ""}, "hits is empty"),
        ({"misses": " | "}, "misses is empty"),
    ],
)
def test_a_mistake_is_named_with_its_place(change: dict[str, str], words: str) -> None:
    (message,) = messages(change)
    assert message.startswith("injury.tsv:2: ")
    assert words in message


def test_every_mistake_is_reported_at_once() -> None:
    found = messages({"severity": "0", "hits": ""}, {"id": "lex_b", "category": "x"})
    assert [message.split(":")[1] for message in found] == ["2", "2", "3"]


def test_a_duplicate_id_names_the_first_place() -> None:
    assert "already taken at injury.tsv:2" in messages({}, {"term": "起火"})[0]


def test_a_duplicate_term_names_the_first_place() -> None:
    assert "already in injury at injury.tsv:2" in messages({}, {"id": "lex_b"})[0]


def test_two_severities_of_a_term_need_a_context_rule() -> None:
    graver = {"id": "lex_b", "severity": "4"}
    assert "context rule of its own" in messages({}, graver)[0]
    assert len(parse({}, {**graver, "context": "any(工厂)@8"})) == 2


def test_a_term_may_stand_in_two_categories() -> None:
    assert len(parse({}, {"id": "lex_b", "category": "violence"})) == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"id\tterm\n", "the header must be"),
        (b"", "the header must be"),
        (b"\xff\xfe", "not UTF-8"),
        (table({}) + "\nlex_x\t短".encode(), "2 columns, not 11"),
    ],
)
def test_a_broken_file_is_refused(content: bytes, words: str) -> None:
    with pytest.raises(BadTable, match=words):
        parse_tables([("a.tsv", content)])


def test_comments_blank_lines_and_windows_line_ends_are_fine() -> None:
    content = table({}).replace(b"\n", b"\r\n") + b"\r\n# note\r\n\r\n"
    assert len(parse_tables([("a.tsv", content)])) == 1


def test_only_tsv_files_of_a_folder_are_read(tmp_path: Path) -> None:
    (tmp_path / "b.tsv").write_bytes(table({"id": "lex_b", "term": "起火"}))
    (tmp_path / "a.tsv").write_bytes(table({}))
    (tmp_path / "README.md").write_text("no table")
    assert [entry.id for entry in load_tables(tmp_path)] == ["lex_injury_001", "lex_b"]


@settings(max_examples=100)
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: table({"term": text})))
def test_any_bytes_are_entries_or_a_bad_table(content: bytes) -> None:
    entries: tuple[Entry, ...] = ()
    with contextlib.suppress(BadTable):
        entries = parse_tables([("a.tsv", content)])
    assert all(len(entry.normal) > 1 for entry in entries)
