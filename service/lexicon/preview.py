"""What an entry would have hit in the stored posts, before it is saved."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from nlp import Hit, NormalText, normalize, whole_text
from nlp.evasion.tables import load_tables
from nlp.lexicon import Entry, Lexicon, LiveLexicon
from nlp.pii import masked
from service.clock import Clock
from service.errors import InvalidInput
from service.lexicon.wordings import searches
from service.stores import PostQuery, PostStore, StoredPost

MOST_DAYS = 90
MOST_SAMPLES = 20
MOST_POSTS = 20_000
"""Posts looked at for one entry."""
_BITE = 200
_EXCERPT = 80
"""Characters shown on either side of a hit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewDay:
    """Posts of one day that would be hit; `fresh` those that no entry of the category hits yet."""

    day: date
    hits: int
    fresh: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewSample:
    """A post that would be hit: an excerpt with personal data masked, [start, end) in it."""

    post_id: str
    published_at: datetime
    text: str
    start: int
    end: int
    evasion: str | None
    fresh: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What was found so far; `complete` says that every search came to its end.

    `posts` are all of the window, `looked` those that were read; `suppressed` hold the term, but a
    rule keeps it from counting. `by_day` has every day of the window, in the zone of the settings.
    """

    entry: Entry
    since: datetime
    until: datetime
    posts: int
    looked: int = 0
    hits: int = 0
    fresh: int = 0
    suppressed: int = 0
    by_day: tuple[PreviewDay, ...] = ()
    samples: tuple[PreviewSample, ...] = ()
    complete: bool = False

    @property
    def share(self) -> float:
        """Of the posts of the window, how many would be hit, in [0, 1]."""
        return self.hits / self.posts if self.posts else 0.0


Progress = Callable[[int, int], None]
"""(searches done, searches in all)"""


@dataclass(slots=True)
class _Tally:
    """What has been counted up to now."""

    seen: set[str] = field(default_factory=set)
    hits: Counter[date] = field(default_factory=Counter)
    fresh: Counter[date] = field(default_factory=Counter)
    suppressed: int = 0
    samples: list[PreviewSample] = field(default_factory=list)


class Previewer:
    """Finds candidates by search, then asks the matcher that would serve."""

    def __init__(
        self,
        *,
        store: PostStore,
        clock: Clock,
        live: LiveLexicon,
        zone: ZoneInfo,
        threads: bool = True,
    ) -> None:
        """`threads` False matches on the event loop: virtual time."""
        self._store = store
        self._clock = clock
        self._live = live
        self._zone = zone
        self._threads = threads

    async def preview(
        self,
        entry: Entry,
        *,
        days: int = 30,
        seconds: float = 10.0,
        progress: Progress = lambda done, of: None,
    ) -> Preview:
        """The hits of an entry in the posts of the last `days`, 1 to 90, newest first.

        Takes about `seconds` at most, and looks at 20,000 posts at most; what was not reached by
        then is said by `complete`. Raises InvalidInput for other days.
        """
        if not 1 <= days <= MOST_DAYS:
            raise InvalidInput(f"{days} days", errors=[("days", f"1 to {MOST_DAYS}")])
        until = self._clock.now()
        window = PostQuery(since=until - timedelta(days=days), until=until)
        report = Preview(
            entry=entry,
            since=until - timedelta(days=days),
            until=until,
            posts=await self._store.count(window),
        )
        ends = self._clock.monotonic() + seconds
        alone = Lexicon([entry])
        tally = _Tally()
        texts = searches(entry, load_tables())
        complete = True
        for done, text in enumerate(texts):
            progress(done, len(texts))
            ended = await self._search(replace(window, text=text), alone, tally, ends=ends)
            complete = complete and ended
            if self._is_spent(tally, ends):
                complete = complete and done == len(texts) - 1
                break
        progress(len(texts), len(texts))
        return _reported(report, tally, self._zone, complete=complete)

    def _is_spent(self, tally: _Tally, ends: float) -> bool:
        return self._clock.monotonic() >= ends or len(tally.seen) >= MOST_POSTS

    async def _search(
        self, query: PostQuery, alone: Lexicon, tally: _Tally, *, ends: float
    ) -> bool:
        """Whether the search came to its end."""
        cursor = None
        while True:
            page = await self._store.search(query, limit=_BITE, cursor=cursor)
            posts = [item.post for item in page.items if item.post.id not in tally.seen]
            tally.seen.update(post.id for post in posts)
            look = partial(_look, posts, alone, self._live.current, tally, zone=self._zone)
            if self._threads:
                await asyncio.to_thread(look)
            else:
                look()
            cursor = page.next
            if cursor is None:
                return True
            if self._is_spent(tally, ends):
                return False


def _look(
    posts: list[StoredPost],
    alone: Lexicon,
    current: Lexicon,
    tally: _Tally,
    *,
    zone: ZoneInfo,
) -> None:
    normals = [normalize(whole_text(post.text, title=post.title)) for post in posts]
    matched = alone.match_batch(normals)
    for post, normal, hits in zip(posts, normals, matched, strict=True):
        counted = [hit for hit in hits if hit.suppressed_by is None]
        if not counted:
            tally.suppressed += bool(hits)
            continue
        day = post.published_at.astimezone(zone).date()
        fresh = _is_fresh(counted[0], current.match(normal))
        tally.hits[day] += 1
        tally.fresh[day] += fresh
        tally.samples.append(_sample(post, normal, counted[0], fresh=fresh))
    # Fresh ones first, as they are what the entry is for; then the newest.
    tally.samples.sort(key=lambda item: (not item.fresh, -item.published_at.timestamp()))
    del tally.samples[MOST_SAMPLES:]


def _is_fresh(hit: Hit, known: tuple[Hit, ...]) -> bool:
    """Whether no other entry of the category counts in the post."""
    return not any(
        other.suppressed_by is None
        and other.category == hit.category
        and other.entry_id != hit.entry_id
        for other in known
    )


def _sample(post: StoredPost, normal: NormalText, hit: Hit, *, fresh: bool) -> PreviewSample:
    shown = masked(normal)
    first = max(0, hit.start - _EXCERPT)
    return PreviewSample(
        post_id=post.id,
        published_at=post.published_at,
        text=shown[first : hit.end + _EXCERPT],
        start=hit.start - first,
        end=hit.end - first,
        evasion=hit.evasion,
        fresh=fresh,
    )


def _reported(report: Preview, tally: _Tally, zone: ZoneInfo, *, complete: bool) -> Preview:
    return replace(
        report,
        looked=len(tally.seen),
        hits=tally.hits.total(),
        fresh=tally.fresh.total(),
        suppressed=tally.suppressed,
        by_day=_days(report.since, report.until, tally.hits, tally.fresh, zone),
        samples=tuple(tally.samples),
        complete=complete,
    )


def _days(
    since: datetime,
    until: datetime,
    hits: Mapping[date, int],
    fresh: Mapping[date, int],
    zone: ZoneInfo,
) -> tuple[PreviewDay, ...]:
    first, last = since.astimezone(zone).date(), until.astimezone(zone).date()
    span = [first + timedelta(days=place) for place in range((last - first).days + 1)]
    return tuple(
        PreviewDay(day=day, hits=hits.get(day, 0), fresh=fresh.get(day, 0)) for day in span
    )
