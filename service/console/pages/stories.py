"""Stories: what many posts tell of together; one of them with its growth and its posts."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from typing import Any
from urllib.parse import quote

from nicegui import ui

from nlp.pii import masked
from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.charts import Point, Series, line, show
from service.console.deeds import go
from service.console.format import moment
from service.console.listing import Column, Listing, ListQuery, OneOf, OrderedBy, Rows
from service.console.page import console_page, heading
from service.console.places import Place, Section
from service.console.scope import posts_address
from service.console.session import BASE, Visit
from service.console.states import later
from service.console.theme import link, plain
from service.errors import InvalidInput
from service.indicators import Window
from service.stores import StoredPost
from service.stories import StoryDetail, StoryFilter, StorySort, StorySummary

PLACE = Place(
    name="stories",
    path="/stories",
    section=Section.INSIGHT,
    may=(Action.READ, Resource.POST),
    deeper=("/stories/{story_id}",),
)

_EXAMPLE = 300
"""Characters of a post that stands for a story."""
_POSTS = 20
_ORDERS = (StorySort.GROWTH, StorySort.VOLUME, StorySort.RECENCY)


def register(board: Board) -> None:
    """The pages `/stories` and `/stories/{story_id}`."""
    stories = board.container.stories

    @console_page(board, PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words

        async def load(principal: Principal, query: ListQuery) -> Rows[StorySummary]:
            monitor = query.one("monitor")
            principal.require(Action.READ, Resource.POST, monitor=monitor)
            sort = StorySort(query.one("order") or _ORDERS[0])
            wanted = StoryFilter(monitor=monitor, source=query.one("source"), sort=sort)
            after = _position(query.cursor, sort)
            found, following = await stories.page(wanted, after=after, limit=query.limit)
            return Rows(found, following=_cursor(following))

        heading(visit, words("stories.title"), hint=words("stories.hint"))
        orders = {it.value: words.choice("stories.orders", it.value) for it in _ORDERS}
        listing = Listing(
            visit,
            columns=_columns(visit),
            load=load,
            key=lambda item: item.id,
            opens=lambda item: story_address(item.id),
            filters=(
                OneOf("monitor", words("scope.monitor"), await board.monitor_names()),
                OrderedBy("order", words("stories.order"), orders),
            ),
            empty=(words("stories.empty"), words("stories.empty_hint")),
        )
        await listing.draw()

    @console_page(board, PLACE, "/stories/{story_id}")
    async def one(visit: Visit, story_id: str) -> None:
        words = visit.words
        found = await stories.one(story_id)
        hint = words("stories.merged") if found.asked != found.summary.id else ""
        with heading(visit, headline(found.summary), hint=hint):
            link(f"{BASE}/stories", words("stories.all"), "act")
        monitors = await board.monitor_names()
        with ui.element("div").classes("columns"):
            with ui.element("div").classes("stack"):
                _growth(visit, found)
                _standing(visit, found)
                later(visit, partial(_read_posts, visit, found), partial(_draw_posts, visit, found))
            with ui.element("div").classes("stack"):
                _facts(visit, found, monitors)


def story_address(story_id: str) -> str:
    """The page of a story."""
    return f"{BASE}/stories/{quote(story_id, safe='')}"


def headline(item: StorySummary) -> str:
    """The sentence that stands for a story; its terms where its posts are gone."""
    return item.headline.text if item.headline is not None else " · ".join(item.terms)


def _columns(visit: Visit) -> tuple[Column[StorySummary], ...]:
    words = visit.words
    return (
        Column("headline", words("stories.headline"), headline),
        Column("posts", words("stories.posts"), lambda item: f"{item.posts:,}", number=True),
        Column("texts", words("stories.texts"), lambda item: f"{item.texts:,}", number=True),
        Column("pace", words("stories.pace"), lambda item: f"{item.pace:,.1f}", number=True),
        Column("sentiment", words("stories.negative"), lambda item: _negative(visit, item)),
        Column("first", words("stories.first"), lambda item: moment(visit, item.first_at)),
        Column("last", words("stories.last"), lambda item: moment(visit, item.last_at)),
    )


def _negative(visit: Visit, item: StorySummary) -> str:
    rated = sum(item.sentiments.values())
    if not rated:
        return visit.words("stories.unrated")
    negative = item.sentiments.get("negative", 0)
    return f"{negative / rated:.0%} ({negative:,}/{rated:,})"


def _growth(visit: Visit, found: StoryDetail) -> None:
    """Posts by time; a point leads to the posts of that time."""
    words = visit.words
    monitors = ",".join(sorted(found.summary.monitors))
    counts = {point.start: point.posts for point in found.curve}
    starts = _steps(found)
    chart = line(
        words("stories.growth"),
        [f"{start.astimezone(visit.zone):%m-%d %H:%M}" for start in starts],
        [Series(words("stories.posts"), [counts.get(start, 0) for start in starts])],
    )

    async def drill(point: Point) -> None:
        start = starts[point.index]
        go(visit, posts_address(monitors, Window(since=start, until=start + found.width)))

    with ui.element("section").classes("panel stack"):
        show(visit, chart, on_point=drill if monitors else None)
        minutes = int(found.width.total_seconds() // 60)
        plain(words("stories.growth_hint", minutes=minutes), "p", "soft small")


def _steps(found: StoryDetail) -> list[datetime]:
    """Every step from the first with posts to the last, those without any too."""
    if not found.curve:
        return []
    first, last = found.curve[0].start, found.curve[-1].start
    return [first + number * found.width for number in range((last - first) // found.width + 1)]


def _standing(visit: Visit, found: StoryDetail) -> None:
    """Where it began, and posts that stand for it."""
    words = visit.words
    with ui.element("section").classes("panel stack"):
        plain(words("stories.began"), "h2")
        if found.first_post is None:
            plain(words("stories.first_gone"), "p", "soft")
        else:
            _post(visit, found.first_post)
        plain(words("stories.representatives"), "h2")
        plain(words("stories.representatives_hint"), "p", "soft small")
        for post in found.representatives:
            _post(visit, post)


def _post(visit: Visit, post: StoredPost) -> None:
    """A post in short: masked, cut, with a way to all of it."""
    words = visit.words
    with ui.element("article").classes("post"):
        with ui.element("div").classes("line"):
            plain(post.source, classes="strong foreign")
            moment(visit, post.published_at)
            if post.sentiment is not None:
                plain(words.choice("sentiment", post.sentiment), classes="state")
            link(f"{BASE}/posts/{quote(post.id, safe='')}", words("stories.open_post"))
        text = masked(post.text)
        plain(text[:_EXAMPLE] + ("…" if len(text) > _EXAMPLE else ""), "p", "said foreign")


async def _read_posts(
    visit: Visit, found: StoryDetail, principal: Principal
) -> tuple[StoredPost, ...]:
    principal.require(Action.READ, Resource.POST)
    posts, _ = await visit.container.stories.posts(found.summary.id, limit=_POSTS)
    return posts


def _draw_posts(visit: Visit, found: StoryDetail, posts: tuple[StoredPost, ...]) -> None:
    words = visit.words
    with ui.element("section").classes("panel stack"):
        plain(words("stories.newest", count=len(posts)), "h2")
        if not posts:
            plain(words("stories.no_posts"), "p", "soft")
        for post in posts:
            _post(visit, post)


def _facts(visit: Visit, found: StoryDetail, monitors: dict[str, str]) -> None:
    words, item = visit.words, found.summary
    with ui.element("section").classes("panel stack"):
        plain(words("stories.facts"), "h2")
        with ui.element("dl").classes("facts"):
            plain(words("stories.phase"), "dt")
            plain(words.choice("stories.phases", item.phase.value), "dd")
            for name, value in (
                ("posts", f"{item.posts:,}"),
                ("texts", f"{item.texts:,}"),
                ("pace", f"{item.pace:,.1f}"),
                ("negative", _negative(visit, item)),
            ):
                plain(words(f"stories.{name}"), "dt")
                plain(value, "dd")
            for name, instant in (("first", item.first_at), ("last", item.last_at)):
                plain(words(f"stories.{name}"), "dt")
                with ui.element("dd"):
                    moment(visit, instant)
            plain(words("stories.terms"), "dt")
            plain(words("list.comma").join(item.terms), "dd", "foreign")
        _counts(words("stories.sources"), item.sources, {})
        _counts(words("stories.monitors"), item.monitors, monitors)
        if item.origin is not None:
            link(story_address(item.origin), words("stories.origin"))
        for part in found.parts:
            link(story_address(part), words("stories.part"))


def _counts(title: str, counts: Any, names: dict[str, str]) -> None:
    """Counts by name, most first."""
    if not counts:
        return
    plain(title, "h3", "strong")
    with ui.element("dl").classes("facts"):
        for name, count in sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:12]:
            plain(names.get(name, name), "dt", "foreign")
            plain(f"{count:,}", "dd")


def _cursor(position: tuple[Any, str] | None) -> str | None:
    if position is None:
        return None
    value, story_id = position
    return json.dumps([value.isoformat() if isinstance(value, datetime) else value, story_id])


def _position(cursor: str | None, sort: StorySort) -> tuple[Any, str] | None:
    """Where a page begins. Raises InvalidInput for what no page of ours ends with."""
    if cursor is None:
        return None
    try:
        value, story_id = json.loads(cursor)
        if sort is StorySort.RECENCY:
            value = datetime.fromisoformat(value).astimezone(UTC)
        elif isinstance(value, bool) or not -1e15 <= value <= 1e15:
            raise ValueError(f"beyond what is counted: {value!r}")
    except (ValueError, TypeError, OverflowError, RecursionError) as error:
        raise InvalidInput("after: no page begins there") from error
    if not isinstance(story_id, str) or not 0 < len(story_id) <= 64 or "\0" in story_id:
        raise InvalidInput("after: no page begins there")
    return value, story_id
