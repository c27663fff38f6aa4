"""What a list is asked for, what it answers, and how the question stands in the address."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Generic, Self, TypeVar
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

ItemT = TypeVar("ItemT")

_SORT, _FROM, _AFTER = "sort", "from", "after"
_LONGEST = 1_000
"""Characters of one value out of an address."""
_FARTHEST = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """One page of a list. `offset` counts from 0; `cursor` is where a cursor's page begins, None
    at the first; `sort` is the name of a column, empty for the list's own order."""

    limit: int = 50
    offset: int = 0
    cursor: str | None = None
    sort: str = ""
    descending: bool = False
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def many(self, name: str) -> tuple[str, ...]:
        """Every value of a filter; none where it is not set."""
        return self.filters.get(name, ())

    def one(self, name: str) -> str | None:
        """The value of a filter, None where it is not set."""
        values = self.many(name)
        return values[0] if values else None

    def text(self, name: str) -> str:
        """The text of a filter, without spaces around it."""
        return (self.one(name) or "").strip()

    def day(self, name: str) -> date | None:
        """The day of a filter; None where it is not set, or is no day."""
        try:
            return date.fromisoformat(self.one(name) or "")
        except ValueError:
            return None

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return any(self.filters.values())

    def first_page(self) -> ListQuery:
        """The same, from the beginning."""
        return replace(self, offset=0, cursor=None)


@dataclass(frozen=True, slots=True)
class Rows(Generic[ItemT]):
    """A page: with the `total` of all that match, or with the cursor of the `following` page."""

    items: Sequence[ItemT]
    total: int | None = None
    following: str | None = None

    @classmethod
    def cut(cls, every: Sequence[ItemT], query: ListQuery) -> Self:
        """The page out of a short list that is there as a whole."""
        return cls(every[query.offset : query.offset + query.limit], total=len(every))


def read_query(
    address: QueryParams,
    *,
    prefix: str,
    filters: Sequence[tuple[str, frozenset[str] | None]],
    sortable: frozenset[str],
    limit: int,
    sort: str,
) -> ListQuery:
    """The question that an address asks; whatever in it means nothing is left out.

    `filters` are names with the values that they know, None for any. `sort` is the order of a list
    whose address says nothing: a column, with `-` in front for descending.
    """
    chosen: dict[str, tuple[str, ...]] = {}
    for name, known in filters:
        values = (value[:_LONGEST] for value in address.getlist(prefix + name))
        chosen[name] = tuple(
            value for value in values if value and (known is None or value in known)
        )
    asked = address.get(prefix + _SORT, sort)
    if asked.lstrip("-") not in sortable:
        asked = sort
    begin = address.get(prefix + _FROM, "")
    return ListQuery(
        limit=limit,
        offset=min(int(begin), _FARTHEST) if begin.isascii() and begin.isdigit() else 0,
        cursor=address.get(prefix + _AFTER, "")[:_LONGEST] or None,
        sort=asked.lstrip("-"),
        descending=asked.startswith("-"),
        filters=chosen,
    )


def write_query(query: ListQuery, address: QueryParams, *, prefix: str, sort: str) -> str:
    """The address's question, with what it says of other things untouched: `?tier=red` or empty."""
    ours = {prefix + name for name in (*query.filters, _SORT, _FROM, _AFTER)}
    pairs = [(name, value) for name, value in address.multi_items() if name not in ours]
    for name, values in query.filters.items():
        pairs += [(prefix + name, value) for value in values]
    order = f"-{query.sort}" if query.descending else query.sort
    if order != sort:
        pairs.append((prefix + _SORT, order))
    if query.offset:
        pairs.append((prefix + _FROM, str(query.offset)))
    if query.cursor:
        pairs.append((prefix + _AFTER, query.cursor))
    return f"?{urlencode(pairs, errors='replace')}" if pairs else ""
