from __future__ import annotations

import io
import zipfile
from datetime import datetime

import pytest

from crawlers.errors import UnreadableFile
from crawlers.tabular import TableLimits
from crawlers.tabular.workbook import LAST_ROW
from tests.crawlers.tabular.tables import SMALL, archive, rows_of, workbook

HEAD = ("正文", "时间", "赞")
AT = datetime(2026, 3, 1, 12, 30)  # noqa: DTZ001 - a cell of a workbook has no zone


def test_a_sheet_is_read_with_its_types() -> None:
    columns, rows = rows_of(
        workbook([HEAD, ("好", AT, 3), (None, None, None), ("坏", 46082.5, "1万")])
    )
    assert columns == HEAD
    assert [(row.number, list(row.cells)) for row in rows] == [
        (2, ["好", AT, 3]),
        (4, ["坏", 46082.5, "1万"]),
    ]


def test_the_first_sheet_with_anything_in_it_is_read() -> None:
    data = workbook([], [HEAD, ("好", AT, 3)], names=("空", "数据"))
    assert rows_of(data)[0] == HEAD
    assert rows_of(data, sheet="数据")[0] == HEAD


def test_a_sheet_that_is_not_there() -> None:
    with pytest.raises(UnreadableFile, match="no sheet 'x'; there are 'S0'"):
        rows_of(workbook([HEAD]), sheet="x")


def test_an_empty_workbook() -> None:
    with pytest.raises(UnreadableFile, match="is empty"):
        rows_of(workbook([]))


def test_errors_of_formulas_are_empty_cells() -> None:
    assert rows_of(workbook([HEAD, ("#REF!", AT, 1)]))[1][0].cells[0] is None


def test_too_many_columns() -> None:
    with pytest.raises(UnreadableFile, match="f:1: too many columns; at most 1,000"):
        rows_of(workbook([[f"c{n}" for n in range(1_001)]]))


def test_notes_beside_the_columns_are_left_out() -> None:
    assert list(rows_of(workbook([HEAD, ("好", AT, 3, "note")]))[1][0].cells) == ["好", AT, 3]


@pytest.mark.parametrize(
    "data",
    [
        archive(xl_workbook="<a/>" * 3_000),
        archive(xl_workbook=b" " * 60_000),
        archive(xl_media_x=b"\x00" * 60_000),
    ],
)
def test_a_bomb_is_refused_before_the_library_sees_it(data: bytes) -> None:
    assert len(data) < 1_000
    with pytest.raises(UnreadableFile, match="unpacks to more than"):
        rows_of(data, limits=SMALL)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le", "utf-16-be"])
def test_a_document_type_is_refused(encoding: str) -> None:
    part = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode(encoding)
    with pytest.raises(UnreadableFile, match="has a document type"):
        rows_of(archive(xl_workbook=part))


def test_too_many_parts() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as packed:
        for number in range(5_001):
            packed.writestr(f"p{number}", b"")
    with pytest.raises(UnreadableFile, match="5,001 parts"):
        rows_of(file.getvalue())


@pytest.mark.parametrize(
    "data", [archive(a="<a/>"), b"PK\x03\x04" + b"x" * 99, workbook([HEAD])[:900]]
)
def test_what_is_no_workbook(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match="no workbook that can be read"):
        rows_of(data)


def rewritten(data: bytes, old: str, new: str) -> bytes:
    """The workbook with its first sheet changed by hand."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as given, zipfile.ZipFile(file, "w") as packed:
        for part in given.infolist():
            content = given.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                assert old in content.decode()
                content = content.decode().replace(old, new, 1).encode()
            packed.writestr(part.filename, content)
    return file.getvalue()


def test_a_row_of_an_impossible_number_ends_the_sheet() -> None:
    data = rewritten(workbook([HEAD, ("好", AT, 3)]), '<row r="2"', '<row r="999999999999"')
    assert rows_of(data)[1] == []


def test_a_last_row_far_down_is_reached() -> None:
    data = rewritten(workbook([("a",), ("x",)]), '<row r="2"', f'<row r="{LAST_ROW}"')
    _, rows = rows_of(data)
    assert [row.number for row in rows] == [LAST_ROW]


def test_a_size_that_the_sheet_lies_about_is_not_believed() -> None:
    data = rewritten(workbook([HEAD, ("好", AT, 3)]), 'ref="A1:C2"', 'ref="A1:A1"')
    assert rows_of(data)[0] == HEAD


def test_a_sheet_that_breaks_off_says_where() -> None:
    data = rewritten(workbook([HEAD, ("好", AT, 3)]), "</sheetData>", "</wrong>")
    with pytest.raises(UnreadableFile, match="cannot be read any further"):
        rows_of(data)


def test_cells_far_beside_the_columns_cost_nothing() -> None:
    far = "".join(f'<row r="{n}"><c r="ZZZ{n}"/></row>' for n in range(3, 1_203))
    data = rewritten(workbook([HEAD, ("好", AT, 3)]), "</sheetData>", f"{far}</sheetData>")
    assert [len(row.cells) for row in rows_of(data)[1]] == [3]
    with pytest.raises(UnreadableFile, match="f:303: more than 300 blank rows"):
        rows_of(data, limits=TableLimits(rows=100))


def test_a_heading_far_away_is_too_wide() -> None:
    data = rewritten(workbook([HEAD]), '<c r="C1"', '<c r="ALM1"')
    with pytest.raises(UnreadableFile, match="too many columns"):
        rows_of(data)


def test_blank_rows_above_the_heading_are_bounded() -> None:
    data = rewritten(workbook([HEAD]), '<row r="1"', '<row r="50"')
    with pytest.raises(UnreadableFile, match="f:10: more than 9 blank rows"):
        rows_of(data, limits=TableLimits(rows=3))


def test_rows_are_bounded() -> None:
    data = workbook([HEAD, *[("好", AT, number) for number in range(4)]])
    with pytest.raises(UnreadableFile, match="f:5: more than 3 rows"):
        rows_of(data, limits=TableLimits(rows=3))
