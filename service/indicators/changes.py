"""Changes of stored posts' measures, put down to sources, topics, authors and brands."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from service.auth import Action, Principal, Resource
from service.indicators.attribution import (
    Attribution,
    Cell,
    Key,
    Table,
    attribute_ratio,
    attribute_sum,
    shortened,
)
from service.indicators.surroundings import Surroundings
from service.indicators.window import Window
from service.monitors import Monitor
from service.stores import AuthorCell, PostQuery, PostStore

MOST_VALUES = 8
"""Of each dimension; the rest is one value."""
MOST_MONITORS = 20
KNOWN_FOR = timedelta(days=90)
"""An author who wrote for the monitor in this time before the window is a returning one."""
UNMARKED = "(none)"
"""No topic: the post was stored before there were topics, or nothing fits."""
_MANY, _SOME = 100_000, 1_000


class Measure(StrEnum):
    """What changed. The last two are ratios, over posts with a sentiment."""

    VOLUME = "volume"
    NEGATIVE = "negative"
    ENGAGEMENT = "engagement"
    NEGATIVE_SHARE = "negative_share"
    NET_SENTIMENT = "net_sentiment"

    @property
    def is_ratio(self) -> bool:
        return self in {Measure.NEGATIVE_SHARE, Measure.NET_SENTIMENT}


class AuthorsBy(StrEnum):
    """How authors are grouped: verified, or by followers; or by whether they wrote before."""

    STANDING = "standing"
    FAMILIARITY = "familiarity"


class AuthorGroup(StrEnum):
    VERIFIED = "verified"
    LARGE = "followers_100000_up"
    MIDDLE = "followers_1000_up"
    SMALL = "followers_below_1000"
    NEW = "new"
    RETURNING = "returning"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """`found` is None where one of the windows has no post to measure."""

    found: Attribution | None
    dimensions: tuple[str, ...]
    before: Window
    after: Window


class Changes:
    """Reads the post store; changes nothing."""

    def __init__(self, *, store: PostStore, surroundings: Surroundings) -> None:
        self._store = store
        self._surroundings = surroundings

    async def explain(
        self,
        actor: Principal,
        monitor_ids: Sequence[str],
        measure: Measure,
        *,
        before: Window,
        after: Window,
        authors_by: AuthorsBy = AuthorsBy.STANDING,
    ) -> Explained:
        """The change from one window to the other, of all monitors together: a post of several
        counts for each. Raises Forbidden, NotFound, StoreError.
        """
        for monitor_id in monitor_ids:
            actor.require(Action.READ, Resource.INDICATOR, monitor=monitor_id)
        monitors = [await self._surroundings.monitor(item) for item in monitor_ids]
        versions = {item.id: await self._surroundings.topics(item.id) for item in monitors}
        dimensions = ["source", "author"]
        if any(versions.values()):
            dimensions.insert(1, "topic")
        if len({_brand(item) for item in monitors}) > 1:
            dimensions.append("brand")
        tables = []
        for window in (before, after):
            table: defaultdict[Key, Cell] = defaultdict(lambda: Cell(0.0, 0.0))
            for monitor in monitors:
                groups, cells = await self._read(
                    monitor, window, topics=versions[monitor.id], by=authors_by
                )
                await asyncio.to_thread(
                    _add, table, cells, groups, _brand(monitor), dimensions, measure
                )
            tables.append(dict(table))
        found = await asyncio.to_thread(_attribute, tables[0], tables[1], dimensions, measure)
        return Explained(found=found, dimensions=tuple(dimensions), before=before, after=after)

    async def _read(
        self, monitor: Monitor, window: Window, *, topics: str | None, by: AuthorsBy
    ) -> tuple[Mapping[str, AuthorGroup], Sequence[AuthorCell]]:
        query = PostQuery(monitors=(monitor.id,), since=window.since, until=window.until)
        cells = await self._store.author_cells(query, topics=topics)
        if by is AuthorsBy.STANDING:
            return await asyncio.to_thread(by_standing, cells), cells
        past = PostQuery(monitors=(monitor.id,), since=window.since - KNOWN_FOR, until=window.since)
        known = await self._store.authors(past)
        writers = {cell.author for cell in cells if cell.author is not None}
        return {
            author: AuthorGroup.RETURNING if author in known else AuthorGroup.NEW
            for author in writers
        }, cells


def by_standing(cells: Sequence[AuthorCell]) -> dict[str, AuthorGroup]:
    """Each author's group, by the best that was seen of it in all its cells."""
    followers: dict[str, int] = {}
    verified = {cell.author for cell in cells if cell.verified}
    for cell in cells:
        if cell.author is not None and cell.followers is not None:
            followers[cell.author] = max(cell.followers, followers.get(cell.author, 0))
    return {
        author: AuthorGroup.VERIFIED if author in verified else follower_band(followers.get(author))
        for author in {cell.author for cell in cells if cell.author is not None}
    }


def follower_band(followers: int | None) -> AuthorGroup:
    """The group of an author who is not verified."""
    if followers is None:
        return AuthorGroup.UNKNOWN
    if followers >= _MANY:
        return AuthorGroup.LARGE
    return AuthorGroup.MIDDLE if followers >= _SOME else AuthorGroup.SMALL


def _add(
    table: defaultdict[Key, Cell],
    cells: Sequence[AuthorCell],
    groups: Mapping[str, AuthorGroup],
    brand: str,
    dimensions: Sequence[str],
    measure: Measure,
) -> None:
    for cell in cells:
        group = AuthorGroup.UNKNOWN if cell.author is None else groups[cell.author]
        values = {
            "source": cell.source,
            "topic": UNMARKED if cell.topic is None else cell.topic,
            "author": group.value,
            "brand": brand,
        }
        key = tuple(values[name] for name in dimensions)
        held, more = table[key], measured(cell, measure)
        table[key] = Cell(held.part + more.part, held.whole + more.whole)


def measured(cell: AuthorCell, measure: Measure) -> Cell:
    """What the posts of a cell add to the measure."""
    match measure:
        case Measure.VOLUME:
            return Cell(cell.posts)
        case Measure.NEGATIVE:
            return Cell(cell.negative)
        case Measure.ENGAGEMENT:
            return Cell(cell.engagement)
        case Measure.NEGATIVE_SHARE:
            return Cell(cell.negative, cell.rated)
        case Measure.NET_SENTIMENT:
            return Cell(cell.positive - cell.negative, cell.rated)


def _attribute(
    before: Table, after: Table, dimensions: Sequence[str], measure: Measure
) -> Attribution | None:
    before, after = shortened(before, after, most=MOST_VALUES)
    if measure.is_ratio:
        return attribute_ratio(before, after, dimensions=dimensions)
    return attribute_sum(before, after, dimensions=dimensions)


def _brand(monitor: Monitor) -> str:
    """The brand; of a monitor without one the monitor itself."""
    return monitor.brand_id or f"monitor:{monitor.id}"
