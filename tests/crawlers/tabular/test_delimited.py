from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.errors import UnreadableFile
from crawlers.tabular.delimited import sniff
from tests.crawlers.tabular.tables import rows_of


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_the_separator_is_found(separator: str) -> None:
    lines = [separator.join(row) for row in (("id", "正文", "时间"), ("1", "好, 真好", "x"))]
    columns, rows = rows_of("\n".join(lines).encode())
    if separator == ",":
        assert rows[0].problem is not None
    else:
        assert rows[0].cells == ["1", "好, 真好", "x"]
    assert columns == ("id", "正文", "时间")


def test_one_column_is_a_table_too() -> None:
    assert sniff(["正文\n", "好\n"]) == ","


def test_excel_says_its_separator() -> None:
    columns, rows = rows_of(b"sep=;\na;b\n1,5;2\n")
    assert (columns, rows[0].cells, rows[0].number) == (("a", "b"), ["1,5", "2"], 3)


def test_quotes_hold_breaks_and_rows_are_numbered_by_their_first_line() -> None:
    _, rows = rows_of(b'a,b\n1,"x\ny ""z"""\n\n2,w\n')
    assert [(row.number, list(row.cells)) for row in rows] == [
        (2, ["1", 'x\ny "z"']),
        (5, ["2", "w"]),
    ]


def test_columns_without_a_name_or_with_the_same_get_one() -> None:
    columns, _ = rows_of(b"a,,a,a\n")
    assert columns == ("a", "column 2", "a (2)", "a (3)")


def test_too_many_cells_are_a_mistake_and_empty_ones_are_not() -> None:
    _, rows = rows_of(b"a,b\n1,2,,\n1,2,3\n1\n")
    assert [row.problem is None for row in rows] == [True, False, True]
    assert "3 cells under 2 columns" in str(rows[1].problem)


def test_an_open_quote_costs_its_neighbours_and_no_more() -> None:
    filler = "".join(f"{n},ok {n}\n" for n in range(40_000))
    _, rows = rows_of(f'a,b\n1,"never closed\n{filler}last,row\n'.encode())
    assert rows[-1].cells == ["last", "row"]
    [open_quote] = [row for row in rows if row.problem]
    assert "quotation mark" in str(open_quote.problem)
    assert open_quote.number == 2
    assert len(rows) > 25_000


def test_a_giant_cell_is_named() -> None:
    _, rows = rows_of(b"a,b\n1," + b"x" * 200_000 + b"\n2,y\n")
    assert [row.number for row in rows] == [2, 3]
    assert "field larger" in str(rows[0].problem)
    assert rows[1].cells == ["2", "y"]


def test_a_giant_line_is_named() -> None:
    _, rows = rows_of(b"a,b\n" + b"x" * 3_000_000 + b"\n2,y\n")
    assert "longer than" in str(rows[0].problem)
    assert rows[1].cells == ["2", "y"]


def test_each_of_several_giant_lines_is_named() -> None:
    giant = b"x" * 2_100_000 + b"\n"
    _, rows = rows_of(b"a,b\n" + giant + b"2,y\n" + giant + b"3,z\n")
    assert [(row.number, row.problem is None) for row in rows] == [
        (2, False),
        (3, True),
        (4, False),
        (5, True),
    ]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is empty"),
        (b"\n\n \n", "is empty"),
        (b"," * 1_000_000 + b"\n", "columns; at most 1,000"),
    ],
)
def test_no_heading(data: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said):
        rows_of(data)


def test_a_million_columns_in_a_row_are_named() -> None:
    _, rows = rows_of(b"a,b\n" + b"," * 1_000_000 + b"\n1,2\n")
    assert "at most 1,000 are read" in str(rows[0].problem)
    assert rows[1].cells == ["1", "2"]


def test_a_nul_is_a_character_like_any() -> None:
    _, rows = rows_of(b"a,b\n1,x\x00y\n")
    assert rows[0].cells == ["1", "x\x00y"]


@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_refused(data: bytes) -> None:
    try:
        columns, rows = rows_of(b"a,b\n" + data)
    except UnreadableFile:
        return
    assert columns
    assert all(len(row.cells) <= len(columns) for row in rows)
