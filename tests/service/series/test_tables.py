from __future__ import annotations

import io
from zoneinfo import ZoneInfo

import pytest

from crawlers.tabular import open_table
from service.errors import InvalidInput
from service.series.tables import Wrong, number_of, read_rows

ZONE = ZoneInfo("Asia/Shanghai")


def read(
    text: str, *, name: str | None = None, unit: str | None = None
) -> tuple[list[tuple[str, str | None, str, float]], list[tuple[str, str]]]:
    """(series, unit, instant, value) of each good row, (place, message) of each other."""
    good, bad = [], []
    with open_table(io.BytesIO(text.encode()), name="f") as table:
        for row in read_rows(table, name=name, unit=unit, zone=ZONE):
            if isinstance(row, Wrong):
                bad.append((row.place, row.message))
            else:
                found, point = row
                good.append((found.name, found.unit, point.at.isoformat(), point.value))
    return good, bad


def test_a_file_with_names_and_units() -> None:
    good, bad = read('name,at,value,unit\norders,2026-03-01,"1,830",单\ncrashes,2026-03-01,2,\n')
    assert good == [
        ("orders", "单", "2026-02-28T16:00:00+00:00", 1_830.0),
        ("crashes", None, "2026-02-28T16:00:00+00:00", 2.0),
    ]
    assert bad == []


def test_a_file_of_one_series() -> None:
    good, _ = read("日期,订单\n2026/3/1 08:00,12\n", name="orders", unit="单")
    assert good == [("orders", "单", "2026-03-01T00:00:00+00:00", 12.0)]


def test_bad_rows_are_named_by_row_and_column() -> None:
    _, bad = read(
        "name,at,value,unit\n"
        "orders,2026-03-01,nan,\n"
        "orders,2026-03-01,inf,\n"
        "orders,soon,1,\n"
        "Bad Name,2026-03-01,1,\n"
        ",2026-03-01,1,\n"
        "orders,2026-03-01,,\n"
        "orders,,1,\n"
        "orders,2026-03-01,1e999,\n"
        "orders,2026-03-01,1,x\n"
        "orders,2026-03-01,1,y\n"
        "orders,2026-03-01,1,2,3\n"
    )
    assert [place for place, _ in bad] == [
        "f:2:3",
        "f:3:3",
        "f:4:2",
        "f:5:1",
        "f:6:1",
        "f:7:3",
        "f:8:2",
        "f:9:3",
        "f:11",
        "f:12",
    ]


@pytest.mark.parametrize(
    ("text", "name", "path"),
    [("at,value\n", None, "name"), ("a,b,c\n", "orders", "at"), ("at,b,c\n", "orders", "value")],
)
def test_columns_that_are_not_clear(text: str, name: str | None, path: str) -> None:
    with pytest.raises(InvalidInput) as raised:
        read(text + "1,2,3\n", name=name)
    assert path in [where for where, _ in raised.value.errors]


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("-2.5", -2.5),
        ("1e3", 1_000),
        (7, 7),
        (".5", 0.5),
        ("1,830", 1_830),
        ("-1,234,567.5", -1_234_567.5),
        ("1234.", 1_234),
    ],
)
def test_numbers(cell: str | int, number: float) -> None:
    assert number_of(cell) == number


@pytest.mark.parametrize(
    "cell",
    ["", "nan", "1.2.3", "12x", 10**400, True, "9" * 99, "1,5", "12,34", "1234,567", "1,234,"],
)
def test_what_is_no_number(cell: str | int) -> None:
    with pytest.raises(ValueError, match=r"is (?:no|empty|too large)"):
        number_of(cell)
