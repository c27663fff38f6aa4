"""Feeds: RSS 0.9x to 2.0, RDF, Atom and JSON Feed."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from crawlers.errors import UnreadableFeed
from crawlers.feeds import Feed, FeedEntry, read_feed
from crawlers.fields import clean_text
from crawlers.kind import Basis, SourceKind
from crawlers.post import Author, Channel, Engagement, Post
from crawlers.setting import HttpUrl, TimeZone
from crawlers.source import (
    Blocked,
    Cursor,
    Failed,
    Fetcher,
    FetchResult,
    NotModified,
    Ok,
    OkEmpty,
    Response,
    SchemaDrift,
    is_misread,
)
from crawlers.wire import MAX_ID, MAX_TEXT, MAX_TITLE, MAX_URL

MAX_SEEN = 2_000
"""How many entries a cursor remembers: a feed shows some dozens, and forgets them itself."""

_LANG = re.compile(r"[A-Za-z]{2,8}(?:[-_][A-Za-z0-9]{1,8}){0,3}")
_IN_THREAD_FROM = 64 * 1024
_ACCEPT = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/json;q=0.9, "
    "application/xml;q=0.9, text/xml;q=0.8, */*;q=0.1"
)


class RssSettings(BaseModel):
    """Settings of one feed. `timezone` is meant by dates of the feed that name no zone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: HttpUrl
    source: str | None = Field(default=None, min_length=1, max_length=200)
    channel: Channel = Channel.NEWS
    lang: str | None = Field(default=None, max_length=35)
    timezone: TimeZone = "Asia/Shanghai"
    headers: dict[str, str] = Field(default_factory=dict)
    max_bytes: int = Field(default=10 * 1024 * 1024, ge=1_024, le=100 * 1024 * 1024)
    obey_robots: bool = True


class RssSource:
    """Pulls one feed; a cursor holds its validators and what has been seen of it."""

    def __init__(self, name: str, settings: RssSettings, *, now: Callable[[], datetime]) -> None:
        self._name = name
        self._settings = settings
        self._now = now
        self._zone = ZoneInfo(settings.timezone)
        host = urlsplit(settings.url).hostname or ""
        self._platform = settings.source or f"rss:{host.lower()}"

    @property
    def name(self) -> str:
        return self._name

    async def pull(self, cursor: Cursor | None, fetcher: Fetcher) -> FetchResult:
        """Pull the entries that are new or edited since `cursor`, oldest first."""
        known = cursor or {}
        answer = await fetcher.get(
            self._settings.url,
            headers={"accept": _ACCEPT, **self._settings.headers},
            validators=_strings(known.get("validators")),
            max_bytes=self._settings.max_bytes,
            obey_robots=self._settings.obey_robots,
        )
        seen = _strings(known.get("seen"))
        if isinstance(answer, NotModified):
            return NotModified(
                cursor={"validators": dict(answer.cursor), "seen": seen}, hint=answer.hint
            )
        if not isinstance(answer, Response):
            return answer
        try:
            feed = await self._read(answer)
        except UnreadableFeed as error:
            return _unreadable(error)
        return self._select(feed, answer, seen)

    async def _read(self, answer: Response) -> Feed:
        def read() -> Feed:
            return read_feed(
                answer.body,
                url=answer.url,
                zone=self._zone,
                content_type=answer.headers.get("content-type", ""),
            )

        # A feed of megabytes takes seconds to parse: not on the loop that also fires deadlines.
        return await asyncio.to_thread(read) if len(answer.body) >= _IN_THREAD_FROM else read()

    def _select(self, feed: Feed, answer: Response, seen: dict[str, str]) -> FetchResult:
        observed_at = self._now()
        rejected = list(feed.rejected)
        posts: list[Post] = []
        current: dict[str, str] = {}
        for number, entry in enumerate(feed.entries, 1):
            post = self._post(entry, observed_at)
            if post is None:
                rejected.append((f"entry {number}", "has neither a title nor a text"))
                continue
            key, words = post.id[:16], post.content_hash[:8]
            if key in current:
                continue  # the same id twice in one feed: the first is the newest
            current[key] = words
            if seen.get(key) != words:
                posts.append(post)
        posts.reverse()  # feeds go newest first, and entries without a date keep that order
        posts.sort(key=lambda post: post.published_at)
        # A document that ended too early must come again in full, so it leaves no validators.
        validators = {} if feed.cut_off else dict(answer.validators)
        cursor = {"validators": validators, "seen": _bounded(current, seen)}
        hint = max((h for h in (answer.hint, feed.ttl) if h is not None), default=None)
        if not posts and not rejected:
            return OkEmpty(cursor=cursor, hint=_waiting(hint))
        return Ok(
            posts=tuple(posts),
            cursor=cursor,
            hint=_waiting(hint),
            rejected=tuple(rejected),
            misread=is_misread(malformed=len(rejected), read=len(current)),
        )

    def _post(self, entry: FeedEntry, observed_at: datetime) -> Post | None:
        """The entry as a post; None when it says nothing."""
        title = clean_text(entry.title or "")[:MAX_TITLE].strip() or None
        text = clean_text(entry.text)[:MAX_TEXT].strip() or title
        if text is None:
            return None
        published_at, note = _instant(entry, observed_at)
        return Post(
            source=self._platform,
            native_id=self._native_id(entry),
            published_at=published_at,
            text=text,
            title=title,
            url=_link(entry.link),
            author=_author(entry),
            engagement=Engagement(comments=entry.comments),
            lang=self._settings.lang or _lang(entry.lang),
            channel=self._settings.channel,
            extra={} if note is None else {"published_note": note},
        )

    def _native_id(self, entry: FeedEntry) -> str:
        """The entry's own id; its link; or else a digest of what it says.

        A bare id such as 17 is one of this feed only, while one that looks like a URI is the same
        entry in every feed of the platform.
        """
        raw = _printable(entry.id or entry.link or "")
        if not raw:
            return "digest:" + _digest(f"{entry.title}\x1f{entry.text}")
        if ":" not in raw and "/" not in raw:
            raw = f"{urlsplit(self._settings.url).path or '/'}#{raw}"
        return raw if len(raw) <= MAX_ID else f"{raw[: MAX_ID - 33]}~{_digest(raw)}"


