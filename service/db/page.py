"""One page of a list, and the key that continues it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, Table, and_, or_

T = TypeVar("T")

LIMIT = 200
"""Most items one page may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """`next` is the `after` of the following page, None at the end."""

    items: tuple[T, ...]
    next: str | None = None


def cut(rows: Sequence[T], *, limit: int, key: Callable[[T], str]) -> Page[T]:
    """A page of at most `limit` out of rows that were read with a limit one higher."""
    items = tuple(rows[:limit])
    return Page(items=items, next=key(items[-1]) if len(rows) > limit else None)


def newest_first(
    query: Select[Any], table: Table, *, after: tuple[datetime, str] | None, limit: int
) -> Select[Any]:
    """The rows of a page and one more, by `created_at` and `id` of the table, the newest first.

    `after` has both of the last row of the page before.
    """
    at_of, id_of = table.c.created_at, table.c.id
    if after is not None:
        at, last = after
        query = query.where(or_(at_of < at, and_(at_of == at, id_of < last)))
    return query.order_by(at_of.desc(), id_of.desc()).limit(limit + 1)
