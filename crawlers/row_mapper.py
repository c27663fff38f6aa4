"""Rows of a declared list read into the shape of posts, by whatever finds a value on a row."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, Generic, TypeVar

from crawlers.declaration import Declaration

RowT = TypeVar("RowT")


class RowMapper(Generic[RowT]):
    """Reads rows of one answer, and remembers which `fields` any of them had."""

    def __init__(
        self,
        declaration: Declaration,
        *,
        fields: Iterable[str],
        find: Callable[[str, RowT], Any],
        now: datetime,
        url: str,
    ) -> None:
        """`find` answers what stands for a field on a row, None where nothing does."""
        self._declaration = declaration
        self._fields = tuple(fields)
        self._missing = set(self._fields)
        self._find = find
        self._reading = declaration.reading(now=now, url=url)
        self._now = now

    def wire(self, row: RowT) -> dict[str, Any]:
        """One row in the shape that `parse_post` reads; raises what `shape` raises."""
        found = {name: self._find(name, row) for name in self._fields}
        values = {name: value for name, value in found.items() if value is not None}
        self._missing -= values.keys()
        declaration = self._declaration
        wire = declaration.wire(values, reading=self._reading, source=declaration.posts_source)
        wire["native_id"] = declaration.native_id(wire["native_id"], now=self._now)
        return wire

    def missing(self) -> list[tuple[str, str]]:
        """Fields that no row had at all and that are not said to be optional, as rejected."""
        lost = self._missing - set(self._declaration.optional)
        return [("every row", f"{name} is missing") for name in sorted(lost)]
