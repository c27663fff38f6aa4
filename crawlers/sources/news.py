"""Articles of a news site, by the sitemap that it publishes for search engines.

The sitemap (or index, or news sitemap) says which pages are new or changed; each is fetched as its
robots.txt allows, and its article taken out by a library. A cursor holds the pages that are still
to be read, so that a pull of many articles is many pulls of a few.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from crawlers.article import Article, extract_article
from crawlers.errors import BadPost, UnreadableAnswer
from crawlers.html_tree import read_html
from crawlers.instant import AUTO, read_instant
from crawlers.json_page import read_page
from crawlers.kind import Basis, SourceKind
from crawlers.post import Channel, Post, PostKey
from crawlers.rate import RateLimit
from crawlers.reading_list import MAX_QUEUE, ReadingList, Waiting, choose_pages, digest
from crawlers.setting import HttpUrl, TimeZone
from crawlers.sitemap import Sitemap, SitemapEntry, parse_sitemap
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
)
from crawlers.wire import MAX_ID, parse_post, present

RATE = RateLimit(requests=30, period=timedelta(minutes=1))

MAX_SITEMAPS = 10
"""How many sitemaps of an index are read for one look at it: those that changed last."""

_ENOUGH = timedelta(seconds=30)
"""A pull ends with the article that it is at, well before the engine would end it."""
_GONE = frozenset({404, 410})
"""A page that was read before and answers so is deleted; where all do, it is the site."""
_GIVE_UP = frozenset({401, 402, 451}) | _GONE
_NOT_CALM = 3
"""So many pages in a row that nothing can be taken of are the site, and no accident."""


class NewsSettings(BaseModel):
    """`sitemap` is the address of a sitemap or of an index. `paths` are beginnings of the paths of
    articles, such as /news/; `lookback_hours` is how old a page may be to be read at all."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sitemap: HttpUrl
    paths: tuple[str, ...] = Field(default=(), max_length=50)
    source: str | None = Field(default=None, min_length=1, max_length=200)
    channel: Channel = Channel.NEWS
    lang: str | None = Field(default=None, max_length=35)
    timezone: TimeZone = "Asia/Shanghai"
    lookback_hours: int = Field(default=48, ge=1, le=24 * 31)
    per_pull: int = Field(default=10, ge=1, le=50)
    max_bytes: int = Field(default=5 * 1024 * 1024, ge=10_240, le=50 * 1024 * 1024)
    may_be_empty: bool = False

    @property
    def platform(self) -> str:
        """The source of its posts."""
        host = (urlsplit(self.sitemap).hostname or "").lower()
        return self.source or f"news:{host.removeprefix('www.')}"


