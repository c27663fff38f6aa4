"""Pages of a site that are to be read: which are new, which wait, which have been read before.

A source that finds pages first and reads them one by one keeps this as its cursor, so that a crash
costs a few pages and never the list.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import Any

from crawlers.instant import AUTO, read_instant
from crawlers.sitemap import SitemapEntry
from crawlers.source import Cursor
from crawlers.wire import present

MAX_SEEN = 3_000
MAX_QUEUE = 200
"""How many pages a cursor lists; those beyond come when these are read."""
MAX_TRIES = 3
MAX_ABSENT = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A page that is to be read, with what the sitemap says of it."""

    entry: SitemapEntry
    tries: int = 0

    @property
    def key(self) -> str:
        return digest(self.entry.url)[:16]

    @property
    def mark(self) -> str:
        """Changes when the sitemap says that the page has changed."""
        return digest(self.entry.changed or self.entry.published or "")[:8]

    def to_json(self) -> dict[str, Any]:
        entry = self.entry
        parts = {
            "url": entry.url,
            "changed": entry.changed,
            "published": entry.published,
            "lang": entry.lang,
            "tries": self.tries or None,
        }
        return present(parts)

    @classmethod
    def from_json(cls, data: Any) -> Waiting | None:
        """One entry of a cursor; None for what is none, as of an older version."""
        if not isinstance(data, Mapping) or not isinstance(data.get("url"), str):
            return None
        told = {key: data.get(key) for key in ("changed", "published", "lang")}
        words = {key: value if isinstance(value, str) else None for key, value in told.items()}
        tries = data.get("tries")
        return cls(
            entry=SitemapEntry(url=data["url"], **words),
            tries=tries if isinstance(tries, int) else 0,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingList:
    """What a cursor stands for: pages read (with their marks), pages that wait, validators.

    `failing` counts the pages in a row of which nothing could be taken. `absent` are the native ids
    of pages that were read before and are not there: gone, once another page of the site is read.
    """

    seen: Mapping[str, str] = field(default_factory=dict)
    queue: tuple[Waiting, ...] = ()
    more: bool = False
    """The sitemap lists more than the queue holds."""
    validators: Mapping[str, str] = field(default_factory=dict)
    failing: int = 0
    absent: tuple[str, ...] = ()

    @classmethod
    def resume(cls, cursor: Cursor | None) -> ReadingList:
        known = cursor or {}
        queue, failing, absent = known.get("queue"), known.get("failing"), known.get("absent")
        entries = queue if isinstance(queue, list) else []
        read = (Waiting.from_json(entry) for entry in entries)
        return cls(
            seen=_strings(known.get("seen")),
            queue=tuple(waiting for waiting in read if waiting is not None),
            more=known.get("more") is True,
            validators=_strings(known.get("validators")),
            failing=failing if isinstance(failing, int) else 0,
            absent=tuple(
                item
                for item in (absent if isinstance(absent, list) else ())
                if isinstance(item, str)
            ),
        )

    def to_cursor(self) -> dict[str, Any]:
        return {
            "seen": dict(list(self.seen.items())[:MAX_SEEN]),
            "queue": [waiting.to_json() for waiting in self.queue],
            "more": self.more,
            # With them an unchanged sitemap would hide what did not fit into the queue.
            "validators": {} if self.more else dict(self.validators),
            "failing": self.failing,
            "absent": list(self.absent[-MAX_ABSENT:]),
        }

    def done(self, waiting: Waiting) -> ReadingList:
        """The list when the first page, which is `waiting`, is read or given up."""
        rest = {key: mark for key, mark in self.seen.items() if key != waiting.key}
        return replace(self, queue=self.queue[1:], seen={waiting.key: waiting.mark, **rest})

    def put_off(self) -> ReadingList:
        """The list when the first page may be had another time; after MAX_TRIES it is given up."""
        first = self.queue[0]
        if first.tries + 1 >= MAX_TRIES:
            return self.done(first)
        again = replace(first, tries=first.tries + 1)
        return replace(self, queue=(*self.queue[1:], again))


def choose_pages(
    pages: Iterable[SitemapEntry],
    *,
    seen: Mapping[str, str],
    wanted: Callable[[str], bool],
    oldest: datetime,
    zone: tzinfo,
    now: datetime,
) -> list[Waiting]:
    """Pages that are wanted, new or changed, and not older than `oldest`: newest first, undated
    ones last."""
    dated: list[tuple[datetime, Waiting]] = []
    for entry in pages:
        waiting = Waiting(entry=entry)
        if not wanted(entry.url) or seen.get(waiting.key) == waiting.mark:
            continue
        told = entry.published if entry.changed is None else entry.changed
        at = read_instant(told, form=AUTO, zone=zone, now=now)
        if at is None or at >= oldest:
            dated.append((at or oldest, waiting))
    dated.sort(key=lambda pair: pair[0], reverse=True)
    return list({waiting.key: waiting for _, waiting in dated}.values())


def digest(text: str) -> str:
    """64 hex digits that stand for an address."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _strings(value: Any) -> dict[str, str]:
    """A mapping of strings out of a cursor; anything else, as of an older version, is nothing."""
    if not isinstance(value, Mapping):
        return {}
    return {k: v for k, v in value.items() if isinstance(k, str) and isinstance(v, str)}
