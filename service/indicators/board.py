"""The board: figures of a monitor's window, what they were before, and how they went."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from itertools import pairwise

from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.indicators import records
from service.indicators.definition import IndicatorId, Origin, Unit
from service.indicators.definitions import DEFINITIONS
from service.indicators.figure import Figure, Ingredients, figure
from service.indicators.links import Link, links
from service.indicators.surroundings import Surroundings
from service.indicators.window import Bucket, Earlier, Window, earlier, edges
from service.monitors import Monitor
from service.stores import PostQuery, PostStore, Tally

_COUNTS = frozenset({Unit.POSTS, Unit.PEOPLE, Unit.ACTS})
_OF_POSTS = frozenset({Origin.POSTS, Origin.RIVALS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The same figure of an earlier window; `change` is the difference, `ratio` that as a part of
    what it was, a count of 0 taken as 1. None where one of the two has no value, or what is no
    count was 0."""

    window: Window
    figure: Figure
    change: float | None
    ratio: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One indicator of one window. `series` are the figures of its buckets, if asked for."""

    indicator: IndicatorId
    figure: Figure
    before: Mapping[Earlier, Comparison]
    series: tuple[tuple[Window, Figure], ...]
    links: tuple[Link, ...]


class IndicatorBoard:
    """Reads; changes nothing. Posts are counted by aggregation in the post store."""

    def __init__(
        self,
        *,
        database: Database,
        store: PostStore,
        clock: Clock,
        zone: tzinfo,
        surroundings: Surroundings,
    ) -> None:
        self._database = database
        self._store = store
        self._clock = clock
        self._zone = zone
        self._surroundings = surroundings

    async def readings(
        self,
        actor: Principal,
        monitor_id: str,
        window: Window,
        *,
        indicators: Collection[IndicatorId] = frozenset(IndicatorId),
        bucket: Bucket | None = None,
        compared: Collection[Earlier] = frozenset(Earlier),
    ) -> tuple[Reading, ...]:
        """The indicators in the order of the design.

        Raises Forbidden, NotFound for the monitor, InvalidInput for too many buckets, StoreError.
        """
        actor.require(Action.READ, Resource.INDICATOR, monitor=monitor_id)
        monitor = await self._surroundings.monitor(monitor_id)
        cuts = () if bucket is None else edges(window, bucket, zone=self._zone)
        asked = [item for item in IndicatorId if item in frozenset(indicators)]
        rivals = await self._surroundings.rivals(monitor)
        gathering = _Gathering(self, monitor, asked, rivals)
        now = (await gathering.windows([window]))[0]
        past = {}
        for which in Earlier:
            if which in compared:
                then = earlier(window, which, zone=self._zone)
                past[which] = (then, (await gathering.windows([then]))[0])
        pieces = [Window(since=since, until=until) for since, until in pairwise(cuts)]
        course = await gathering.windows(pieces)
        readings = []
        for item in asked:
            found = figure(item, now)
            readings.append(
                Reading(
                    indicator=item,
                    figure=found,
                    before={
                        which: _compared(item, found, then, figure(item, given))
                        for which, (then, given) in past.items()
                    },
                    series=tuple(
                        (piece, figure(item, given))
                        for piece, given in zip(pieces, course, strict=True)
                    ),
                    links=links(
                        item,
                        found,
                        posts=None if now.tally is None else now.tally.posts,
                        monitor=monitor_id,
                        rivals=rivals,
                        window=window,
                    ),
                )
            )
        return tuple(readings)

    async def ingredients(
        self,
        monitor: Monitor,
        windows: Sequence[Window],
        *,
        origins: Collection[Origin],
        rivals: Sequence[str],
    ) -> list[Ingredients]:
        """Of windows that follow one another, what the indicators of these origins need."""
        if not windows:
            return []
        found = [Ingredients() for _ in windows]
        if not _OF_POSTS.isdisjoint(origins):
            found = await self._of_posts(monitor, windows)
        if Origin.RIVALS in origins and rivals:
            theirs = [
                await self._store.count(
                    PostQuery(monitors=tuple(rivals), since=item.since, until=item.until)
                )
                for item in windows
            ]
            found = [replace(one, rivals=n) for one, n in zip(found, theirs, strict=True)]
        now = self._clock.now()
        async with self._database.read() as connection:
            if Origin.INCIDENTS in origins:
                responses = await records.responses(connection, monitor.id, windows)
                again = await records.recurrences(connection, monitor.id, windows)
                found = [
                    replace(one, response=response, recurrences=recurrences)
                    for one, response, recurrences in zip(found, responses, again, strict=True)
                ]
            if Origin.STEPS in origins:
                late = await records.breaches(connection, monitor.id, windows, now=now)
                found = [replace(one, breaches=n) for one, n in zip(found, late, strict=True)]
            if Origin.FEEDS in origins:
                dark = await records.unseen(connection, windows, now=now)
                found = [replace(one, unseen=n) for one, n in zip(found, dark, strict=True)]
        return found

    async def _of_posts(self, monitor: Monitor, windows: Sequence[Window]) -> list[Ingredients]:
        query = PostQuery(monitors=(monitor.id,))
        cuts = [windows[0].since, *(item.until for item in windows)]
        tallies = await self._store.tallies(query, edges=cuts)
        topics = await self._surroundings.topics(monitor.id)
        begun = await self._begun(query, tallies)
        found = []
        for tally in tallies:
            begun = begun or tally.posts > 0
            found.append(Ingredients(tally=tally, begun=begun, topics=topics))
        return found

    async def _begun(self, query: PostQuery, tallies: Sequence[Tally]) -> bool:
        """Whether there were posts before the first window, asked only where that matters."""
        if tallies[0].posts:
            return True
        return await self._store.count(replace(query, until=tallies[0].start)) > 0


@dataclass(frozen=True, slots=True)
class _Gathering:
    board: IndicatorBoard
    monitor: Monitor
    asked: Sequence[IndicatorId]
    rivals: Sequence[str]

    async def windows(self, windows: Sequence[Window]) -> list[Ingredients]:
        origins = {DEFINITIONS[item].origin for item in self.asked}
        return await self.board.ingredients(
            self.monitor, windows, origins=origins, rivals=self.rivals
        )


def _compared(item: IndicatorId, now: Figure, window: Window, then: Figure) -> Comparison:
    change = ratio = None
    if now.value is not None and then.value is not None:
        change = now.value - then.value
        # A count that comes from nothing has grown all the same: as if it had been 1.
        base = abs(then.value) or (1.0 if DEFINITIONS[item].unit in _COUNTS else None)
        ratio = None if base is None else change / base
    return Comparison(window=window, figure=then, change=change, ratio=ratio)
