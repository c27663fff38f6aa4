"""Stories and comments of Hacker News by its search API, which is open to programs.

The API shows at most a thousand hits of a query, newest first. So a pull reads a window of time
that holds no more than that, page by page, and the next window begins a little before the last one
ended: what the index takes late is not lost.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from crawlers.errors import Gone, UnreadableAnswer
from crawlers.item import read_item, reread_items
from crawlers.json_page import (
    Rows,
    at,
    count_at,
    decode_answer,
    epoch_at,
    read_page,
    read_rows,
    required_text,
    text_at,
)
from crawlers.kind import Basis, SourceKind
from crawlers.markup import html_to_text
from crawlers.post import Channel, Post
from crawlers.rate import RateLimit
from crawlers.setting import BaseUrl
from crawlers.source import (
    Blocked,
    Cursor,
    Failed,
    Fetcher,
    FetchResult,
    NotModified,
    Ok,
    OkEmpty,
    Reread,
    Response,
    SchemaDrift,
    Unread,
    is_misread,
)
from crawlers.wire import MAX_TEXT, MAX_TITLE, present

RATE = RateLimit(requests=10_000, period=timedelta(hours=1))
REACH = 1_000
"""How many hits of one query can be paged to."""

OVERLAP_S = 15 * 60
CATCH_UP_S = 120
"""A window that ends longer ago than this is not the last one: the next one is read at once."""

MAX_SEEN = 1_000

_PER_PAGE = 100
_EXPECTED = ("author", "created_at_i", "_tags")


class HackerNewsSettings(BaseModel):
    """`query` is what the search looks for; a phrase stands in double quotes.

    `item_url` is the site's own API, which knows of deletions: hot posts are read again there.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    query: str = Field(min_length=1, max_length=500)
    include: tuple[Literal["story", "comment"], ...] = ("story", "comment")
    lookback_hours: int = Field(default=24, ge=1, le=24 * 31)
    base_url: BaseUrl = "https://hn.algolia.com"
    item_url: BaseUrl = "https://hacker-news.firebaseio.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """A page of hits, newest first; `total` counts those of the whole window."""

    rows: Rows
    total: int
    pages: int


def parse(body: bytes) -> SearchPage:
    """Read one page of hits; raises UnreadableAnswer when it is none."""
    data = decode_answer(body)
    hits, total, pages = at(data, "hits"), count_at(data, "nbHits"), count_at(data, "nbPages")
    if not isinstance(hits, list) or total is None or pages is None:
        found = {"hits": isinstance(hits, list), "nbHits": total, "nbPages": pages}
        raise UnreadableAnswer(*(key for key, value in found.items() if value in (None, False)))
    if total and pages and not hits:
        raise UnreadableAnswer(f"hits: none where nbHits says {total}")
    rows = read_rows(hits, _wire, name="hit", expected=_EXPECTED)
    return SearchPage(rows=rows, total=total, pages=pages)


def parse_item(body: bytes) -> Post | None:
    """Read one item of the site's own API, which answers null for one that it has not.

    Raises Gone for a deleted or dead one, UnreadableAnswer.
    """
    if body.strip() == b"null":
        raise Gone("null")
    return read_item(body, _item_wire)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """What is being read: hits after `since` up to `until` (epoch seconds), next `page`."""

    since: int
    until: int
    page: int = 0
    seen: Mapping[str, str]

    @classmethod
    def resume(cls, cursor: Cursor | None, *, now: int, lookback_s: int) -> Window:
        """The window that `cursor` stands for, one up to `now`, or the first one."""
        known = cursor or {}
        since, until, page = (known.get(key) for key in ("since", "until", "page"))
        seen = known.get("seen")
        seen = seen if isinstance(seen, Mapping) else {}
        if not isinstance(since, int):
            return cls(since=now - lookback_s, until=now, seen={})
        if isinstance(until, int) and isinstance(page, int) and until > since and page > 0:
            return cls(since=since, until=until, page=page, seen=seen)
        return cls(since=since - OVERLAP_S, until=max(now, since), seen=seen)

    def overflows(self, page: SearchPage) -> bool:
        """Whether its first page says that more hits exist than can be paged to."""
        return self.page == 0 and page.total > REACH and self.until - self.since > 1

    def narrowed(self, total: int) -> Window:
        """A window from the same beginning that should hold no more than can be paged to."""
        width = self.until - self.since
        share = min(0.5, 0.8 * REACH / total)
        return replace(self, until=self.since + max(1, int(width * share)))

    def take(self, page: SearchPage, *, now: int) -> FetchResult:
        """The outcome of a page: posts that are new or edited, oldest first, and the cursor."""
        current = {post.id[:16]: post.content_hash[:8] for post in page.rows.posts}
        fresh = sorted(
            (p for p in page.rows.posts if self.seen.get(p.id[:16]) != p.content_hash[:8]),
            key=lambda post: post.published_at,
        )
        rest = {key: words for key, words in self.seen.items() if key not in current}
        seen = dict(list({**current, **rest}.items())[:MAX_SEEN])
        rejected = page.rows.rejected
        unread = None
        if page.total > REACH and self.page == 0:
            unread = Unread(
                reason=f"{page.total - REACH} hits of one second are out of reach",
                since=datetime.fromtimestamp(self.since, UTC),
                until=datetime.fromtimestamp(self.until, UTC),
            )
        cursor: dict[str, Any]
        if self.page + 1 < page.pages:
            more = True
            cursor = {"since": self.since, "until": self.until, "page": self.page + 1, "seen": seen}
        else:
            more = now - self.until > CATCH_UP_S
            cursor = {"since": self.until, "seen": seen}
        hint = timedelta(0) if more else None
        if not fresh and not rejected and unread is None:
            return OkEmpty(cursor=cursor, hint=hint)
        return Ok(
            posts=tuple(fresh),
            cursor=cursor,
            hint=hint,
            rejected=rejected,
            misread=is_misread(malformed=len(rejected), read=len(current)),
            unread=unread,
        )


@dataclass(frozen=True, slots=True)
class HackerNewsSource:
    """Reads window after window; an item again by its address."""

    name: str
    settings: HackerNewsSettings
    now: Callable[[], datetime]

    @property
    def posts_a_request(self) -> int:
        return 1

    async def pull(self, cursor: Cursor | None, fetcher: Fetcher) -> FetchResult:
        """Pull the next page of the window, or the first one of the next window."""
        now = int(self.now().timestamp())
        lookback_s = self.settings.lookback_hours * 3_600
        window = Window.resume(cursor, now=now, lookback_s=lookback_s)
        page = await self._search(window, fetcher)
        while isinstance(page, SearchPage) and window.overflows(page):
            window = window.narrowed(page.total)
            page = await self._search(window, fetcher)
        return window.take(page, now=now) if isinstance(page, SearchPage) else page

    def cursor_at(self, instant: datetime) -> Cursor:
        """A window that begins there; what lies before it by the overlap comes along."""
        return {"since": int(instant.timestamp())}

    async def reread(self, ids: Sequence[str], fetcher: Fetcher) -> Reread:
        """Bring items again; deleted and dead ones are gone."""
        return await reread_items(
            [native_id for native_id in ids if native_id.isdecimal()],
            ask=lambda native_id: fetcher.get(
                f"{self.settings.item_url}/v0/item/{native_id}.json", obey_robots=False, rate=RATE
            ),
            parse=lambda body, **_: parse_item(body),
        )

    async def _search(
        self, window: Window, fetcher: Fetcher
    ) -> SearchPage | NotModified | Blocked | Failed | SchemaDrift:
        answer = await fetcher.get(self._url(window), obey_robots=False, rate=RATE)
        return await read_page(answer, parse) if isinstance(answer, Response) else answer

    def _url(self, window: Window) -> str:
        query = urlencode(
            {
                "query": self.settings.query,
                "tags": f"({','.join(self.settings.include)})",
                "numericFilters": f"created_at_i>{window.since},created_at_i<={window.until}",
                "hitsPerPage": _PER_PAGE,
                "page": window.page,
                "typoTolerance": "false",
                "advancedSyntax": "true",
            }
        )
        return f"{self.settings.base_url}/api/v1/search_by_date?{query}"


def hacker_news_source(
    name: str, settings: HackerNewsSettings, now: Callable[[], datetime]
) -> HackerNewsSource:
    """Build the source for the registry."""
    return HackerNewsSource(name, settings, now)


def _wire(hit: Mapping[str, Any]) -> dict[str, Any]:
    native_id = required_text(hit, "objectID")
    title = text_at(hit, "title")
    body = html_to_text(text_at(hit, "comment_text") or text_at(hit, "story_text") or "")
    author = text_at(hit, "author")
    return {
        "source": "hacker_news",
        "native_id": native_id,
        "published_at": epoch_at(hit, "created_at_i"),
        "text": (body or title or required_text(hit, "title"))[:MAX_TEXT],
        "title": None if title is None else title[:MAX_TITLE],
        "url": f"https://news.ycombinator.com/item?id={native_id}",
        "author": None if author is None else {"id": author, "name": author},
        "engagement": {"likes": count_at(hit, "points"), "comments": count_at(hit, "num_comments")},
        "parent_id": text_at(hit, "parent_id"),
        "channel": HACKER_NEWS.channel.value,
        "extra": present({"link": text_at(hit, "url"), "story": text_at(hit, "story_id")}),
    }


def _item_wire(item: Mapping[str, Any]) -> dict[str, Any]:
    if at(item, "deleted") is True or at(item, "dead") is True:
        raise Gone("deleted or dead")
    return _wire(
        {
            "objectID": required_text(item, "id"),
            "created_at_i": at(item, "time"),
            "title": at(item, "title"),
            "story_text": at(item, "text"),
            "author": at(item, "by"),
            "points": at(item, "score"),
            "num_comments": at(item, "descendants"),
            "parent_id": at(item, "parent"),
            "url": at(item, "url"),
        }
    )


HACKER_NEWS = SourceKind(
    settings=HackerNewsSettings,
    build=hacker_news_source,
    summary="stories and comments of Hacker News that match a query",
    basis=Basis.OFFICIAL_API,
    channel=Channel.SOCIAL,
    rate_limit=RATE,
    fields=(
        "title",
        "url",
        "author.id",
        "author.name",
        "engagement.likes",
        "engagement.comments",
        "parent_id",
        "extra",
    ),
)
