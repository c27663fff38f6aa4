"""Newest posts of a Discourse forum, by its API, which every forum documents at docs.discourse.org.

Without a key it shows what everybody may read. Posts that were hidden by flags, or whose author has
taken them back, are left out, and so is what the forum itself says (moved, closed, pinned).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from crawlers.errors import Gone, UnreadableAnswer
from crawlers.item import reread_items
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
from crawlers.markup import html_to_text
from crawlers.post import Channel, Post
from crawlers.rate import RateLimit
from crawlers.setting import BaseUrl
from crawlers.source import Blocked, Cursor, Fetcher, FetchResult, Reread, Response
from crawlers.walk import ListPage, Walk
from crawlers.wire import MAX_TEXT, MAX_TITLE, present

log = logging.getLogger(__name__)

RATE = RateLimit(requests=50, period=timedelta(minutes=1))
"""A forum takes 200 a minute from an address unless it says otherwise; readers are there too."""

_REGULAR, _MODERATOR_ACTION, _SMALL_ACTION, _WHISPER = 1, 2, 3, 4
_LIKE = 2
_EXPECTED = ("username", "cooked", "topic_id", "topic_title", "actions_summary")
_SIGN_IN = (
    "this forum shows its posts to members only. If it lets you read by program, ask its "
    "administrators for an API key, and give it as the secret `api_key`"
)
_EMPTY = "an empty list of posts: where there are posts, that is a refusal"


class DiscourseSettings(BaseModel):
    """`api_key` belongs under the source's `secrets`, `username` is whose key it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: BaseUrl
    username: str = Field(default="system", pattern=r"^[\w.-]{1,60}$")
    api_key: str | None = Field(default=None, min_length=1, max_length=200, pattern=r"^[!-~]+$")
    channel: Channel = Channel.SOCIAL
    lang: str | None = Field(default=None, max_length=35)
    max_pages: int = Field(default=10, ge=1, le=100)
    may_be_empty: bool = False

    @property
    def platform(self) -> str:
        """The source of its posts: the same id means another post in another forum."""
        return f"discourse:{(urlsplit(self.base_url).hostname or '').lower()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostsPage:
    """A page of posts; `shown` counts all of them, those left out too."""

    list: ListPage
    shown: int
    left_out: int


def parse(body: bytes, *, settings: DiscourseSettings) -> PostsPage:
    """Read one page; raises UnreadableAnswer when it is none."""
    data = decode_answer(body)
    posts = at(data, "latest_posts")
    if not isinstance(posts, list):
        said = text_at(data, "errors", 0) or text_at(data, "error")
        raise UnreadableAnswer(f"latest_posts: no list{'; it says ' + said if said else ''}"[:200])
    rows = read_rows(posts, lambda post: _wire(post, settings), name="post", expected=_EXPECTED)
    numbers = [number for post in posts if (number := count_at(post, "id")) is not None]
    # Older versions take the id of `before` itself too: that post then comes twice, harmlessly.
    following = str(min(numbers)) if numbers and min(numbers) > 1 else None
    return PostsPage(
        list=ListPage(posts=rows.posts, rejected=rows.rejected, next=following),
        shown=len(posts),
        left_out=rows.left_out,
    )


