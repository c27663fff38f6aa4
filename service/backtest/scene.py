"""The scene of an installation: its posts, what watches them, and what people said of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from nlp.errors import BadQuery
from nlp.query import parse_query
from service.backtest.history import Choose, read_history
from service.backtest.labels import read_labels
from service.backtest.model import Scene, Stage
from service.coverage import CANARY
from service.db import Database
from service.errors import InvalidInput
from service.ingest.membership import memberships
from service.monitors import BrandDirectory, Brands, Monitor, MonitorDraft, Monitors
from service.rules import RulesInForce
from service.stores import PostStore, StoredPost

_YEARS = (1900, 9000)
"""Room on both sides for the weeks of warming up and the day after the last post."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What a back-test reads; nothing of it is written to."""

    database: Database
    store: PostStore
    brands: Brands
    monitors: Monitors
    rules: Callable[[], RulesInForce]
    zone: ZoneInfo


def require_span(since: datetime | None, until: datetime | None) -> None:
    """Raises InvalidInput for a turned time, and for one at the ends of the calendar."""
    for name, edge in (("from", since), ("to", until)):
        if edge is not None and not _YEARS[0] <= edge.year <= _YEARS[1]:
            said = f"in the years {_YEARS[0]} to {_YEARS[1]}"
            raise InvalidInput(f"{name}: {said}", errors=[(name, said)])
    if since is not None and until is not None and until <= since:
        raise InvalidInput("the time ends before it begins", errors=[("to", "after `from`")])


async def read_scene(
    place: Installation,
    *,
    since: datetime | None,
    until: datetime | None,
    monitor: str | None,
    tell: Callable[[int, int], None],
    watch: MonitorDraft | None = None,
) -> Scene:
    """The stored posts of the enabled monitors, or of one, between two instants.

    With `watch` those that its query takes, as its back-fill would sort them. Raises InvalidInput
    for an unknown monitor, a query that cannot be read, and where no post lies in that time.
    """
    require_span(since, until)
    chosen = () if watch is not None else await _watching(place, monitor)
    posts = await read_history(
        place.store,
        monitors=tuple(item.id for item in chosen),
        since=since,
        until=until,
        tell=tell,
        choose=None if watch is None else await _taking(place, watch),
    )
    if watch is not None:
        chosen = (_as_saved(watch, at=posts[0].published_at),)
    begins = since or posts[0].published_at
    async with place.database.read() as connection:
        labels = await read_labels(connection, since=begins, until=posts[-1].published_at)
    stage = Stage(brands=await place.brands.every(), monitors=chosen, zone=place.zone, since=begins)
    return Scene(posts=posts, stage=stage, rules=place.rules(), labels=labels)


async def _watching(place: Installation, monitor: str | None) -> tuple[Monitor, ...]:
    watching = await place.monitors.every(enabled_only=True)
    chosen = tuple(item for item in watching if monitor in (None, item.id))
    if not chosen:
        known = ", ".join(item.id for item in watching) or "none"
        wanted = "no monitor is switched on" if monitor is None else f"no monitor {monitor}"
        raise InvalidInput(f"{wanted}; there are: {known}", errors=[("monitor", wanted)])
    return chosen


async def _taking(place: Installation, watch: MonitorDraft) -> Choose:
    """Takes the posts of the query, each as a post of that monitor alone."""
    try:
        query = parse_query(watch.query)
    except BadQuery as error:
        raise InvalidInput(
            f"the query cannot be read: {error}", errors=[("query", str(error))]
        ) from error
    directory = BrandDirectory(place.database, place.brands)
    await directory.refresh()
    sides = directory.sides(watch.brand_id)

    async def choose(posts: Sequence[StoredPost]) -> Sequence[StoredPost]:
        watched = [post for post in posts if post.via != CANARY]
        found = await memberships(place.store, watched, query, sides)
        return [
            replace(
                post,
                monitors=(watch.id,),
                spared=(watch.id,) if found[post.id].spared else (),
            )
            for post in watched
            if found[post.id].member
        ]

    return choose


def _as_saved(watch: MonitorDraft, *, at: datetime) -> Monitor:
    return Monitor(
        id=watch.id,
        name=watch.name,
        query=watch.query,
        brand_id=watch.brand_id,
        backfill=None,
        created_at=at,
        updated_at=at,
        version=1,
    )
