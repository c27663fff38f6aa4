"""Newest submissions of subreddits, or those that match a search, by Reddit's official API.

Reddit lets programs in after approval only: make an application there, and give its id and secret.
The token that they are exchanged for is kept in memory until shortly before it ends. What was
removed or deleted is left out: the words are gone, and whoever took them back has a reason.
"""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from typing import Annotated, Any
from urllib.parse import quote, urlencode

from pydantic import BaseModel, ConfigDict, Field, model_validator

from crawlers.errors import UnreadableAnswer
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
    Reread,
    Response,
    SchemaDrift,
)
from crawlers.walk import ListPage, Walk
from crawlers.wire import MAX_TEXT, MAX_TITLE, present

log = logging.getLogger(__name__)

RATE = RateLimit(requests=100, period=timedelta(minutes=1))

_PER_PAGE = 100
_SITE = "https://www.reddit.com"
_EARLY = timedelta(minutes=2)
_SHORTEST = timedelta(minutes=1)
_EXPECTED = ("title", "selftext", "author", "score", "num_comments", "permalink")
_FULLNAME = re.compile(r"t3_[a-z0-9]{1,13}")
_GONE = frozenset({"[removed]", "[deleted]"})
_NO_ENTRY = (
    "Reddit does not take the application's id and secret: check the secrets `client_id` and "
    "`client_secret`, and that Reddit has approved the application"
)

Subreddit = Annotated[str, Field(pattern=r"^[A-Za-z0-9_]{2,50}$")]


class RedditSettings(BaseModel):
    """`subreddits` without r/, or a `query`, or a query within subreddits.

    `client_id` and `client_secret` belong under the source's `secrets`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    subreddits: tuple[Subreddit, ...] = Field(default=(), max_length=20)
    query: str | None = Field(default=None, min_length=1, max_length=512)
    client_id: str = Field(pattern=r"^[A-Za-z0-9_-]{1,100}$")
    client_secret: str = Field(pattern=r"^[!-~]{1,200}$")
    adult: bool = False
    max_pages: int = Field(default=10, ge=1, le=10)
    base_url: BaseUrl = "https://oauth.reddit.com"
    sign_in_url: BaseUrl = "https://www.reddit.com/api/v1/access_token"

    @model_validator(mode="after")
    def _somewhere(self) -> RedditSettings:
        if not self.subreddits and self.query is None:
            raise ValueError("name subreddits, a query or both")
        return self


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A token, and until when it is used: a little before it ends, so that no request is lost."""

    value: str
    until: datetime