def rss_source(name: str, settings: RssSettings, now: Callable[[], datetime]) -> RssSource:
    """Build the source for the registry."""
    return RssSource(name, settings, now=now)


RSS = SourceKind(
    settings=RssSettings,
    build=rss_source,
    summary="a feed: RSS 0.9x to 2.0, RDF, Atom or JSON Feed",
    basis=Basis.PUBLIC_FEED,
    channel=Channel.NEWS,
    rate_limit=None,  # one request a pull, at the pace that every host gets
    fields=("title", "url", "author.id", "author.name", "engagement.comments", "lang", "extra"),
)


def _unreadable(error: UnreadableFeed) -> FetchResult:
    if error.login:
        return Blocked(reason=f"a page that asks to sign in or to prove oneself: {error}"[:300])
    if error.fields[0].startswith(("an empty body", "broken JSON", "doctype", "the parser")):
        return Failed(reason=f"feed: {error}")
    return SchemaDrift(fields=error.fields)


def _instant(entry: FeedEntry, observed_at: datetime) -> tuple[datetime, str | None]:
    """When the entry counts as published, and a note where that is not what it says."""
    if entry.published_at is None:
        note = f"unreadable: {_printable(entry.date_text)[:60]}" if entry.date_text else "missing"
        return observed_at, note
    if entry.published_at > observed_at:
        return observed_at, f"in the future: {entry.published_at.isoformat()}"
    return entry.published_at, None


def _author(entry: FeedEntry) -> Author | None:
    author_id = _printable(entry.author_id or entry.author or "")[:MAX_ID]
    if not author_id:
        return None
    return Author(id=author_id, name=_printable(entry.author or "")[:MAX_ID] or None)


def _lang(lang: str | None) -> str | None:
    """A language tag if it looks like one: feeds put all sorts of things there."""
    return lang if lang is not None and _LANG.fullmatch(lang) is not None else None


def _link(link: str | None) -> str | None:
    if link is None or len(link) > MAX_URL or not link.lower().startswith(("http://", "https://")):
        return None
    return _printable(link) or None


def _printable(text: str) -> str:
    return "".join(char for char in clean_text(text) if char.isprintable()).strip()


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _bounded(current: Mapping[str, str], seen: Mapping[str, str]) -> dict[str, str]:
    """What to remember: all of the present feed first, then what was seen before, newest first."""
    remembered = {**current, **{k: v for k, v in seen.items() if k not in current}}
    return dict(list(remembered.items())[:MAX_SEEN])


def _strings(value: Any) -> dict[str, str]:
    """A mapping of strings out of a cursor; anything else, as of an older version, is nothing."""
    if not isinstance(value, Mapping):
        return {}
    return {k: v for k, v in value.items() if isinstance(k, str) and isinstance(v, str)}


def _waiting(hint: timedelta | None) -> timedelta | None:
    """A hint of zero would mean that more is waiting, which a feed cannot say."""
    return hint if hint else None
