"""Authors of the hour whom the monitor has not met before."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.stores.post_store import PostQuery, PostStore

MOST = 500
"""Authors of an hour up to whom their past is asked for."""
_HOUR = timedelta(hours=1)
_BEFORE = timedelta(days=30)
_TICK = timedelta(seconds=1)


async def count_newcomers(
    store: PostStore, monitor_id: str, scenario: str | None, *, now: datetime
) -> int | None:
    """Authors of the hour's posts (of one scenario, or None of all) new to the monitor.

    New: without any post under the monitor in the 30 days before the hour. None when the source
    names no authors, or more than `MOST`.
    """
    hour = PostQuery(
        monitors=(monitor_id,),
        scenarios=() if scenario is None else (scenario,),
        since=now - _HOUR,
        until=now + _TICK,
    )
    authors = await store.authors(hour)
    if not 0 < len(authors) <= MOST:
        return None
    before = PostQuery(
        monitors=(monitor_id,),
        authors=tuple(sorted(authors)),
        since=now - _HOUR - _BEFORE,
        until=now - _HOUR,
    )
    return len(authors - await store.authors(before))
