"""Causes by the hour, the weekday and what imported series were like, with what is no chance."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta, tzinfo
from enum import StrEnum

import numpy as np

from nlp.causes import CauseFinder
from service.auth import Action, Principal, Resource
from service.errors import InvalidInput
from service.indicators.causes.association import Cell, Counts, Shuffle, cells
from service.indicators.causes.bands import (
    HOURS,
    Band,
    Banded,
    Per,
    by_hour,
    by_values,
    by_weekday,
    local_days,
    values_of,
)
from service.indicators.causes.told import Told, teller
from service.indicators.sample import MOST_READ, read_posts
from service.indicators.surroundings import Surroundings
from service.indicators.window import Window
from service.series import MOST_POINTS, Point, SeriesBook
from service.stores import PostQuery, PostStore

LONGEST = timedelta(days=366)
MOST_SERIES = 5
MOST_EDGES = 5
MOST_READ_POINTS = 200_000
LEAST_POSTS = 10
"""Causes with fewer read posts are in no table."""
LEAST_DAYS = 14
SIGNIFICANT = 0.01
"""So one in a hundred answers about what has nothing in common finds something all the same."""


class Daily(StrEnum):
    """What hours have on their own."""

    HOUR = "hour"
    WEEKDAY = "weekday"


class Unsaid(StrEnum):
    """Why a factor has no table."""

    NOT_ENOUGH_DATA = "not_enough_data"
    """Fewer than 14 days, or no cause with 10 posts."""
    ONE_BAND = "one_band"
    """Hours with posts are all alike, or the series says nothing of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One cell. `p_adjusted` is None where too few posts are expected to test it."""

    cause: str
    band: str
    n: int
    expected: float
    lift: float | None
    p_adjusted: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BandSeen:
    """A band with the hours of the window in it, and the read posts of those."""

    band: Band
    hours: int
    posts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Causes against the bands of one factor: `hour`, `weekday` or a series by its name."""

    factor: str
    unit: str | None
    reason: Unsaid | None
    bands: tuple[BandSeen, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A cause that goes with a band more than chance would have it."""

    cause: str
    factor: str
    band: str
    n: int
    expected: float
    lift: float
    p_adjusted: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossed:
    """`findings` are the surest first, of equally sure ones that with most posts too many."""

    version: str
    posts: int
    read: int
    tables: tuple[Table, ...]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Factor:
    name: str
    unit: str | None
    banded: Banded
    shuffle: Shuffle


class CrossTables:
    """Reads the post store and series; changes nothing."""

    def __init__(
        self,
        *,
        store: PostStore,
        series: SeriesBook,
        surroundings: Surroundings,
        finder: CauseFinder,
        zone: tzinfo,
        most: int = MOST_READ,
    ) -> None:
        self._store = store
        self._series = series
        self._surroundings = surroundings
        self._finder = finder
        self._zone = zone
        self._most = most

    async def crossed(
        self,
        actor: Principal,
        monitor_id: str,
        window: Window,
        *,
        scenario: str | None = None,
        daily: Collection[Daily] = frozenset(Daily),
        series: Sequence[str] = (),
        per: Per = Per.DAY,
        edges: Sequence[float] = (),
    ) -> Crossed:
        """The monitor's causes against each factor; `edges` cut the series, thirds where there are
        none. Raises Forbidden, InvalidInput, NotFound for the monitor or a series, StoreError.
        """
        actor.require(Action.READ, Resource.INDICATOR, monitor=monitor_id)
        _check(window, series, edges)
        await self._surroundings.monitor(monitor_id)
        days = local_days(window.since, window.until, self._zone)
        factors = []
        if Daily.HOUR in daily:
            factors.append(_Factor(Daily.HOUR.value, None, by_hour(days), Shuffle.HOURS))
        if Daily.WEEKDAY in daily:
            factors.append(_Factor(Daily.WEEKDAY.value, None, by_weekday(days), Shuffle.DAYS))
        for name in dict.fromkeys(series):
            unit = await self._series.unit(name)
            values = values_of(await self._points(name, window), days, self._zone, per=per)
            factors.append(_Factor(name, unit, by_values(values, edges), Shuffle.DAYS))
        found = await read_posts(
            self._store,
            PostQuery(monitors=(monitor_id,)),
            window,
            keep=teller(self._finder, monitor_id),
            most=self._most,
        )
        names = [cause.id for cause in self._finder.of_scenario(scenario)]
        tables = await asyncio.to_thread(_tables, found.items, names, factors, days, self._zone)
        return Crossed(
            version=self._finder.version,
            posts=found.of,
            read=found.n,
            tables=tables,
            findings=findings(tables),
        )

    async def _points(self, name: str, window: Window) -> list[Point]:
        """The points of the window, and of a day before that may reach into it."""
        points: list[Point] = []
        while True:
            more = await self._series.points(
                name,
                since=window.since - timedelta(days=1),
                until=window.until,
                after=points[-1].at if points else None,
            )
            points += more
            if len(more) < MOST_POINTS:
                return points
            if len(points) >= MOST_READ_POINTS:
                message = f"more than {MOST_READ_POINTS:,} points in the window: take a shorter one"
                raise InvalidInput(f"series {name}: {message}", errors=[("series", message)])


def findings(tables: Sequence[Table]) -> tuple[Finding, ...]:
    """What is above chance in any of the tables, whose p is corrected for their number already."""
    found = [
        Finding(
            cause=row.cause,
            factor=table.factor,
            band=row.band,
            n=row.n,
            expected=row.expected,
            lift=row.lift,
            p_adjusted=row.p_adjusted,
        )
        for table in tables
        for row in table.rows
        if row.p_adjusted is not None
        and row.p_adjusted <= SIGNIFICANT
        and row.lift is not None
        and row.n >= LEAST_POSTS
    ]
    return tuple(
        sorted(found, key=lambda item: (item.p_adjusted, item.expected - item.n, item.cause))
    )


def _tables(
    read: Sequence[Told],
    names: Sequence[str],
    factors: Sequence[_Factor],
    days: Sequence[date],
    zone: tzinfo,
) -> tuple[Table, ...]:
    places = {day: row for row, day in enumerate(days)}
    rows = {name: row for row, name in enumerate(names)}
    posts: Counts = np.zeros((len(days), HOURS), dtype=np.int64)
    named: Counts = np.zeros((len(names), len(days), HOURS), dtype=np.int64)
    for told in read:
        local = told.at.astimezone(zone)
        day = places[local.date()]
        posts[day, local.hour] += 1
        for name in told.causes:
            if name in rows:
                named[rows[name], day, local.hour] += 1
    kept = [row for row, posts_of in enumerate(named.sum(axis=(1, 2))) if posts_of >= LEAST_POSTS]
    some = [names[row] for row in kept]
    return tuple(
        _table(factor, some, named[kept], posts, factors=len(factors)) for factor in factors
    )


def _table(
    factor: _Factor, names: Sequence[str], named: Counts, posts: Counts, *, factors: int
) -> Table:
    grid, bands = factor.banded.grid, factor.banded.bands
    seen = tuple(
        BandSeen(band=band, hours=int((grid == place).sum()), posts=int(posts[grid == place].sum()))
        for place, band in enumerate(bands)
    )
    table = Table(factor=factor.name, unit=factor.unit, reason=None, bands=seen, rows=())
    if not names or int(posts.any(axis=1).sum()) < LEAST_DAYS:
        return replace(table, reason=Unsaid.NOT_ENOUGH_DATA)
    if sum(item.posts > 0 for item in seen) < 2:
        return replace(table, reason=Unsaid.ONE_BAND)
    found = cells(named, posts, grid, bands=len(bands), shuffle=factor.shuffle)
    rows = tuple(_row(cell, names, bands, factors=factors) for cell in found)
    return replace(table, rows=rows)


def _row(cell: Cell, names: Sequence[str], bands: Sequence[Band], *, factors: int) -> Row:
    # Each factor is a test of its own: after Bonferroni.
    return Row(
        cause=names[cell.cause],
        band=bands[cell.band].label,
        n=cell.n,
        expected=cell.expected,
        lift=cell.lift,
        p_adjusted=None if cell.p is None else min(1.0, cell.p * factors),
    )


def _check(window: Window, series: Sequence[str], edges: Sequence[float]) -> None:
    wrong: list[tuple[str, str]] = []
    if window.length > LONGEST:
        wrong.append(("since", f"at most {LONGEST.days} days before `until`"))
    if len(series) > MOST_SERIES:
        wrong.append(("series", f"at most {MOST_SERIES}"))
    if len(edges) > MOST_EDGES or list(edges) != sorted(set(edges)):
        wrong.append(("edges", f"at most {MOST_EDGES}, which grow"))
    if edges and not series:
        wrong.append(("edges", "they cut a series: name one"))
    if wrong:
        said = "; ".join(f"{path}: {message}" for path, message in wrong)
        raise InvalidInput(said, errors=wrong)
