"""What a query would take of the newest stored posts: looked at, nothing changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from nlp.query import Query
from service.coverage import CANARY
from service.ingest.membership import memberships
from service.monitors import Sides
from service.stores import PostQuery, PostStore, SortOrder, StoredPost

REACH = timedelta(days=7)
MOST_READ = 3_000
"""Posts of one look: about a second, so that it can follow somebody who types."""
MOST_SHOWN = 8
_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryTrial:
    """`hits` of `read` posts, published from `since` on. `complete`: these were all of that time.

    `spared` of the hits are bad news about another brand. `by_day` counts hits by local day, days
    without any included; `newest` are some of the hits.
    """

    since: datetime
    read: int
    hits: int
    spared: int
    complete: bool
    by_day: Mapping[date, int]
    newest: tuple[StoredPost, ...]


async def try_query(
    store: PostStore,
    query: Query,
    sides: Sides | None,
    *,
    now: datetime,
    zone: tzinfo,
    most: int = MOST_READ,
) -> QueryTrial:
    """Look at the newest `most` posts of the last seven days. `sides` as for `memberships`."""
    wanted = PostQuery(since=now - REACH, until=now + timedelta(seconds=1))
    read: list[StoredPost] = []
    taken: list[StoredPost] = []
    spared = 0
    cursor: str | None = None
    while True:
        page = await store.search(
            wanted, limit=min(_PAGE, most), cursor=cursor, sort=SortOrder.NEWEST
        )
        posts = [item.post for item in page.items if item.post.via != CANARY]
        found = await memberships(store, posts, query, sides)
        read += posts
        hits = [post for post in posts if found[post.id].member]
        taken += hits
        spared += sum(found[post.id].spared for post in hits)
        cursor = page.next
        if cursor is None or len(read) >= most:
            break
    complete = cursor is None
    since = now - REACH if complete or not read else read[-1].published_at
    counted = Counter(post.published_at.astimezone(zone).date() for post in taken)
    first, last = (instant.astimezone(zone).date() for instant in (since, now))
    days = [first + timedelta(days=place) for place in range((last - first).days + 1)]
    return QueryTrial(
        since=since,
        read=len(read),
        hits=len(taken),
        spared=spared,
        complete=complete,
        by_day={day: counted[day] for day in days},
        newest=tuple(taken[:MOST_SHOWN]),
    )
