"""Public posts of one Mastodon instance, all of them or those with a hashtag, by its API.

Who writes there decides whether to be found: posts of bots, and of accounts that have not agreed to
be indexed or have refused to be discovered, are left out. `unindexed` takes the posts of those who
have said neither yes nor no; the rules of the instance must allow that.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit

from pydantic import BaseModel, ConfigDict, Field

from crawlers.errors import UnreadableAnswer
from crawlers.item import read_item, reread_items
from crawlers.json_page import (
    Rows,
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
from crawlers.post import Channel
from crawlers.rate import RateLimit
from crawlers.setting import BaseUrl
from crawlers.source import (
    Blocked,
    Cursor,
    Fetcher,
    FetchResult,
    Ok,
    OkEmpty,
    Reread,
    Response,
    is_misread,
)
from crawlers.wire import MAX_TEXT, MAX_TITLE, present

log = logging.getLogger(__name__)

RATE = RateLimit(requests=300, period=timedelta(minutes=5))
PER_PAGE = 40
"""The most that a timeline gives."""

_EXPECTED = ("content", "language", "reblogs_count", "favourites_count", "account")
_LINK = re.compile(r"<([^<>]{1,2000})>\s*;[^,]*?\brel=\"?prev\"?")
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
_LANG = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,3}")
_SIGN_IN = (
    "this instance shows its timelines to clients with a token only. Sign up there, make an "
    "application with the scope read:statuses, and give its access token as the secret `token`"
)


class Scope(StrEnum):
    """Whose posts: of everybody the instance knows, its own people, or those of other instances."""

    ALL = "all"
    LOCAL = "local"
    REMOTE = "remote"


Tag = Annotated[str, Field(pattern=r"^\w{1,100}$")]


class MastodonSettings(BaseModel):
    """`hashtags` without #, the first one and any of the others; without them all public posts.

    `token` belongs under the source's `secrets`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    base_url: BaseUrl
    hashtags: tuple[Tag, ...] = Field(default=(), max_length=5)
    scope: Scope = Scope.ALL
    unindexed: bool = False
    token: str | None = Field(default=None, min_length=1, max_length=500)

    @property
    def platform(self) -> str:
        """The source of its posts: the same id means another post on another instance."""
        return f"mastodon:{(urlsplit(self.base_url).hostname or '').lower()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """A page of statuses: `shown` counts all of them, those not for us too."""

    rows: Rows
    shown: int
    newest: str | None


def parse(body: bytes, *, settings: MastodonSettings, link: str = "") -> Timeline:
    """Read one page, with the answer's Link header; raises UnreadableAnswer when it is none."""
    statuses = decode_answer(body)
    if not isinstance(statuses, list):
        said = text_at(statuses, "error")
        raise UnreadableAnswer(f"no list of statuses: {said or type(statuses).__name__}"[:200])
    rows = read_rows(
        statuses, lambda status: _wire(status, settings), name="status", expected=_EXPECTED
    )
    first = text_at(statuses, 0, "id") or ""
    return Timeline(
        rows=rows,
        shown=len(statuses),
        newest=_newest(link) or (first if _ID.fullmatch(first) else None),
    )


@dataclass(frozen=True, slots=True)
class MastodonSource:
    """Reads forward from the last status taken, by `min_id`; a status again by its address."""

    name: str
    settings: MastodonSettings

    @property
    def posts_a_request(self) -> int:
        return 1

    async def pull(self, cursor: Cursor | None, fetcher: Fetcher) -> FetchResult:
        """Pull the statuses right after the cursor's; the newest ones at first."""
        after = (cursor or {}).get("min_id")
        after = after if isinstance(after, str) and _ID.fullmatch(after) else None
        answer = await fetcher.get(self._url(after), headers=self._headers(), rate=RATE)
        if isinstance(answer, Blocked) and answer.status == 401:
            return Blocked(reason=f"{answer.reason}: {_SIGN_IN}", status=401)
        if not isinstance(answer, Response):
            return answer
        link = answer.headers.get("link", "")
        page = await read_page(answer, lambda body: parse(body, settings=self.settings, link=link))
        if not isinstance(page, Timeline):
            return page
        if after is None and not page.shown and not self.settings.hashtags:
            return Blocked(reason=f"an empty public timeline: {_SIGN_IN}")
        if left_out := page.rows.left_out:
            log.info("mastodon.left_out", extra={"source": self.name, "statuses": left_out})
        return _result(page, after)

    def cursor_at(self, instant: datetime) -> Cursor:
        """Ids of statuses begin with their time, in milliseconds, above 16 bits of chance."""
        return {"min_id": str(int(instant.timestamp() * 1000) << 16)}

    async def reread(self, ids: Sequence[str], fetcher: Fetcher) -> Reread:
        """Bring statuses again; 404 is what an instance answers for a deleted one."""
        base = f"{self.settings.base_url}/api/v1/statuses"
        return await reread_items(
            [native_id for native_id in ids if _ID.fullmatch(native_id)],
            ask=lambda native_id: fetcher.get(
                f"{base}/{native_id}", headers=self._headers(), rate=RATE
            ),
            parse=lambda body, **_: read_item(body, lambda status: _wire(status, self.settings)),
        )

    def _headers(self) -> dict[str, str]:
        token = self.settings.token
        return {} if token is None else {"authorization": f"Bearer {token}"}

    def _url(self, after: str | None) -> str:
        first, *others = self.settings.hashtags or (None,)
        path = "public" if first is None else f"tag/{quote(first)}"
        query: list[tuple[str, str]] = [("limit", str(PER_PAGE))]
        if self.settings.scope is not Scope.ALL:
            query.append((self.settings.scope.value, "true"))
        query += [("any[]", tag) for tag in others if tag is not None]
        if after is not None:
            query.append(("min_id", after))
        return f"{self.settings.base_url}/api/v1/timelines/{path}?{urlencode(query)}"


