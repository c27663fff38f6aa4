"""What a search asks for, as it stands in the address: a link shows what its sender saw."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from starlette.datastructures import QueryParams

from service.posts import BadFilter, PageRequest, parse_page
from service.stores import FacetField, SortOrder

FACETS = (
    FacetField.MONITOR,
    FacetField.SENTIMENT,
    FacetField.EMOTION,
    FacetField.SCENARIO,
    FacetField.CATEGORY,
    FacetField.INTENT,
    FacetField.SOURCE,
    FacetField.CHANNEL,
)
"""What the matches are broken down by, each a filter of the same name."""
_LISTS = (*(facet.value for facet in FACETS), "topic", "author", "copy_group")
_SINGLE = ("q", "from", "to", "severity", "sort", "after", "fold", "period")
_OTHER_NAMES = {"since": "from", "until": "to"}
"""Links that were made for the API are good here too."""
_PARAMETERS = {"q": "query", "from": "since", "to": "until", "after": "cursor"}
_OF_PAGE = frozenset({"fold", "period"})
_LONGEST = 10_000
PAGE = 30


class Period(StrEnum):
    """A time that ends now."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    ALL = "all"

    @property
    def length(self) -> timedelta | None:
        """None without an end in the past."""
        days = {Period.DAY: 1, Period.WEEK: 7, Period.MONTH: 30}
        return None if self is Period.ALL else timedelta(days=days[self])


@dataclass(frozen=True, slots=True)
class Asking:
    """The values of the address by name; what is not set is not there."""

    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def one(self, name: str) -> str:
        """The value of a name, empty where it is not set."""
        return next(iter(self.values.get(name, ())), "")

    def many(self, name: str) -> tuple[str, ...]:
        """Every value of a name."""
        return self.values.get(name, ())

    def having(self, **changed: str | Sequence[str]) -> Asking:
        """The same, from its first page, with other values; an empty one takes it away."""
        values = {**self.values, "after": ()}
        for name, given in changed.items():
            several = (given,) if isinstance(given, str) else tuple(given)
            values[name.rstrip("_")] = tuple(value for value in several if value)
        return Asking({name: given for name, given in values.items() if given})

    def toggled(self, name: str, value: str) -> Asking:
        """With a value of a list, or without it where it was there."""
        there = self.many(name)
        kept = tuple(one for one in there if one != value)
        return self.having(**{name: kept if len(kept) < len(there) else (*there, value)})

    @property
    def folded(self) -> bool:
        """Whether copies stand behind the first of them."""
        return self.one("fold") != "no"

    @property
    def period(self) -> Period | None:
        """The time that ends now; None where times are given. A week, unless it is said what the
        posts have in common whenever they were written."""
        if self.one("from") or self.one("to"):
            return None
        if self.one("period") in set(Period):
            return Period(self.one("period"))
        return Period.ALL if self.many("author") or self.many("copy_group") else Period.WEEK

    def address(self) -> str:
        """The question of the address: `?q=…`, or empty."""
        pairs = [(name, value) for name, given in self.values.items() for value in given]
        return f"?{urlencode(pairs, errors='replace')}" if pairs else ""

    def parameters(self, zone: ZoneInfo, *, now: datetime) -> dict[str, list[str]]:
        """The same as the API takes it; times without a zone are of `zone`."""
        found = {
            _PARAMETERS.get(name, name): list(given)
            for name, given in self.values.items()
            if name not in _OF_PAGE
        }
        for name in ("since", "until"):
            if name in found:
                found[name] = [_zoned(value, zone) for value in found[name]]
        period = self.period
        if period is not None and period.length is not None:
            # To the minute, so that a cursor of a page means the same on the next one.
            begin = (now - period.length).replace(second=0, microsecond=0)
            found["since"] = [begin.astimezone(UTC).isoformat()]
        return found

    def fixed(self, zone: ZoneInfo, *, now: datetime) -> Asking:
        """The same with its times written out, as a page that goes on must have them."""
        period = self.period
        if period is None or period.length is None:
            return self
        since = self.parameters(zone, now=now)["since"][0]
        values = {name: given for name, given in self.values.items() if name != "period"}
        return Asking({**values, "from": (since,)})

    def request(self, zone: ZoneInfo, *, now: datetime) -> PageRequest:
        """The page of posts that is asked for. Raises BadFilter with every mistake."""
        return replace(parse_page(self.parameters(zone, now=now), zone=zone), limit=PAGE)


def read_asking(address: QueryParams) -> Asking:
    """What an address asks for; names that mean nothing here are left out."""
    values: dict[str, tuple[str, ...]] = {}
    for name in dict.fromkeys(address.keys()):
        ours = _OTHER_NAMES.get(name, name)
        given = [value[:_LONGEST] for value in address.getlist(name) if value]
        if ours in _LISTS:
            parts = (part.strip() for value in given for part in value.split(","))
            values[ours] = tuple(dict.fromkeys(filter(None, parts)))
        elif ours in _SINGLE:
            values[ours] = tuple(given[:1])
    return Asking({name: given for name, given in values.items() if given})


def problems_of(error: BadFilter) -> dict[str, str]:
    """The mistakes of a search by the names that the page has for them."""
    names = {parameter: name for name, parameter in _PARAMETERS.items()}
    return {names.get(path, path): message for path, message in error.errors}


def sort_of(asking: Asking) -> SortOrder:
    """The order; the newest first unless told."""
    given = asking.one("sort")
    return SortOrder(given) if given in set(SortOrder) else SortOrder.NEWEST


def _zoned(value: str, zone: ZoneInfo) -> str:
    """A local time as a browser's field has it, with its zone; anything else as it is."""
    try:
        instant = datetime.fromisoformat(value)
    except ValueError:
        return value
    if "T" not in value or instant.tzinfo is not None:
        return value
    return instant.replace(tzinfo=zone).isoformat()
