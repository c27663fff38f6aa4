"""Reviews of one game by Steam's review list, which its documentation offers to programs.

A thumb up counts as 5 stars and a thumb down as 1; `extra.recommended` keeps what was said.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from pydantic import BaseModel, ConfigDict, Field

from crawlers.errors import UnreadableAnswer
from crawlers.item import among
from crawlers.json_page import (
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

RATE = RateLimit(requests=150, period=timedelta(minutes=5))

_BEGINNING = "*"
_PER_PAGE = 100
_SUCCESS = 1
_EXPECTED = ("voted_up", "votes_up", "language", "author", "comment_count")
_LANGUAGES = {
    "schinese": "zh-Hans",
    "tchinese": "zh-Hant",
    "english": "en",
    "japanese": "ja",
    "koreana": "ko",
    "russian": "ru",
    "german": "de",
    "french": "fr",
    "spanish": "es",
    "latam": "es-419",
    "portuguese": "pt",
    "brazilian": "pt-BR",
    "italian": "it",
    "polish": "pl",
    "thai": "th",
    "turkish": "tr",
    "ukrainian": "uk",
    "vietnamese": "vi",
    "indonesian": "id",
}


class SteamSettings(BaseModel):
    """`app_id` is the number in the game's address; `language` is Steam's name of one, or all."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    app_id: str = Field(pattern=r"^[0-9]{1,12}$")
    language: str = Field(default="all", pattern=r"^[a-z]{2,20}$")
    max_pages: int = Field(default=10, ge=1, le=100)
    base_url: BaseUrl = "https://store.steampowered.com"


@dataclass(frozen=True, slots=True, kw_only=True)
class SteamPage:
    """A page of the list; `success` is Steam's own word, `total` stands on the first page only."""

    success: int
    total: int | None
    list: ListPage


def parse(body: bytes, *, app_id: str) -> SteamPage:
    """Read one page; raises UnreadableAnswer when it is none."""
    data = decode_answer(body)
    success, reviews = count_at(data, "success"), at(data, "reviews")
    if success is None:
        raise UnreadableAnswer("success: is missing")
    if success != _SUCCESS:
        return SteamPage(success=success, total=None, list=ListPage())
    if not isinstance(reviews, list):
        raise UnreadableAnswer("reviews: no list")
    rows = read_rows(reviews, lambda row: _wire(row, app_id), name="review", expected=_EXPECTED)
    return SteamPage(
        success=success,
        total=count_at(data, "query_summary", "total_reviews"),
        list=ListPage(
            posts=rows.posts,
            rejected=rows.rejected,
            next=text_at(data, "cursor") if reviews else None,
        ),
    )


@dataclass(frozen=True, slots=True)
class SteamSource:
    """Walks the list by Steam's cursor, newest first."""

    name: str
    settings: SteamSettings

    async def pull(self, cursor: Cursor | None, fetcher: Fetcher) -> FetchResult:
        """Pull the next page of the walk, or the first one."""
        walk = Walk.resume(cursor)
        page = await self._page(walk.at, fetcher)
        if not isinstance(page, SteamPage):
            return page
        if walk.at is None and not page.list.posts and (page.total or walk.seen):
            return Blocked(reason=f"page 1 is empty where {page.total} reviews are said to be")
        return walk.take(page.list, max_pages=self.settings.max_pages)

    @property
    def posts_a_request(self) -> int:
        return _PER_PAGE

    async def reread(self, ids: Sequence[str], fetcher: Fetcher) -> Reread:
        """Bring those of the newest reviews again: Steam has no address of a single one."""
        page = await self._page(None, fetcher)
        return among(page.list.posts if isinstance(page, SteamPage) else page, ids)

    async def _page(
        self, position: str | None, fetcher: Fetcher
    ) -> SteamPage | NotModified | Blocked | Failed | SchemaDrift:
        answer = await fetcher.get(self._url(position), obey_robots=False, rate=RATE)
        if not isinstance(answer, Response):
            return answer
        app_id = self.settings.app_id
        page = await read_page(answer, lambda body: parse(body, app_id=app_id))
        if isinstance(page, SteamPage) and page.success != _SUCCESS:
            return Failed(reason=f"Steam says success {page.success}: is there an app {app_id}?")
        return page

    def _url(self, position: str | None) -> str:
        query = urlencode(
            {
                "json": 1,
                "filter": "recent",
                "language": self.settings.language,
                "review_type": "all",
                "purchase_type": "all",
                "num_per_page": _PER_PAGE,
                "cursor": position or _BEGINNING,
            }
        )
        return f"{self.settings.base_url}/appreviews/{self.settings.app_id}?{query}"


def steam_source(name: str, settings: SteamSettings, now: Callable[[], datetime]) -> SteamSource:
    """Build the source for the registry."""
    del now  # the list says when each review was written
    return SteamSource(name, settings)


def _wire(row: Mapping[str, Any], app_id: str) -> dict[str, Any]:
    recommended = row["voted_up"]
    if not isinstance(recommended, bool):
        raise TypeError(f"voted_up is {type(recommended).__name__}, not true or false")
    author_id = text_at(row, "author", "steamid")
    language = text_at(row, "language") or ""
    return {
        "source": "steam",
        "native_id": required_text(row, "recommendationid"),
        "published_at": epoch_at(row, "timestamp_created"),
        # A bare thumb is a review too.
        "text": text_at(row, "review") or ("👍" if recommended else "👎"),
        "url": _link(author_id, app_id),
        "author": None if author_id is None else {"id": author_id},
        "engagement": {
            "likes": count_at(row, "votes_up"),
            "comments": count_at(row, "comment_count"),
        },
        "rating": 5 if recommended else 1,
        "lang": _LANGUAGES.get(language),
        "channel": STEAM.channel.value,
        "extra": present(
            {
                "app": app_id,
                "recommended": recommended,
                "minutes_played": count_at(row, "author", "playtime_at_review"),
                "bought_on_steam": at(row, "steam_purchase"),
                "received_free": at(row, "received_for_free"),
            }
        ),
    }


def _link(author_id: str | None, app_id: str) -> str | None:
    if author_id is None or not author_id.isdigit():
        return None
    return f"https://steamcommunity.com/profiles/{author_id}/recommended/{app_id}/"


STEAM = SourceKind(
    settings=SteamSettings,
    build=steam_source,
    summary="reviews of one game on Steam",
    basis=Basis.OFFICIAL_API,
    channel=Channel.THIRD_PARTY,
    rate_limit=RATE,
    fields=(
        "url",
        "author.id",
        "engagement.likes",
        "engagement.comments",
        "rating",
        "lang",
        "extra",
    ),
)