def parse_token(body: bytes, *, now: datetime) -> Token:
    """Read the answer to the token call; raises UnreadableAnswer when it is none."""
    data = decode_answer(body)
    value, lives = text_at(data, "access_token"), count_at(data, "expires_in")
    if value is None:
        raise UnreadableAnswer(f"access_token: {text_at(data, 'error') or 'is missing'}"[:200])
    if not (value.isascii() and value.isprintable()):
        raise UnreadableAnswer("access_token: holds what no header may hold")
    lifetime = timedelta(seconds=min(lives or 0, 86_400)) - _EARLY
    return Token(value=value, until=now + max(lifetime, _SHORTEST))


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A page of submissions; `shown` counts all of them, those left out too."""

    list: ListPage
    shown: int
    left_out: int


def parse(body: bytes, *, adult: bool = False) -> Listing:
    """Read one page; raises UnreadableAnswer when it is none."""
    data = decode_answer(body)
    children = at(data, "data", "children")
    if not isinstance(children, list):
        said = text_at(data, "message") or text_at(data, "error")
        raise UnreadableAnswer(f"data.children: no list{'; it says ' + said if said else ''}"[:200])
    rows = read_rows(
        [at(child, "data") for child in children],
        lambda row: _wire(row, adult=adult),
        name="submission",
        expected=_EXPECTED,
    )
    following = text_at(data, "data", "after") if children else None
    return Listing(
        list=ListPage(posts=rows.posts, rejected=rows.rejected, next=following),
        shown=len(children),
        left_out=rows.left_out,
    )


class RedditSource:
    """Walks the newest submissions by `after`; holds its token and nothing else."""

    def __init__(self, name: str, settings: RedditSettings, *, now: Callable[[], datetime]) -> None:
        self._name = name
        self._settings = settings
        self._now = now
        self._token: Token | None = None

    @property
    def name(self) -> str:
        return self._name

    async def pull(self, cursor: Cursor | None, fetcher: Fetcher) -> FetchResult:
        """Pull the next page of the walk, or the first one, with a token that is fresh enough."""
        walk = Walk.resume(cursor)
        answer = await self._get(self._url(walk.at), fetcher)
        if not isinstance(answer, Response):
            return answer
        page = await read_page(answer, lambda body: parse(body, adult=self._settings.adult))
        if not isinstance(page, Listing):
            return page
        if walk.at is None and not page.shown and self._settings.query is None:
            return Blocked(reason="an empty first page: is there such a subreddit, and is it open?")
        if page.left_out:
            log.info("reddit.left_out", extra={"source": self._name, "posts": page.left_out})
        return walk.take(page.list, max_pages=self._settings.max_pages)

    @property
    def posts_a_request(self) -> int:
        return _PER_PAGE

    async def reread(self, ids: Sequence[str], fetcher: Fetcher) -> Reread:
        """Bring submissions again; what was removed or deleted, or is not there, is gone."""
        wanted = [native_id for native_id in ids if _FULLNAME.fullmatch(native_id)]
        posts: list[Post] = []
        for start in range(0, len(wanted), _PER_PAGE):
            query = urlencode({"id": ",".join(wanted[start : start + _PER_PAGE]), "raw_json": 1})
            answer = await self._get(f"{self._settings.base_url}/api/info?{query}", fetcher)
            page: object = answer
            if isinstance(answer, Response):
                page = await read_page(answer, lambda body: parse(body, adult=True))
            if isinstance(page, Blocked | Failed | SchemaDrift):
                return Reread(
                    posts=tuple(posts), gone=_missing(wanted[:start], posts), stopped=page
                )
            if isinstance(page, Listing):
                posts += page.list.posts
        return Reread(posts=tuple(posts), gone=_missing(wanted, posts))

    async def _get(
        self, url: str, fetcher: Fetcher
    ) -> Response | NotModified | Blocked | Failed | SchemaDrift:
        """An answer of the API, asked for with a token that is fresh enough."""
        if self._token is None or self._token.until <= self._now():
            token = await self._new_token(fetcher)
            if not isinstance(token, Token):
                return token
            self._token = token
        answer = await fetcher.get(
            url,
            headers={"authorization": f"Bearer {self._token.value}"},
            obey_robots=False,
            rate=RATE,
        )
        if isinstance(answer, Blocked) and answer.status == 401:
            self._token = None  # taken back before its time: the next pull asks for another one
        return answer

    async def _new_token(
        self, fetcher: Fetcher
    ) -> Token | NotModified | Blocked | Failed | SchemaDrift:
        pair = f"{self._settings.client_id}:{self._settings.client_secret}".encode()
        answer = await fetcher.post_form(
            self._settings.sign_in_url,
            form={"grant_type": "client_credentials"},
            headers={"authorization": f"Basic {base64.b64encode(pair).decode()}"},
            rate=RATE,
        )
        if isinstance(answer, Blocked) and answer.status in (401, 403):
            return Blocked(reason=f"{answer.reason}: {_NO_ENTRY}", status=answer.status)
        if not isinstance(answer, Response):
            return answer
        now = self._now()
        return await read_page(answer, lambda body: parse_token(body, now=now))

    def _url(self, after: str | None) -> str:
        settings = self._settings
        where = (
            f"/r/{quote('+'.join(settings.subreddits), safe='+')}" if settings.subreddits else ""
        )
        query: dict[str, Any] = {"limit": _PER_PAGE, "raw_json": 1}
        if settings.query is None:
            where += "/new"
        else:
            where += "/search"
            query |= {"q": settings.query, "sort": "new", "t": "week", "type": "link"}
            query |= {"restrict_sr": "true"} if settings.subreddits else {}
            query |= {"include_over_18": "on"} if settings.adult else {}
        if after is not None:
            query["after"] = after
        return f"{settings.base_url}{where}?{urlencode(query)}"


def reddit_source(name: str, settings: RedditSettings, now: Callable[[], datetime]) -> RedditSource:
    """Build the source for the registry."""
    return RedditSource(name, settings, now=now)


def _wire(row: Mapping[str, Any], *, adult: bool) -> dict[str, Any] | None:
    native_id = required_text(row, "name")
    author, body = text_at(row, "author"), text_at(row, "selftext") or ""
    if row.get("removed_by_category") or body in _GONE or author == "[deleted]":
        return None
    if row.get("over_18") is True and not adult:
        return None
    title = unescape(required_text(row, "title"))
    author_id = text_at(row, "author_fullname") or author
    path = text_at(row, "permalink") or ""
    return {
        "source": "reddit",
        "native_id": native_id,
        "published_at": epoch_at(row, "created_utc"),
        # A link alone says what its title says.
        "text": (unescape(body) or title)[:MAX_TEXT],
        "title": title[:MAX_TITLE],
        "url": f"{_SITE}{path}" if path.startswith("/") else None,
        "author": None if author_id is None else {"id": author_id, "name": author},
        "engagement": {
            "likes": _likes(row),
            "comments": count_at(row, "num_comments"),
        },
        "repost_of": text_at(row, "crosspost_parent"),
        "channel": REDDIT.channel.value,
        "extra": present(
            {
                "subreddit": text_at(row, "subreddit"),
                "link": None if row.get("is_self") is True else text_at(row, "url"),
                "upvote_ratio": at(row, "upvote_ratio"),
                "edited": at(row, "edited") or None,
            }
        ),
    }


def _missing(ids: Sequence[str], posts: Sequence[Post]) -> tuple[str, ...]:
    there = {post.native_id for post in posts}
    return tuple(native_id for native_id in ids if native_id not in there)


def _likes(row: Mapping[str, Any]) -> int | None:
    """Upvotes less downvotes; what is below zero counts as none."""
    score = at(row, "score")
    return max(score, 0) if isinstance(score, int) and not isinstance(score, bool) else None


REDDIT = SourceKind(
    settings=RedditSettings,
    build=reddit_source,
    summary="newest submissions of subreddits, or those that match a search",
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
        "repost_of",
        "extra",
    ),
)
