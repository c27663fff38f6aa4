from __future__ import annotations

from typing import Any

import pytest

from crawlers.tabular.identifiers import MadeIds, identifier_of
from tests.crawlers.tabular.tables import look, workbook

NINETEEN = 7301234567890123456
ROUNDED = "Excel rounded this id; format the column as text and export again"


@pytest.mark.parametrize(
    "cell", ["7.30123E+18", " 7.3e+18 ", "7E+18", float(NINETEEN), NINETEEN, 10**15, 10**400]
)
def test_a_rounded_id_is_refused(cell: Any) -> None:
    with pytest.raises(ValueError, match="Excel rounded this id"):
        identifier_of(cell, workbook=True)


@pytest.mark.parametrize(
    ("cell", "workbook", "identifier"),
    [
        (str(NINETEEN), True, str(NINETEEN)),
        (NINETEEN, False, str(NINETEEN)),
        (10**15 - 1, True, "999999999999999"),
        (4967.0, True, "4967"),
        (" M_7E ", True, "M_7E"),
        (True, True, "true"),
        (None, True, None),
        (" ", True, None),
    ],
)
def test_an_id_that_is_whole_is_taken(cell: Any, workbook: bool, identifier: str | None) -> None:
    assert identifier_of(cell, workbook=workbook) == identifier


def test_rows_of_a_text_file_with_a_rounded_id_are_named() -> None:
    data = "id,时间,内容\n7.30123E+18,2026-03-01,好\n7.30123E+18,2026-03-01,坏\n".encode()
    rejected = [item for row in look(data).rows for item in row.rejected]
    assert [item.place for item in rejected] == ["f:2:1", "f:3:1"]
    assert {item.reason for item in rejected} == {f"id: {ROUNDED}"}


def test_every_id_of_a_row_is_looked_at() -> None:
    head = ("id", "时间", "内容", "用户id", "父", "原")
    data = workbook([head, ("1", "2026-03-01", "好", NINETEEN, "7.3E+18", float(NINETEEN))])
    [row] = look(data, "parent_id=父", "repost_of=原").rows
    assert {item.place for item in row.rejected} == {"f:2:4", "f:2:5", "f:2:6"}


def test_rows_that_say_the_same_are_told_apart_and_told_again() -> None:
    wire = {"source": "weibo", "text": "好", "author": {"id": "甲"}}
    first, again = MadeIds(), MadeIds()
    made = [first.next_of(wire) for _ in range(3)]
    assert [each.removeprefix(made[0]) for each in made] == ["", "-2", "-3"]
    assert [again.next_of(wire) for _ in range(3)] == made
    assert first.next_of({**wire, "text": "坏"}) not in made
