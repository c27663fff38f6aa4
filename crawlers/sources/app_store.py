"""Reviews of one app in one country, by the feed that Apple publishes for everybody's reader.

The feed holds the newest 500 reviews on ten pages. It answers some networks, data centres above
all, with a feed that has no reviews in it; so an empty first page is a refusal and not calm, unless
the operator says that the app has none yet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from crawlers.errors import UnreadableAnswer
from crawlers.item import among
from crawlers.json_page import (
    at,
    count_at,
    decode_answer,
    read_page,
    read_rows,
    required_text,
    text_at,
)
from crawlers.kind import Basis, SourceKind
from crawlers.post import Channel
from crawlers.rate import RateLimit
from crawlers.setting import BaseUrl
from crawlers.source import (
    Blocked,
    Cursor,
    Failed,
    Fetcher,
    FetchResult,
    NotModified,
    Reread,
    Response,
    SchemaDrift,
)
from crawlers.walk import ListPage, Walk
from crawlers.wire import present

PAGES = 10
"""The feed has no more."""
_PER_PAGE = 50

RATE = RateLimit(requests=20, period=timedelta(minutes=1))

_AUTHOR_ID = re.compile(r"/id(\d+)")
_EXPECTED = ("im:rating", "author", "updated", "content", "im:version")
_EMPTY = (
    "page 1 has no reviews: so Apple answers networks that it does not like. Open the feed in a "
    "browser from here; if the app really has none yet, set may_be_empty"
)


class AppStoreSettings(BaseModel):
    """`app_id` is the number in the app's address, `country` a storefront such as cn."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    app_id: str = Field(pattern=r"^[0-9]{1,20}$")
    country: str = Field(default="cn", pattern=r"^[a-z]{2}$")
    max_pages: int = Field(default=PAGES, ge=1, le=PAGES)
    may_be_empty: bool = False
    base_url: BaseUrl = "https://itunes.apple.com"


def parse(body: bytes, *, settings: AppStoreSettings, page: int) -> ListPage:
    """Read one page of the feed; raises UnreadableAnswer when it is none.

    `feed.entry` is a list, a single object where there is one review, or absent where there is
    none. An entry that describes the app itself, as older feeds have first, is left out.
    """
    feed = at(decode_answer(body), "feed")
    if not isinstance(feed, Mapping) or "link" not in feed:
        raise UnreadableAnswer("feed: no object with links, as every page has it")
    entries = feed.get("entry", [])
    entries = [entries] if isinstance(entries, Mapping) else entries
    if not isinstance(entries, list):
        raise UnreadableAnswer(f"feed.entry: {type(entries).__name__} instead of a list")
    reviews = [entry for entry in entries if not _is_app(entry)]
    rows = read_rows(
        reviews, lambda entry: _wire(entry, settings), name="review", expected=_EXPECTED
    )
    following = str(page + 1) if reviews and page < PAGES else None
    return ListPage(posts=rows.posts, rejected=rows.rejected, next=following)


@dataclass(frozen=True, slots=True)
class AppStoreSource:
    """Walks the pages, newest first."""

    name: str
    settings: AppStoreSettings

    async def pull(self, cursor: Cursor | None, fetcher: Fetcher) -> FetchResult:
        """Pull the next page of the walk, or the first one."""
        walk = Walk.resume(cursor)
        number = _page_number(walk)
        page = await self._page(number, fetcher)
        if not isinstance(page, ListPage):
            return page
        if number == 1 and not page.posts and (walk.seen or not self.settings.may_be_empty):
            return Blocked(reason=_EMPTY)
        return walk.take(page, max_pages=self.settings.max_pages)

    @property
    def posts_a_request(self) -> int:
        return _PER_PAGE

    async def reread(self, ids: Sequence[str], fetcher: Fetcher) -> Reread:
        """Bring those of the newest reviews again: the feed has no address of a single one."""
        page = await self._page(1, fetcher)
        if isinstance(page, ListPage) and not page.posts:
            return Reread(stopped=Blocked(reason=_EMPTY))
        return among(page.posts if isinstance(page, ListPage) else page, ids)

    async def _page(
        self, number: int, fetcher: Fetcher
    ) -> ListPage | NotModified | Blocked | Failed | SchemaDrift:
        answer = await fetcher.get(self._url(number), rate=RATE)
        if not isinstance(answer, Response):
            return answer
        return await read_page(
            answer, lambda body: parse(body, settings=self.settings, page=number)
        )

    def _url(self, page: int) -> str:
        # The order of the parts matters: with another one the feed is empty.
        place = f"{self.settings.base_url}/{self.settings.country}/rss/customerreviews"
        return f"{place}/page={page}/id={self.settings.app_id}/sortby=mostrecent/json"


def app_store_source(
    name: str, settings: AppStoreSettings, now: Callable[[], datetime]
) -> AppStoreSource:
    """Build the source for the registry."""
    del now  # the feed says when each review was written
    return AppStoreSource(name, settings)


def _page_number(walk: Walk) -> int:
    at = walk.at or "1"
    return int(at) if at in map(str, range(1, PAGES + 1)) else 1


def _is_app(entry: Any) -> bool:
    return isinstance(entry, Mapping) and "im:name" in entry and "im:rating" not in entry


def _wire(entry: Mapping[str, Any], settings: AppStoreSettings) -> dict[str, Any]:
    title = text_at(entry, "title", "label")
    content = text_at(entry, "content", "label")
    return {
        "source": "app_store",
        "native_id": required_text(entry, "id", "label"),
        "published_at": required_text(entry, "updated", "label"),
        "text": content or title or required_text(entry, "content", "label"),
        "title": title,
        "url": text_at(entry, "link", "attributes", "href"),
        "author": _author(entry),
        "engagement": {"likes": count_at(entry, "im:voteSum", "label")},
        "rating": float(required_text(entry, "im:rating", "label")),
        "channel": APP_STORE.channel.value,
        "extra": present(
            {
                "app": settings.app_id,
                "country": settings.country,
                "version": text_at(entry, "im:version", "label"),
            }
        ),
    }


def _author(entry: Mapping[str, Any]) -> dict[str, Any] | None:
    name = text_at(entry, "author", "name", "label")
    number = _AUTHOR_ID.search(text_at(entry, "author", "uri", "label") or "")
    author_id = name if number is None else number.group(1)
    return None if author_id is None else {"id": author_id, "name": name}


APP_STORE = SourceKind(
    settings=AppStoreSettings,
    build=app_store_source,
    summary="reviews of one app in one country of the Apple App Store",
    basis=Basis.PUBLIC_FEED,
    channel=Channel.THIRD_PARTY,
    rate_limit=RATE,
    fields=("title", "url", "author.id", "author.name", "engagement.likes", "rating", "extra"),
)
