from __future__ import annotations

import json

import pytest

from crawlers.errors import UnreadableFile
from tests.crawlers.tabular.tables import rows_of


def test_keys_are_columns_and_inner_ones_have_a_dot() -> None:
    columns, rows = rows_of(b'{"a": 1, "u": {"id": 2}}\n{"b": [1], "a": "x"}\n')
    assert columns == ("a", "u.id", "b")
    assert [list(row.cells) for row in rows] == [[1, 2, None], ["x", None, "[1]"]]


def test_bad_lines_are_named_and_the_rest_is_read() -> None:
    _, rows = rows_of(b'{"a": 1}\nnope\n\n[1]\n{"a": 2}\n')
    assert [(row.number, row.problem is None) for row in rows] == [
        (1, True),
        (2, False),
        (4, False),
        (5, True),
    ]


def test_a_line_too_long_is_named() -> None:
    _, rows = rows_of(b'{"a": 1}\n{"a": "' + b"x" * 3_000_000 + b'"}\n')
    assert "longer than" in str(rows[1].problem)


def test_too_many_keys() -> None:
    with pytest.raises(UnreadableFile, match="1,001 different keys"):
        rows_of(json.dumps({f"k{n}": n for n in range(1_001)}).encode())


def test_no_object_at_all() -> None:
    with pytest.raises(UnreadableFile, match="none of its first lines"):
        rows_of(b"{\n")


def test_deep_objects_end_as_text() -> None:
    columns, _ = rows_of(b'{"a": ' + b'{"b": ' * 30 + b"1" + b"}" * 31)
    assert columns == ("a.b.b.b",)


def test_lone_halves_of_characters_and_deep_lists_are_no_fault() -> None:
    deep = b"[" * 900 + b"]" * 900
    _, rows = rows_of(b'{"a": ["\\ud83d"]}\n{"a": ' + deep + b"}\n")
    assert [row.number for row in rows] == [1, 2]
