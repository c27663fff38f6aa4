"""The labelled set: what ships is whole and balanced, and a broken row is refused with its line."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bench.decision_rows import COLUMNS, KINDS, Row, Split, read_set
from nlp import BadTable
from nlp.lexicon import MODERATION
from service.moderation import ClassifyItem, Suggestion

WITHOUT_A_BLOCK = {"self_harm", "ad_absolute"}


def test_a_row_is_read_with_its_escapes(tmp_path: Path) -> None:
    _write(
        tmp_path,
        r"a-1	加\u200b微\n信	post	block	diversion	zero_width	tune	why",
    )
    [row] = read_set(tmp_path)
    assert row == Row(
        id="a-1",
        text="加\u200b微\n信",
        kind="post",
        gold=Suggestion.BLOCK,
        reason="diversion",
        technique="zero_width",
        split=Split.TUNE,
        note="why",
    )


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("a	甲	post	pass	talk	plain	tune", "7 cells; 8 are expected"),
        ("a		post	pass	talk	plain	tune	", "text: empty"),
        (
            "a	甲	reply	pass	talk	plain	tune	",
            "kind: 'reply'; one of post, advertisement",
        ),
        (
            "a	甲	post	ban	talk	plain	tune	",
            "gold: 'ban'; one of pass, review, block",
        ),
        ("a	甲	post	pass	talk	plain	dev	", "split: 'dev'; one of tune, held"),
    ],
)
def test_a_broken_row_is_refused_with_its_line(tmp_path: Path, line: str, problem: str) -> None:
    _write(tmp_path, "x	好	post	pass	talk	plain	tune	", "", line)
    with pytest.raises(BadTable) as refused:
        read_set(tmp_path)
    assert str(refused.value) == f"a.tsv:4: {problem}"


@pytest.mark.parametrize("second", ["a	乙", "b	甲"])
def test_an_id_and_a_text_stand_once(tmp_path: Path, second: str) -> None:
    rest = "post	pass	talk	plain	tune	"
    _write(tmp_path, f"a	甲	{rest}", f"{second}	{rest}")
    with pytest.raises(BadTable, match=r"a\.tsv:3: the id or the text stands at a\.tsv:2 too"):
        read_set(tmp_path)


def test_other_columns_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("id\ttext\na\t甲\n", "utf-8")
    with pytest.raises(BadTable, match=r"a\.tsv:1: the columns are id, text, kind"):
        read_set(tmp_path)


def test_a_folder_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadTable, match="no rows"):
        read_set(tmp_path)


def test_what_ships_is_large_enough() -> None:
    count = Counter(row.gold for row in read_set())
    assert count[Suggestion.PASS] >= 600
    assert count[Suggestion.BLOCK] >= 400
    assert count[Suggestion.REVIEW] >= 100


def test_what_ships_blocks_every_category_that_a_machine_may_block() -> None:
    blocked = Counter(row.reason for row in read_set() if row.gold is Suggestion.BLOCK)
    assert not WITHOUT_A_BLOCK & blocked.keys()
    assert min(blocked[category] for category in MODERATION - WITHOUT_A_BLOCK) >= 15


def test_what_ships_asks_a_person_about_self_harm_and_absolutes() -> None:
    asked = Counter(row.reason for row in read_set() if row.gold is Suggestion.REVIEW)
    assert min(asked[category] for category in WITHOUT_A_BLOCK) >= 15


def test_what_ships_passes_no_advertisement() -> None:
    golds = {row.gold for row in read_set() if row.kind == "advertisement"}
    assert golds == {Suggestion.REVIEW, Suggestion.BLOCK}


def test_the_halves_are_alike() -> None:
    halves = Counter((row.gold, row.split) for row in read_set())
    for gold in Suggestion:
        assert abs(halves[gold, Split.TUNE] - halves[gold, Split.HELD]) <= 1
    techniques = Counter((row.gold, row.technique, row.split) for row in read_set())
    assert {split for _, technique, split in techniques if technique == "zero_width"} == set(Split)


@pytest.mark.parametrize("kind", KINDS)
def test_the_classify_request_knows_the_kinds(kind: str) -> None:
    assert ClassifyItem.from_json({"text": "甲", "kind": kind}).kind == kind


def _write(folder: Path, *lines: str) -> None:
    (folder / "a.tsv").write_text("\n".join(("\t".join(COLUMNS), *lines, "")), "utf-8")