@dataclass(frozen=True, slots=True)
class DiscourseSource:
    """Walks the posts backwards by their id; a post again at the head of the page before it."""

    name: str
    settings: DiscourseSettings

    @property
    def posts_a_request(self) -> int:
        return 1

    async def pull(self, cursor: Cursor | None, fetcher: Fetcher) -> FetchResult:
        """Pull the next page of the walk, or the first one."""
        walk = Walk.resume(cursor)
        answer = await fetcher.get(
            self._url(walk.at), headers=self._headers(), obey_robots=False, rate=RATE
        )
        if isinstance(answer, Blocked) and answer.status in (401, 403):
            why = f"{answer.reason}: {_SIGN_IN}"
            return Blocked(reason=why, retry_after=answer.retry_after, status=answer.status)
        if not isinstance(answer, Response):
            return answer
        page = await read_page(answer, lambda body: parse(body, settings=self.settings))
        if not isinstance(page, PostsPage):
            return page
        empty_start = walk.at is None and not page.shown
        if empty_start and (walk.seen or not self.settings.may_be_empty):
            return Blocked(reason=_EMPTY)
        if page.left_out:
            log.info("discourse.left_out", extra={"source": self.name, "posts": page.left_out})
        return walk.take(page.list, max_pages=self.settings.max_pages)

    async def reread(self, ids: Sequence[str], fetcher: Fetcher) -> Reread:
        """Bring posts again; one that the page which begins with it has not is gone.

        The address of a single post would do without its topic's title: every look an edit.
        """
        return await reread_items(
            [native_id for native_id in ids if native_id.isascii() and native_id.isdigit()],
            ask=lambda native_id: fetcher.get(
                self._url(str(int(native_id) + 1)),
                headers=self._headers(),
                obey_robots=False,
                rate=RATE,
            ),
            parse=self._find,
        )

    def _find(self, body: bytes, /, *, native_id: str) -> Post:
        page = parse(body, settings=self.settings)
        if not page.shown:
            raise UnreadableAnswer(_EMPTY)
        for post in page.list.posts:
            if post.native_id == native_id:
                return post
        raise Gone(native_id)

    def _headers(self) -> dict[str, str]:
        headers = {"accept": "application/json"}
        if self.settings.api_key is not None:
            headers |= {
                "api-key": self.settings.api_key,
                "api-username": self.settings.username,
            }
        return headers

    def _url(self, before: str | None) -> str:
        place = f"{self.settings.base_url}/posts.json"
        numbered = before is not None and before.isascii() and before.isdigit()
        return f"{place}?{urlencode({'before': before})}" if numbered else place


def discourse_source(
    name: str, settings: DiscourseSettings, now: Callable[[], datetime]
) -> DiscourseSource:
    """Build the source for the registry."""
    del now  # the API says when each post was written
    return DiscourseSource(name, settings)


def _wire(post: Mapping[str, Any], settings: DiscourseSettings) -> dict[str, Any] | None:
    native_id = required_text(post, "id")
    kind = count_at(post, "post_type")
    if kind in (_MODERATOR_ACTION, _SMALL_ACTION, _WHISPER):
        return None
    if post.get("hidden") is True or post.get("user_deleted") is True or post.get("deleted_at"):
        return None
    cooked = post["cooked"]
    if not isinstance(cooked, str):
        raise TypeError(f"cooked is {type(cooked).__name__}, not a string")
    title = text_at(post, "topic_title")
    text = html_to_text(cooked) or title
    if text is None:
        return None
    topic, number = required_text(post, "topic_id"), count_at(post, "post_number")
    username = required_text(post, "username")
    answered = count_at(post, "reply_to_post_number")
    return {
        "source": settings.platform,
        "native_id": native_id,
        "published_at": required_text(post, "created_at"),
        "text": text[:MAX_TEXT],
        "title": None if title is None else title[:MAX_TITLE],
        "url": f"{settings.base_url}/t/{topic}/{number or 1}",
        "author": {
            "id": text_at(post, "user_id") or username,
            "name": text_at(post, "name") or username,
        },
        "engagement": {
            "comments": count_at(post, "reply_count"),
            "likes": _likes(post),
            "views": count_at(post, "reads"),
        },
        "lang": settings.lang,
        "channel": settings.channel.value,
        "extra": present(
            {
                "topic": topic,
                "post_number": number,
                "reply_to_post_number": answered,
                "category": count_at(post, "category_id"),
            }
        ),
    }


def _likes(post: Mapping[str, Any]) -> int | None:
    """What `actions_summary` says of likes; an action that nobody has done is not in it."""
    actions = post.get("actions_summary")
    if not isinstance(actions, list):
        return None
    return next((count_at(done, "count") for done in actions if at(done, "id") == _LIKE), 0)


DISCOURSE = SourceKind(
    settings=DiscourseSettings,
    build=discourse_source,
    summary="newest posts of a Discourse forum",
    basis=Basis.OFFICIAL_API,
    channel=Channel.SOCIAL,
    rate_limit=RATE,
    fields=(
        "title",
        "url",
        "author.id",
        "author.name",
        "engagement.comments",
        "engagement.likes",
        "engagement.views",
        "lang",
        "extra",
    ),
)