def parse(
    body: bytes, *, waiting: Waiting, settings: NewsSettings, now: datetime, content_type: str = ""
) -> Post:
    """Read one article; raises UnreadableAnswer or BadPost when the page has none."""
    zone = ZoneInfo(settings.timezone)
    article = extract_article(read_html(body, content_type=content_type), zone=zone, now=now)
    return parse_post(_wire(article, waiting.entry, settings, now))


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What a few pages came to, and the list after them."""

    after: ReadingList
    posts: tuple[Post, ...] = ()
    rejected: tuple[tuple[str, str], ...] = ()
    trouble: tuple[FetchResult, ...] = ()
    gone: tuple[PostKey, ...] = ()

    @property
    def is_limited(self) -> bool:
        """The site wants to be asked nothing for a while."""
        return bool(self.trouble) and _is_limit(self.trouble[-1])

    @property
    def is_dark(self) -> bool:
        """Nothing came, and that is no accident of a page or two."""
        if self.posts or not self.trouble:
            return False
        return self.is_limited or self.after.failing >= _NOT_CALM

    def outcome(self) -> FetchResult:
        """The end of a pull that this batch is."""
        if self.is_dark:
            return _worst(self.trouble)
        cursor = self.after.to_cursor()
        hint = timedelta(0) if self.after.queue or self.after.more else None
        if not self.posts and not self.rejected:
            return OkEmpty(cursor=cursor, hint=hint)
        posts = tuple(sorted(self.posts, key=lambda post: post.published_at))
        return Ok(posts=posts, cursor=cursor, hint=hint, rejected=self.rejected, gone=self.gone)


class NewsSource:
    """Reads the sitemap when nothing waits, and otherwise a few of the pages that wait."""

    def __init__(self, name: str, settings: NewsSettings, *, now: Callable[[], datetime]) -> None:
        self._name = name
        self._settings = settings
        self._now = now
        self._zone = ZoneInfo(settings.timezone)

    @property
    def name(self) -> str:
        return self._name

    async def pull(self, cursor: Cursor | None, fetcher: Fetcher) -> FetchResult:
        """Pull some articles; look at the sitemap first where none is known to wait.

        Pages that wait and that nothing can be taken of must not hide newer ones: then the sitemap
        is looked at all the same, and what can be read there counts.
        """
        started = self._now()
        known = ReadingList.resume(cursor)
        if not known.queue:
            looked = await self._look(known, fetcher)
            if not isinstance(looked, ReadingList):
                return looked
            batch = await self._read(looked, fetcher, started)
            if batch.is_dark and not batch.is_limited and batch.after.queue:
                return await self._beyond(batch, batch.after, fetcher, started)
            return batch.outcome()
        batch = await self._read(known, fetcher, started)
        if batch.is_dark and not batch.is_limited:
            looked = await self._look(replace(batch.after, validators={}), fetcher)
            if isinstance(looked, ReadingList):
                return await self._beyond(batch, looked, fetcher, started)
        return batch.outcome()

    async def _beyond(
        self, batch: Batch, rest: ReadingList, fetcher: Fetcher, started: datetime
    ) -> FetchResult:
        """The outcome of a dark batch, or of it and the next pages where these can be read."""
        newer = await self._read(rest, fetcher, started)
        if not newer.posts:
            return batch.outcome()
        return replace(newer, rejected=(*batch.rejected, *newer.rejected)).outcome()

    async def _look(self, known: ReadingList, fetcher: Fetcher) -> ReadingList | FetchResult:
        """What the sitemap lists now, as a queue."""
        answer = await self._get(self._settings.sitemap, fetcher, dict(known.validators))
        if isinstance(answer, NotModified):
            return NotModified(cursor=known.to_cursor())
        if not isinstance(answer, Response):
            return answer
        sitemap = await _read_sitemap(answer)
        if not isinstance(sitemap, Sitemap):
            return sitemap
        pages = sitemap.pages
        if sitemap.sitemaps:
            below = await self._below(sitemap.sitemaps, fetcher)
            if not isinstance(below, tuple):
                return below
            pages = below
        if not pages and not self._settings.may_be_empty:
            return SchemaDrift(fields=("loc: a sitemap that lists nothing",))
        now = self._now()
        chosen = choose_pages(
            pages,
            seen=known.seen,
            wanted=lambda url: _wanted(url, self._settings),
            oldest=now - timedelta(hours=self._settings.lookback_hours),
            zone=self._zone,
            now=now,
        )
        return replace(
            known,
            queue=tuple(chosen[:MAX_QUEUE]),
            more=len(chosen) > MAX_QUEUE,
            validators=answer.validators,
        )

    async def _below(
        self, sitemaps: tuple[SitemapEntry, ...], fetcher: Fetcher
    ) -> tuple[SitemapEntry, ...] | FetchResult:
        """Pages of the sitemaps that an index says changed last, and recently enough."""
        now, zone = self._now(), self._zone
        oldest = now - timedelta(hours=self._settings.lookback_hours)
        dated = [
            (read_instant(entry.changed, form=AUTO, zone=zone, now=now) or now, entry)
            for entry in sitemaps
        ]
        # A date without a clock means the end of that day, not its beginning.
        young = [pair for pair in dated if pair[0] >= oldest - timedelta(days=1)]
        young.sort(key=lambda pair: pair[0], reverse=True)
        found: list[SitemapEntry] = []
        for _, entry in young[:MAX_SITEMAPS]:
            answer = await self._get(entry.url, fetcher, {})
            if not isinstance(answer, Response):
                return answer
            sitemap = await _read_sitemap(answer)
            if not isinstance(sitemap, Sitemap):
                return sitemap
            found += sitemap.pages
        return tuple(found)

    async def _read(self, known: ReadingList, fetcher: Fetcher, started: datetime) -> Batch:
        """Read the first pages of the queue; what fails for now goes to its end."""
        posts: list[Post] = []
        rejected: list[tuple[str, str]] = []
        trouble: list[FetchResult] = []
        gone: list[str] = []
        for _ in range(min(self._settings.per_pull, len(known.queue))):
            waiting = known.queue[0]
            read = await self._article(waiting, fetcher)
            if isinstance(read, Post):
                posts.append(read)
                gone += [item for item in known.absent if item != read.native_id]
                known = replace(known.done(waiting), failing=0, absent=())
            else:
                trouble.append(read)
                if _is_limit(read):
                    break
                rejected.append((waiting.entry.url[:300], _reason(read)))
                if _is_gone(read) and waiting.key in known.seen:
                    absent = (*known.absent, _native_id(waiting.entry.url))
                    known = replace(known, absent=tuple(dict.fromkeys(absent)))
                left = known.put_off() if _may_pass(read) else known.done(waiting)
                known = replace(left, failing=known.failing + 1)
            if self._now() - started >= _ENOUGH:
                break
        return Batch(
            after=known,
            posts=tuple(posts),
            rejected=tuple(rejected),
            trouble=tuple(trouble),
            gone=tuple(PostKey(self._settings.platform, native_id) for native_id in gone),
        )

    async def _article(
        self, waiting: Waiting, fetcher: Fetcher
    ) -> Post | NotModified | Blocked | Failed | SchemaDrift:
        answer = await self._get(waiting.entry.url, fetcher, {})
        if not isinstance(answer, Response):
            return answer
        now, kind = self._now(), answer.headers.get("content-type", "")
        if kind and "html" not in kind.lower():
            return SchemaDrift(fields=(f"content-type: {kind[:60]} instead of a page",))
        try:
            return await asyncio.to_thread(
                parse,
                answer.body,
                waiting=waiting,
                settings=self._settings,
                now=now,
                content_type=kind,
            )
        except UnreadableAnswer as error:
            if error.login:
                return Blocked(reason=f"a page that asks to sign in: {error}"[:300])
            return SchemaDrift(fields=error.fields)
        except BadPost as error:
            return SchemaDrift(fields=(str(error)[:300],))

    async def _get(
        self, url: str, fetcher: Fetcher, validators: dict[str, str]
    ) -> Response | NotModified | Blocked | Failed:
        return await fetcher.get(
            url, validators=validators, max_bytes=self._settings.max_bytes, rate=RATE
        )


def news_source(name: str, settings: NewsSettings, now: Callable[[], datetime]) -> NewsSource:
    """Build the source for the registry."""
    return NewsSource(name, settings, now=now)


async def _read_sitemap(answer: Response) -> Sitemap | Blocked | SchemaDrift:
    kind = answer.headers.get("content-type", "")
    return await read_page(
        answer, lambda body: parse_sitemap(body, url=answer.url, content_type=kind)
    )


def _wanted(url: str, settings: NewsSettings) -> bool:
    """Pages of the same site only: a sitemap of another is that one's business."""
    there, here = urlsplit(url), urlsplit(settings.sitemap)
    same = _site(there.hostname) == _site(here.hostname)
    return same and (not settings.paths or there.path.startswith(settings.paths))


