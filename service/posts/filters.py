"""Search parameters as they come by HTTP, read into a PostQuery: all mistakes at once, by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import TypeVar

from service.posts.errors import BadFilter
from service.posts.written import WrittenQuery, read_written
from service.stores import FacetField, PostQuery, SortOrder

DEFAULT_LIMIT = 50
MOST_PER_PAGE = 200
LONGEST_TEXT = 500
MOST_VALUES = 50
LONGEST_VALUE = 512
MOST_BUCKETS = 2_000
SHORTEST_INTERVAL = timedelta(minutes=1)

Parameters = Mapping[str, Sequence[str]]
"""Each parameter with all the values given for it."""

_LISTS = {
    "monitor": "monitors",
    "source": "sources",
    "channel": "channels",
    "scenario": "scenarios",
    "category": "categories",
    "sentiment": "sentiments",
    "emotion": "emotions",
    "intent": "intents",
    "topic": "topics",
    "author": "authors",
    "copy_group": "copy_groups",
}
FILTER_NAMES = frozenset({"q", "query", "severity", "since", "until", *_LISTS})
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
Choice = TypeVar("Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """Which posts, in what order, and which page of them.

    `written` is the query in the monitors' grammar, whose condition is in `query` already.
    """

    query: PostQuery
    written: WrittenQuery | None = None
    sort: SortOrder = SortOrder.NEWEST
    limit: int = DEFAULT_LIMIT
    cursor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendRequest:
    """Which posts, and the buckets to count them in."""

    query: PostQuery
    interval: timedelta
    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetRequest:
    """Which posts, and what to break them down by."""

    query: PostQuery
    fields: tuple[FacetField, ...]
    limit: int = 20


def parse_page(parameters: Parameters, *, zone: tzinfo) -> PageRequest:
    """Filters with `sort`, `limit` (1 to 200) and `cursor`; BadFilter names every mistake.

    Days without a time are cut in `zone`.
    """
    reader = _Reader(parameters, zone)
    reader.refuse_unknown({"sort", "limit", "cursor"})
    request = PageRequest(
        query=reader.query(),
        written=reader.written,
        sort=reader.choice("sort", SortOrder) or SortOrder.NEWEST,
        limit=reader.integer("limit", lowest=1, highest=MOST_PER_PAGE) or DEFAULT_LIMIT,
        cursor=reader.single("cursor"),
    )
    reader.finish()
    return request


_WEEK = timedelta(days=7)
_EARLIEST = datetime.min.replace(tzinfo=UTC)


def parse_trend(parameters: Parameters, *, zone: tzinfo, now: datetime) -> TrendRequest:
    """Filters with `interval` (such as 10m, 1h, 1d; default 1h), from 1 to 2,000 buckets.

    Without `until` the trend ends now, without `since` it covers the week before its end.
    """
    reader = _Reader(parameters, zone)
    reader.refuse_unknown({"interval"})
    query = reader.query()
    interval = reader.interval("interval") or timedelta(hours=1)
    until = query.until or now
    since = query.since or max(until, _EARLIEST + _WEEK) - _WEEK
    if since >= until:
        reader.refuse("since", "lies at or after the end of the trend; give an earlier one")
    elif (until - since) / interval > MOST_BUCKETS:
        reader.refuse(
            "interval",
            f"cuts the time asked for into more than {MOST_BUCKETS:,}; take a longer one",
        )
    reader.finish()
    return TrendRequest(query=query, interval=interval, since=since, until=until)


def parse_facets(parameters: Parameters, *, zone: tzinfo) -> FacetRequest:
    """Filters with `field` (default: all) and `limit` values for each, 1 to 50."""
    reader = _Reader(parameters, zone)
    reader.refuse_unknown({"field", "limit"})
    request = FacetRequest(
        query=reader.query(),
        fields=reader.choices("field", FacetField) or tuple(FacetField),
        limit=reader.integer("limit", lowest=1, highest=MOST_VALUES) or 20,
    )
    reader.finish()
    return request


class _Reader:
    """Reads parameters one by one and remembers what is wrong with them."""

    def __init__(self, parameters: Parameters, zone: tzinfo) -> None:
        self._parameters = parameters
        self._zone = zone
        self._errors: list[tuple[str, str]] = []
        self.written = self._written()

    def refuse(self, name: str, message: str) -> None:
        self._errors.append((name, message))

    def refuse_unknown(self, also: set[str]) -> None:
        known = FILTER_NAMES | also
        for name in sorted(set(self._parameters) - known):
            self.refuse(name[:64], f"is no parameter here; known are {', '.join(sorted(known))}")

    def finish(self) -> None:
        """Raise BadFilter when anything was refused."""
        if self._errors:
            listed = "; ".join(f"{name} {message}" for name, message in self._errors)
            raise BadFilter(f"search parameters: {listed}", errors=self._errors)

    def _written(self) -> WrittenQuery | None:
        text = self.single("query")
        if text is None or not text.strip():
            return None
        try:
            return read_written(text)
        except BadFilter as error:
            for name, message in error.errors:
                self.refuse(name, message)
            return None

    def query(self) -> PostQuery:
        condition = None if self.written is None else self.written.condition
        text = self.single("q")
        if text is not None and len(text) > LONGEST_TEXT:
            self.refuse("q", f"is longer than {LONGEST_TEXT} characters; shorten it")
        since = self.instant("since", end_of_day=False)
        until = self.instant("until", end_of_day=True)
        if since is not None and until is not None and since >= until:
            self.refuse("until", "does not lie after since; swap them")
        lists = {field: self.values(name) for name, field in _LISTS.items()}
        severity = self.integer("severity", lowest=0, highest=5)
        return PostQuery(
            text=text,
            since=since,
            until=until,
            severity_at_least=severity,
            condition=condition,
            **lists,
        )

    def single(self, name: str) -> str | None:
        values = [value for value in self._parameters.get(name, ()) if value]
        if len(values) > 1:
            self.refuse(name, "is given more than once; give it once")
        return values[0] if values else None

    def values(self, name: str) -> tuple[str, ...]:
        """Repeated, or with commas between them; each once."""
        given = ",".join(self._parameters.get(name, ())).split(",")
        values = tuple(dict.fromkeys(value.strip() for value in given if value.strip()))
        if len(values) > MOST_VALUES:
            self.refuse(name, f"has more than {MOST_VALUES} values; split the search")
        if any(len(value) > LONGEST_VALUE for value in values):
            self.refuse(name, f"has a value of more than {LONGEST_VALUE} characters")
        return values

    def choice(self, name: str, kind: type[Choice]) -> Choice | None:
        value = self.single(name)
        if value is None:
            return None
        try:
            return kind(value)
        except ValueError:
            self.refuse(name, f"must be one of {', '.join(kind)}")
            return None

    def choices(self, name: str, kind: type[Choice]) -> tuple[Choice, ...]:
        known = {str(member): member for member in kind}
        values = self.values(name)
        if not known.keys() >= set(values):
            self.refuse(name, f"must be of {', '.join(kind)}")
        return tuple(known[value] for value in values if value in known)

    def integer(self, name: str, *, lowest: int, highest: int) -> int | None:
        value = self.single(name)
        if value is None:
            return None
        # int() would take blanks, underscores and numbers without end
        if value.isascii() and value.isdigit() and len(value) < 10:
            number = int(value)
            if lowest <= number <= highest:
                return number
        self.refuse(name, f"must be a whole number from {lowest} to {highest}")
        return None

    def interval(self, name: str) -> timedelta | None:
        value = self.single(name)
        if value is None:
            return None
        digits, unit = value[:-1], value[-1]
        if unit in _UNITS and digits.isascii() and digits.isdigit() and len(digits) < 5:
            length = int(digits) * _UNITS[unit]
            if length >= SHORTEST_INTERVAL:
                return length
        self.refuse(name, "must be a length such as 10m, 1h or 1d, one minute or longer")
        return None

    def instant(self, name: str, *, end_of_day: bool) -> datetime | None:
        """An ISO 8601 instant with its zone, or a day, of which `until` takes the end."""
        value = self.single(name)
        if value is None:
            return None
        try:
            if len(value) == len("2026-03-02"):
                day = date.fromisoformat(value) + timedelta(days=end_of_day)
                return datetime.combine(day, time(), self._zone).astimezone(UTC)
            # "+08:00" put into a URL without escaping arrives as " 08:00"
            instant = datetime.fromisoformat(value.replace(" ", "+") if "T" in value else value)
            if instant.tzinfo is None:
                self.refuse(name, "has no zone; add one, such as Z or +08:00")
                return None
            return instant.astimezone(UTC)
        except (ValueError, OverflowError):
            self.refuse(
                name, "must be a day (2026-03-02) or an instant (2026-03-02T14:00:00+08:00)"
            )
            return None
