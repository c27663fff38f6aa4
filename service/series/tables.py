"""Series out of a file of rows: a time and a number in each, and maybe a name and a unit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from crawlers.tabular import Cell, Row, Table
from crawlers.tabular.headings import folded
from crawlers.tabular.values import instant_of, text_of
from service.errors import InvalidInput
from service.series.model import Point, instant_problem, name_problem, unit_problem, value_problem

_HEADINGS: Mapping[str, Sequence[str]] = {
    "at": ("at", "timestamp", "time", "datetime", "date", "day", "时间", "日期", "时刻", "时间戳"),
    "value": ("value", "count", "number", "amount", "值", "数值", "数量", "数", "金额"),
    "name": ("name", "series", "metric", "名称", "指标", "指标名称"),
    "unit": ("unit", "单位"),
}
_NUMBER = re.compile(r"[+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")
_LONGEST = 60


@dataclass(slots=True)
class ReadSeries:
    """The points of one name, in the order of the file."""

    name: str
    unit: str | None
    points: list[Point] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Wrong:
    """A cell that cannot be meant; `place` is file:row:column."""

    place: str
    message: str


def read_rows(
    table: Table, *, name: str | None, unit: str | None, zone: ZoneInfo
) -> Iterator[tuple[ReadSeries, Point] | Wrong]:
    """Each row as a point of a series, or what is wrong with it.

    `name` is that of a file without a column of names, `zone` that of times which say none. Raises
    InvalidInput when the columns are not clear, and UnreadableFile.
    """
    places = _places(table, named=name is not None)
    found: dict[str, ReadSeries] = {}
    for row in table.rows:
        read = _row(row, table.name, places, zone)
        if isinstance(read, Wrong):
            yield read
            continue
        its_name, its_unit, point = read
        known = found.setdefault(its_name or name or "", ReadSeries(its_name or name or "", unit))
        said = its_unit or unit
        if said is not None and known.unit not in (None, said):
            yield Wrong(f"{table.name}:{row.number}", f"unit {said!r} after {known.unit!r}")
            continue
        known.unit = known.unit or said
        yield known, point


def _places(table: Table, *, named: bool) -> dict[str, int]:
    by_heading = {folded(column): place for place, column in enumerate(table.columns)}
    places = {
        part: next(by_heading[folded(each)] for each in headings if folded(each) in by_heading)
        for part, headings in _HEADINGS.items()
        if any(folded(each) in by_heading for each in headings)
    }
    if "value" not in places and len(table.columns) == 2 and "at" in places:
        places["value"] = 1 - places["at"]  # whatever the number is called
    missing = [part for part in ("at", "value") if part not in places]
    if not named and "name" not in places:
        missing.append("name")
    if missing:
        there_are = ", ".join(table.columns[:30])
        raise InvalidInput(
            f"{table.name}: no column of {', '.join(missing)} among: {there_are}",
            errors=[
                (part, f"call a column one of {', '.join(_HEADINGS[part])}") for part in missing
            ],
        )
    return places


def _row(
    row: Row, file: str, places: Mapping[str, int], zone: ZoneInfo
) -> tuple[str | None, str | None, Point] | Wrong:
    place = f"{file}:{row.number}"
    if row.problem is not None:
        return Wrong(place, row.problem)

    def cell(part: str) -> Cell:
        column = places.get(part)
        return None if column is None or column >= len(row.cells) else row.cells[column]

    part = "at"
    try:
        at = instant_of(cell("at"), zone)
        if at is None:
            raise ValueError("is empty")
        _refuse(instant_problem(at))
        part = "value"
        value = number_of(cell("value"))
        _refuse(value_problem(value))
        part = "name"
        name = (text_of(cell("name")) or "").strip() or None
        _refuse(None if name is None else name_problem(name))
        if name is None and "name" in places:
            raise ValueError("is empty")
        part = "unit"
        unit = (text_of(cell("unit")) or "").strip() or None
        _refuse(None if unit is None else unit_problem(unit))
    except ValueError as error:
        return Wrong(f"{place}:{places[part] + 1}", f"{part}: {error}")
    return name, unit, Point(at, value)


def number_of(cell: Cell) -> float:
    """A number as people write one: 1,830 and -2.5 and 1e6, or infinite. Raises ValueError."""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        try:
            return float(cell)
        except OverflowError as error:
            raise ValueError("is too large a number") from error
    text = (text_of(cell) or "").strip()
    if not text:
        raise ValueError("is empty: leave the row out where there is no number")
    if len(text) > _LONGEST or _NUMBER.fullmatch(text) is None:
        raise ValueError(f"{text[:40]!r} is no number, such as 1,830 or -2.5")
    return float(text.replace(",", ""))


def _refuse(problem: str | None) -> None:
    if problem is not None:
        raise ValueError(problem)