def _site(host: str | None) -> str:
    """The last two labels of a host, or three below a second level such as com.cn."""
    labels = (host or "").lower().split(".")
    short = len(labels) > 2 and len(labels[-1]) == 2 and len(labels[-2]) <= 3
    return ".".join(labels[-3:] if short else labels[-2:])


def _is_limit(end: object) -> bool:
    """An end that holds for the whole site, so that asking for the next page would be rude."""
    limited = isinstance(end, Blocked) and (end.status == 429 or end.retry_after is not None)
    waits = isinstance(end, Failed) and end.retry_after is not None
    return limited or waits


def _is_gone(end: object) -> bool:
    return isinstance(end, Failed) and end.status in _GONE


def _may_pass(end: object) -> bool:
    """An end that may be another one next time: a server error, a time-out."""
    if isinstance(end, Failed):
        lasting = end.status in _GIVE_UP or end.reason.startswith(("body:", "redirects:"))
        return not lasting
    return False


def _reason(end: object) -> str:
    match end:
        case Blocked(reason=reason) | Failed(reason=reason):
            return reason
        case SchemaDrift(fields=fields):
            return "; ".join(fields)[:300]
    return "not modified, though nothing was known of it"


def _worst(trouble: tuple[FetchResult, ...]) -> FetchResult:
    """What a pull without a single article comes to: a refusal before drift before a failure."""
    for kind in (Blocked, SchemaDrift):
        found = next((end for end in trouble if isinstance(end, kind)), None)
        if found is not None:
            return found
    last = trouble[-1]
    if all(_is_gone(end) for end in trouble):
        return Blocked(reason=f"page after page is not there: {_reason(last)}", status=404)
    return last if isinstance(last, Failed) else Failed(reason=_reason(last))


def _wire(
    article: Article, entry: SitemapEntry, settings: NewsSettings, now: datetime
) -> dict[str, Any]:
    zone = ZoneInfo(settings.timezone)
    told = read_instant(entry.published, form=AUTO, zone=zone, now=now)
    changed = read_instant(entry.changed, form=AUTO, zone=zone, now=now)
    at, note = article.published_at or told or changed, None
    if at is None:
        at, note = now, "missing"
    elif at > now:
        at, note = now, f"in the future: {at.isoformat()}"
    url = entry.url
    author = article.author
    return {
        "source": settings.platform,
        "native_id": _native_id(url),
        "published_at": at.isoformat(),
        "text": article.text,
        "title": article.title,
        "url": url,
        "author": None if author is None else {"id": author, "name": author},
        "lang": settings.lang or entry.lang or article.lang,
        "channel": settings.channel.value,
        "extra": present({"published_note": note, "changed": entry.changed}),
    }


def _native_id(url: str) -> str:
    return url if len(url) <= MAX_ID else f"{url[: MAX_ID - 33]}~{digest(url)[:32]}"


NEWS = SourceKind(
    settings=NewsSettings,
    build=news_source,
    summary="articles of a news site, by its sitemap",
    basis=Basis.PUBLIC_FEED,
    channel=Channel.NEWS,
    rate_limit=RATE,
    fields=("title", "url", "author.id", "author.name", "lang", "extra"),
)
