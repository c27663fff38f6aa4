"""How the most copied text of the hour spreads: by how many hands, and how far it will go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from nlp.spread import NoPrediction, judge_coordination, predict_size
from service.posts import passed, posting
from service.stores.post_store import PostQuery, PostStore, Segment, SortOrder, StoredPost

FEWEST = 10
"""Posts of one text in the hour from which its spread is read."""
POSTS = 500
"""Posts of one text that are read, the newest."""
_HOUR = timedelta(hours=1)
_DAY = timedelta(hours=24)
_TICK = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CopySpread:
    """`coordination` in [0, 1] of the hour's posts; `predicted_size` in posts, None unknown."""

    coordination: float
    predicted_size: int | None


class CopySpreads:
    """What one look at a monitor learns of its most copied texts; each is read at most once."""

    def __init__(self, store: PostStore, monitor_id: str, *, now: datetime) -> None:
        self._store = store
        self._monitor_id = monitor_id
        self._now = now
        self._known: dict[str, CopySpread] = {}

    async def of(self, hour: Segment) -> CopySpread | None:
        """The spread of the hour's largest copy group; None, unread, where it is small.

        A text is read as the whole monitor has it in the last 24 hours, whatever the scenario.
        """
        group = hour.largest_group
        if group is None or hour.largest_group_posts < FEWEST:
            return None
        if group not in self._known:
            query = PostQuery(
                monitors=(self._monitor_id,),
                copy_groups=(group,),
                since=self._now - _DAY,
                until=self._now + _TICK,
            )
            page = await self._store.search(query, limit=POSTS, sort=SortOrder.NEWEST)
            posts = [item.post for item in page.items]
            self._known[group] = copy_spread(posts, is_whole=page.total <= POSTS, now=self._now)
        return self._known[group]


def copy_spread(posts: list[StoredPost], *, is_whole: bool, now: datetime) -> CopySpread:
    """The spread of one text's posts in any order, the oldest of which began it.

    Where they are not the whole of it, where it began is not known, and nothing is predicted.
    """
    recent = [post for post in posts if post.published_at > now - _HOUR]
    return CopySpread(
        coordination=judge_coordination([posting(passed(post)) for post in recent]).score,
        predicted_size=_predicted(posts, now=now) if is_whole and posts else None,
    )


def _predicted(posts: list[StoredPost], *, now: datetime) -> int | None:
    first = min(posts, key=lambda post: (post.published_at, post.id))
    found = predict_size(
        [post.published_at for post in posts],
        began=first.published_at,
        now=now,
        followers=first.followers,
    )
    return None if isinstance(found, NoPrediction) else found.size
