"""Walking a list that shows its newest first, one page a pull, until something known comes.

Each page is stored before the next one is asked for, so a crash costs one page at most: the walk
goes on from the cursor, and what comes twice is a no-op. The cursor tells what was known when the
walk began from what it met itself, since entries that come in meanwhile push others onto the next
page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from crawlers.post import Post
from crawlers.source import Cursor, FetchResult, Ok, OkEmpty, Unread, is_misread
from crawlers.wire import present

MAX_SEEN = 1_000
"""How many entries a cursor remembers: ten pages of a hundred."""

_GAP = "the walk ended before it met what was read last time; what lies between was not read"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """One page, newest first. `next` is where the next older page begins; None on the last one.

    `rejected` are malformed entries, `notes` whatever else is to be told of the page.
    """

    posts: tuple[Post, ...] = ()
    rejected: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    next: str | None = None

    @property
    def told(self) -> tuple[tuple[str, str], ...]:
        """Everything that is wrong with it."""
        return (*self.rejected, *self.notes)

    @property
    def is_misread(self) -> bool:
        return is_misread(malformed=len(self.rejected), read=len(self.posts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """How far a walk has come. `seen` was known before it, `met` came up on it (id → words).

    `newest` is when the newest post was published that was known before it; of what came up on it
    `top` is the newest, and `reach` the last, which is how far back it has come.
    """

    seen: Mapping[str, str] = field(default_factory=dict)
    met: Mapping[str, str] = field(default_factory=dict)
    at: str | None = None
    """Where the next page begins; None stands for the first page."""
    pages: int = 0
    newest: datetime | None = None
    top: datetime | None = None
    reach: datetime | None = None

    @classmethod
    def resume(cls, cursor: Cursor | None) -> Walk:
        """The walk that `cursor` stands for; a cursor of another shape is a new beginning."""
        known = cursor or {}
        at, pages = known.get("at"), known.get("pages")
        seen = _strings(known.get("seen"))
        newest = _instant(known.get("newest"))
        if not isinstance(at, str) or not isinstance(pages, int) or pages < 1:
            return cls(seen=seen, newest=newest)
        return cls(
            seen=seen,
            met=_strings(known.get("met")),
            at=at,
            pages=pages,
            newest=newest,
            top=_instant(known.get("top")),
            reach=_instant(known.get("reach")),
        )

    def take(self, page: ListPage, *, max_pages: int) -> FetchResult:
        """The outcome of a page: its posts that are new or edited, oldest first, and the cursor.

        The walk goes on, with a hint of zero, until the last post of a page was known before and
        has not changed, the list ends or repeats itself, or `max_pages` are read. What is known
        further up ends nothing: it may be pinned there, or stand there for having been answered.
        """
        fresh: list[Post] = []
        current: dict[str, str] = {}
        caught_up = ends_known = False
        for post in page.posts:
            key, words = post.id[:16], post.content_hash[:8]
            ends_known = key not in self.met and key in self.seen
            caught_up = ends_known and self.seen[key] == words
            if not caught_up and self.met.get(key) != words:
                fresh.append(post)
            current[key] = words
        met = {**self.met, **current}
        repeats = page.next == self.at or (bool(current) and current.keys() <= self.met.keys())
        ended = page.next is None or repeats or self.pages + 1 >= max_pages
        complete = caught_up or (ends_known and page.next is None)
        lost = ended and bool(self.seen) and not complete and bool(page.posts or self.pages)
        reach = page.posts[-1].published_at if page.posts else self.reach
        top = _latest(self.top, *(post.published_at for post in page.posts))
        unread = Unread(reason=_GAP, since=self.newest, until=reach) if lost else None
        cursor: dict[str, Any]
        if caught_up or ended:
            newest = _latest(self.newest, top)
            cursor = {"seen": _bounded(met, self.seen), "newest": _text(newest)}
        else:
            cursor = {
                "seen": dict(self.seen),
                "met": met,
                "at": page.next,
                "pages": self.pages + 1,
                "newest": _text(self.newest),
                "top": _text(top),
                "reach": _text(reach),
            }
        cursor = present(cursor)
        hint = None if caught_up or ended else timedelta(0)
        if not fresh and not page.told and unread is None:
            return OkEmpty(cursor=cursor, hint=hint)
        fresh.sort(key=lambda post: post.published_at)
        return Ok(
            posts=tuple(fresh),
            cursor=cursor,
            hint=hint,
            rejected=page.told,
            misread=page.is_misread,
            unread=unread,
        )


def _bounded(met: Mapping[str, str], seen: Mapping[str, str]) -> dict[str, str]:
    """What to remember: all of this walk first, then what was known before."""
    remembered = {**met, **{key: words for key, words in seen.items() if key not in met}}
    return dict(list(remembered.items())[:MAX_SEEN])


def _latest(*instants: datetime | None) -> datetime | None:
    return max((at for at in instants if at is not None), default=None)


def _text(instant: datetime | None) -> str | None:
    return None if instant is None else instant.isoformat()


def _instant(value: Any) -> datetime | None:
    """An aware instant out of a cursor; None for anything else."""
    try:
        read = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return None if read is None or read.tzinfo is None else read.astimezone(UTC)


def _strings(value: Any) -> dict[str, str]:
    """A mapping of strings out of a cursor; anything else, as of an older version, is nothing."""
    if not isinstance(value, Mapping):
        return {}
    return {k: v for k, v in value.items() if isinstance(k, str) and isinstance(v, str)}
