"""One page of a list, and the key that continues it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

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
