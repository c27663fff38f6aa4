"""The scene of an installation: its posts, what watches them, and what people said of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from playbooks import Library
from service.backtest.history import read_history
from service.backtest.labels import read_labels
from service.backtest.model import Scene, Stage
from service.db import Database
from service.errors import InvalidInput
from service.monitors import Brands, Monitors
from service.stores import PostStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What a back-test reads; nothing of it is written to."""

    database: Database
    store: PostStore
    brands: Brands
    monitors: Monitors
    library: Callable[[], Library]
    zone: ZoneInfo


async def read_scene(
    place: Installation,
    *,
    since: datetime | None,
    until: datetime | None,
    monitor: str | None,
    tell: Callable[[int, int], None],
) -> Scene:
    """The stored posts of the enabled monitors, or of one, between two instants.

    Raises InvalidInput for an unknown monitor, and where no post lies in that time.
    """
    watching = await place.monitors.every(enabled_only=True)
    chosen = tuple(item for item in watching if monitor in (None, item.id))
    if not chosen:
        known = ", ".join(item.id for item in watching) or "none"
        wanted = "no monitor is switched on" if monitor is None else f"no monitor {monitor}"
        raise InvalidInput(f"{wanted}; there are: {known}", errors=[("monitor", wanted)])
    if since is not None and until is not None and until <= since:
        raise InvalidInput("the time ends before it begins", errors=[("to", "after `from`")])
    posts = await read_history(
        place.store,
        monitors=tuple(item.id for item in chosen),
        since=since,
        until=until,
        tell=tell,
    )
    begins = since or posts[0].published_at
    async with place.database.read() as connection:
        labels = await read_labels(connection, since=begins, until=posts[-1].published_at)
    stage = Stage(brands=await place.brands.every(), monitors=chosen, zone=place.zone, since=begins)
    return Scene(posts=posts, stage=stage, library=place.library(), labels=labels)
