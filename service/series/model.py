"""A series: numbers by time under one name, and what a write made of it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from crawlers.wire import EARLIEST, LATEST

NAME_PATTERN = r"[a-z0-9][a-z0-9_.-]{0,63}"
LONGEST_UNIT = 32
MOST_POINTS = 10_000
"""In one write; a series itself may grow on."""
MOST_SERIES = 1_000

_NAME = re.compile(NAME_PATTERN)
_POINT_KEYS = frozenset({"at", "value"})


@dataclass(frozen=True, slots=True)
class Point:
    """A finite number at an instant, aware UTC."""

    at: datetime
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """What is known of a series: how many points it has, and between which instants."""

    name: str
    unit: str
    points: int
    first_at: datetime | None
    last_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a write did: points that were new, that have another value now, that were so already."""

    name: str
    unit: str
    new: int
    changed: int
    unchanged: int


def name_problem(name: str) -> str | None:
    """What is wrong with the name of a series; None where it may be used."""
    if _NAME.fullmatch(name) is None:
        return "a small letter or digit, then up to 63 of those and _ . -, such as orders.shanghai"
    return None


def unit_problem(unit: str) -> str | None:
    """What is wrong with a unit; None where it may be used."""
    if len(unit) > LONGEST_UNIT or not unit.isprintable():
        return f"at most {LONGEST_UNIT} printable characters, such as 单 or °C"
    return None


def value_problem(value: float) -> str | None:
    """What is wrong with a value; None for a finite number."""
    return None if math.isfinite(value) else "no finite number: leave the row out where none is"


def instant_problem(at: datetime) -> str | None:
    """What is wrong with an aware instant; None inside the years that are taken."""
    if EARLIEST <= at < LATEST:
        return None
    return f"must lie from {EARLIEST:%Y-%m-%d} to before {LATEST:%Y-%m-%d}"


def read_points(items: Sequence[Any]) -> tuple[list[Point], list[tuple[str, str]]]:
    """The points of a JSON list, and (path, message) of every row that is none.

    A row is `{"at": ISO 8601 with a zone, "value": a finite number}`.
    """
    points: list[Point] = []
    problems: list[tuple[str, str]] = []
    for number, item in enumerate(items):
        read = _point(item)
        if isinstance(read, Point):
            points.append(read)
        else:
            path, message = read
            place = f"points[{number}]"
            problems.append((f"{place}.{path}" if path else place, message))
    return points, problems


def _point(item: Any) -> Point | tuple[str, str]:
    if not isinstance(item, Mapping):
        return "", "an object with `at` and `value`"
    if unknown := sorted(str(key) for key in item if key not in _POINT_KEYS):
        return unknown[0][:40], "unknown; a point has `at` and `value`"
    at, value = item.get("at"), item.get("value")
    try:
        instant = datetime.fromisoformat(at) if isinstance(at, str) else None
    except ValueError:
        instant = None
    if instant is None or instant.utcoffset() is None:
        return "at", "an ISO 8601 instant with a zone, such as 2026-03-01T08:00:00+08:00"
    if (problem := instant_problem(instant)) is not None:
        return "at", problem
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "value", "a number"
    try:
        number = float(value)
    except OverflowError:
        number = math.inf
    if (problem := value_problem(number)) is not None:
        return "value", problem
    return Point(instant.astimezone(UTC), number)
