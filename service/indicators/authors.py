"""Who writes: how many, new or known, how much each, when, with how many followers."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from service.auth import Action, Principal, Resource
from service.indicators.changes import KNOWN_FOR, follower_band
from service.indicators.figure import quantile
from service.indicators.sample import MOST_READ, read_posts
from service.indicators.surroundings import Surroundings
from service.indicators.window import Earlier, Window, earlier
from service.stores import AuthorCell, PostQuery, PostStore, StoredPost

POSTS_EACH = ((1, 1), (2, 2), (3, 5), (6, 10), (11, None))
"""How authors are banded by their posts in the window."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostsEach:
    """Posts by author: bands, type 7 quantiles, and the share of posts that the most active tenth
    of the authors, rounded up, wrote. None without an author."""

    bands: Mapping[str, int]
    median: float | None
    p90: float | None
    most: int
    top_tenth_share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorFigures:
    """Of one window. `unknown_posts` have no author, and are in no other number here.

    New authors did not write for the monitor in the 90 days before the window; verified ones and
    followers are as the best that was seen in it.
    """

    window: Window
    distinct: int
    new: int
    returning: int
    verified: int
    verified_share: float | None
    posts: int
    unknown_posts: int
    posts_each: PostsEach
    followers: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveHour:
    """An hour of the day: posts of it that were read, and how many authors wrote those."""

    hour: int
    posts: int
    authors: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorReport:
    """`hours` are of `read` of the `posts` of the window; `changes` are those of the counts."""

    now: AuthorFigures
    before: AuthorFigures
    changes: Mapping[str, int]
    posts: int
    read: int
    hours: tuple[ActiveHour, ...]


class AuthorBook:
    """Reads the post store; changes nothing. Authors are pseudonyms, and none leaves."""

    def __init__(
        self,
        *,
        store: PostStore,
        surroundings: Surroundings,
        zone: tzinfo,
        most: int = MOST_READ,
    ) -> None:
        self._store = store
        self._surroundings = surroundings
        self._zone = zone
        self._most = most

    async def report(self, actor: Principal, monitor_id: str, window: Window) -> AuthorReport:
        """The window beside the one before it. Raises Forbidden, NotFound, StoreError."""
        actor.require(Action.READ, Resource.INDICATOR, monitor=monitor_id)
        await self._surroundings.monitor(monitor_id)
        now = await self._figures(monitor_id, window)
        past = earlier(window, Earlier.PREVIOUS, zone=self._zone)
        before = await self._figures(monitor_id, past)
        found = await read_posts(
            self._store,
            PostQuery(monitors=(monitor_id,)),
            window,
            keep=self._hour,
            most=self._most,
        )
        names = ("distinct", "new", "returning", "verified", "posts")
        return AuthorReport(
            now=now,
            before=before,
            changes={name: getattr(now, name) - getattr(before, name) for name in names},
            posts=found.of,
            read=found.n,
            hours=active_hours(found.items),
        )

    async def _figures(self, monitor_id: str, window: Window) -> AuthorFigures:
        query = PostQuery(monitors=(monitor_id,), since=window.since, until=window.until)
        past = PostQuery(monitors=(monitor_id,), since=window.since - KNOWN_FOR, until=window.since)
        cells = await self._store.author_cells(query)
        known = await self._store.authors(past)
        return await asyncio.to_thread(figures, cells, known, window)

    def _hour(self, post: StoredPost) -> tuple[int, str | None]:
        return post.published_at.astimezone(self._zone).hour, post.author


def figures(cells: Sequence[AuthorCell], known: Collection[str], window: Window) -> AuthorFigures:
    """The authors of the cells; `known` are those who wrote before the window."""
    posts: Counter[str] = Counter()
    followers: dict[str, int | None] = {}
    verified: set[str] = set()
    unknown = 0
    for cell in cells:
        author = cell.author
        if author is None:
            unknown += cell.posts
            continue
        posts[author] += cell.posts
        seen = [count for count in (followers.get(author), cell.followers) if count is not None]
        followers[author] = max(seen, default=None)
        if cell.verified:
            verified.add(author)
    returning = sum(author in known for author in posts)
    return AuthorFigures(
        window=window,
        distinct=len(posts),
        new=len(posts) - returning,
        returning=returning,
        verified=len(verified),
        verified_share=len(verified) / len(posts) if posts else None,
        posts=posts.total(),
        unknown_posts=unknown,
        posts_each=posts_each(list(posts.values())),
        followers=dict(Counter(follower_band(count).value for count in followers.values())),
    )


def posts_each(counts: Sequence[int]) -> PostsEach:
    """How the posts of a window are spread over its authors."""
    ranked = sorted(counts)
    tenth = ranked[-max(1, -(-len(ranked) // 10)) :]
    return PostsEach(
        bands={
            _label(low, high): sum(
                low <= count and (high is None or count <= high) for count in ranked
            )
            for low, high in POSTS_EACH
        },
        median=quantile(ranked, 0.5) if ranked else None,
        p90=quantile(ranked, 0.9) if ranked else None,
        most=ranked[-1] if ranked else 0,
        top_tenth_share=sum(tenth) / sum(ranked) if ranked else None,
    )


def active_hours(read: Sequence[tuple[int, str | None]]) -> tuple[ActiveHour, ...]:
    """Every hour of the day, of (hour, author) of the posts that were read."""
    posts = Counter(hour for hour, _ in read)
    authors: defaultdict[int, set[str]] = defaultdict(set)
    for hour, author in read:
        if author is not None:
            authors[hour].add(author)
    return tuple(
        ActiveHour(hour=hour, posts=posts[hour], authors=len(authors[hour])) for hour in range(24)
    )


def _label(low: int, high: int | None) -> str:
    if high is None:
        return f"{low}_up"
    return str(low) if low == high else f"{low}_to_{high}"
