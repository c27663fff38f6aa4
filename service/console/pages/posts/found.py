"""What a search reads: a page of posts, how they spread over time, what they can be narrowed by."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from service.auth import Action, Principal, Resource
from service.bootstrap import Container
from service.console.pages.posts.asking import FACETS, Asking
from service.posts import FacetRequest, PageRequest, TrendRequest
from service.stores import FacetField, FoundPost, Page, PostQuery, SortOrder, TimeBucket

MOST_BARS = 90
_VALUES = 12
_WIDTHS = tuple(
    timedelta(minutes=minutes)
    for minutes in (1, 5, 10, 30, 60, 180, 360, 720, 1_440, 2_880, 10_080, 43_200, 525_600)
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A post of the page with its copies on the page; `copies` is how many the search has in all,
    itself included."""

    found: FoundPost
    behind: tuple[FoundPost, ...] = ()
    copies: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The page. `exact` is False where the counts are of all posts that may match."""

    request: PageRequest
    page: Page
    hits: tuple[Hit, ...]
    exact: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The counts over all matches; `width` is that of a bar."""

    buckets: tuple[TimeBucket, ...]
    width: timedelta
    facets: Mapping[FacetField, tuple[tuple[str, int], ...]]


async def read_found(
    container: Container, principal: Principal, asking: Asking, *, now: datetime
) -> Found:
    """The page of posts. Raises Forbidden, BadFilter, BadCursor, StoreError."""
    principal.require(Action.READ, Resource.POST)
    request = asking.request(container.settings.zone, now=now)
    page = await container.posts.search(request)
    hits = tuple(map(Hit, page.items))
    if asking.folded:
        hits = await _folded(container, request.query, page)
    return Found(
        request=request,
        page=page,
        hits=hits,
        exact=request.written is None or request.written.exact,
    )


async def _folded(container: Container, query: PostQuery, page: Page) -> tuple[Hit, ...]:
    """Copies behind the first of them on the page."""
    groups: dict[str, list[FoundPost]] = {}
    for found in page.items:
        groups.setdefault(found.post.copy_group or found.post.id, []).append(found)
    names = tuple(name for name, several in groups.items() if several[0].post.copy_group)
    counts = await container.posts.copies(query, names) if names else {}
    return tuple(
        Hit(several[0], tuple(several[1:]), max(counts.get(name, 1), len(several)))
        for name, several in groups.items()
    )


async def read_figures(
    container: Container, principal: Principal, request: PageRequest, *, now: datetime
) -> Figures:
    """Bars and facets of a search. Raises Forbidden, StoreError."""
    principal.require(Action.READ, Resource.POST)
    since, until = await _window(container, request, now=now)
    width = _width(until - since)
    trend = TrendRequest(query=request.query, interval=width, since=since, until=until)
    wanted = FacetRequest(query=request.query, fields=FACETS, limit=_VALUES)
    buckets, facets = await asyncio.gather(
        container.posts.trend(trend), container.posts.facets(wanted)
    )
    return Figures(buckets=buckets, width=width, facets=facets)


async def _window(
    container: Container, request: PageRequest, *, now: datetime
) -> tuple[datetime, datetime]:
    """The time of the bars: where none was asked for, from the oldest match to now."""
    until = request.query.until or now
    since = request.query.since
    if since is None:
        oldest = await container.posts.search(
            PageRequest(query=request.query, sort=SortOrder.OLDEST, limit=1)
        )
        since = oldest.items[0].post.published_at if oldest.items else until - timedelta(days=7)
    since = min(since, until - _WIDTHS[0])
    width = _width(until - since)
    # Bars begin at whole hours and days, so that the same bar means the same tomorrow.
    midnight = since.astimezone(container.settings.zone).replace(
        hour=0, minute=0, second=0, microsecond=0
    )
    return midnight.astimezone(UTC) + ((since - midnight) // width) * width, until


def _width(length: timedelta) -> timedelta:
    return next((width for width in _WIDTHS if length / width <= MOST_BARS - 1), _WIDTHS[-1])


def bars_between(figures: Figures, first: int, last: int) -> tuple[datetime, datetime]:
    """From the beginning of one bar to the end of another."""
    lowest, highest = sorted((max(0, first), min(last, len(figures.buckets) - 1)))
    return figures.buckets[lowest].start, figures.buckets[highest].start + figures.width