def mastodon_source(
    name: str, settings: MastodonSettings, now: Callable[[], datetime]
) -> MastodonSource:
    """Build the source for the registry."""
    del now  # the API says when each status was written
    return MastodonSource(name, settings)


def _result(page: Timeline, after: str | None) -> FetchResult:
    cursor = {} if (newest := page.newest or after) is None else {"min_id": newest}
    # A full page that was read forward says that more is waiting; the newest page says nothing.
    full = after is not None and page.shown >= PER_PAGE and page.newest not in (None, after)
    hint = timedelta(0) if full else None
    posts = tuple(sorted(page.rows.posts, key=lambda post: post.published_at))
    if not posts and not page.rows.rejected:
        return OkEmpty(cursor=cursor, hint=hint)
    rejected = page.rows.rejected
    return Ok(
        posts=posts,
        cursor=cursor,
        hint=hint,
        rejected=rejected,
        misread=is_misread(malformed=len(rejected), read=len(posts)),
    )


def _newest(link: str) -> str | None:
    """The `min_id` of rel=prev: only the id is taken, the address is never followed."""
    found = _LINK.search(link)
    if found is None:
        return None
    try:
        values = parse_qs(urlsplit(found.group(1)).query).get("min_id", [])
    except ValueError:
        return None
    return values[0] if values and _ID.fullmatch(values[0]) else None


def _may_take(status: Mapping[str, Any], *, unindexed: bool) -> bool:
    """Whether a status is public, its own author's, and by somebody who agrees to be found."""
    account = status.get("account")
    if not isinstance(account, Mapping):
        raise KeyError("account")
    if status.get("visibility", "public") != "public" or status.get("reblog") is not None:
        return False
    refused = account.get("bot") or account.get("noindex") or account.get("discoverable") is False
    # Instances before 4.2 do not know `indexable`: there, only a refusal counts.
    undecided = account.get("indexable", True) is not True
    return not refused and (unindexed or not undecided)


def _wire(status: Mapping[str, Any], settings: MastodonSettings) -> dict[str, Any] | None:
    native_id = required_text(status, "id")
    if not _may_take(status, unindexed=settings.unindexed):
        return None
    content = status["content"]
    if not isinstance(content, str):
        raise TypeError(f"content is {type(content).__name__}, not a string")
    warning = text_at(status, "spoiler_text")
    # A picture without words is a post too: what its author says of it stands for it.
    described = text_at(status, "media_attachments", 0, "description")
    text = html_to_text(content) or described or warning
    if text is None:
        return None
    language = text_at(status, "language") or ""
    return {
        "source": settings.platform,
        "native_id": native_id,
        "published_at": required_text(status, "created_at"),
        "text": text[:MAX_TEXT],
        "title": None if warning is None else warning[:MAX_TITLE],
        "url": text_at(status, "url") or text_at(status, "uri"),
        "author": {
            "id": required_text(status, "account", "id"),
            "name": text_at(status, "account", "display_name")
            or text_at(status, "account", "acct"),
            "followers": count_at(status, "account", "followers_count"),
        },
        "engagement": {
            "reposts": count_at(status, "reblogs_count"),
            "comments": count_at(status, "replies_count"),
            "likes": count_at(status, "favourites_count"),
        },
        "parent_id": text_at(status, "in_reply_to_id"),
        "lang": language if _LANG.fullmatch(language) else None,
        "channel": MASTODON.channel.value,
        "extra": present(
            {"edited_at": text_at(status, "edited_at"), "sensitive": at(status, "sensitive")}
        ),
    }


MASTODON = SourceKind(
    settings=MastodonSettings,
    build=mastodon_source,
    summary="public posts of a Mastodon instance, all or by hashtag",
    basis=Basis.OFFICIAL_API,
    channel=Channel.SOCIAL,
    rate_limit=RATE,
    fields=(
        "title",
        "url",
        "author.id",
        "author.name",
        "author.followers",
        "engagement.reposts",
        "engagement.comments",
        "engagement.likes",
        "parent_id",
        "lang",
        "extra",
    ),
)
