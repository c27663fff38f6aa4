"""What a post store is: the protocol that every engine implements, and the values that cross it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from crawlers import PostKey
from service.stores.condition import Condition


class PostChange(StrEnum):
    """What an upsert, or the news that it is gone, did to one post."""

    NEW = "new"
    EDITED = "edited"
    COUNTERS = "counters"
    UNCHANGED = "unchanged"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPost:
    """A post with its analysis, as kept. No raw author id or name: `author` is a keyed pseudonym.

    `published_at` is what the source said, clamped to `fetched_at`; `stored_at` that of the first
    write, moved on where another post was committed with the same or a later one. `copy_group`
    names the near-duplicate group; `monitors` the monitors that matched. `spared` are those of them
    whose brand is not what the post's bad news is about: there it counts as a post, but neither as
    negative nor as severe, and lends no scenario, category, emotion or intent.
    `analysis` is the JSON of the classify answer without the counts, spans in original code points.
    `search_tokens` make it findable, in order; `words`, once each, are what `top_terms` counts.
    `deleted_at` is when its source was found to have it no longer: it stays, counts, and is shown
    as deleted, until the source brings it again.
    """

    id: str
    source: str
    native_id: str
    via: str
    channel: str
    published_at: datetime
    fetched_at: datetime
    stored_at: datetime
    text: str
    content_hash: str
    title: str | None = None
    url: str | None = None
    author: str | None = None
    followers: int | None = None
    verified: bool | None = None
    reposts: int | None = None
    comments: int | None = None
    likes: int | None = None
    views: int | None = None
    parent_id: str | None = None
    repost_of: str | None = None
    rating: float | None = None
    lang: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    monitors: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    sentiment: str | None = None
    severity: int = 0
    scenario: str | None = None
    categories: tuple[str, ...] = ()
    copy_group: str = ""
    copy_bands: tuple[str, ...] = ()
    simhash: int = 0
    search_tokens: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    analysis: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1
    deleted_at: datetime | None = None

    @property
    def shared_id(self) -> str | None:
        """The id that the post which this one shares has, or would have; None for an original."""
        return PostKey(self.source, self.repost_of).id if self.repost_of else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Upserted:
    """The outcome for one post, in the order given."""

    id: str
    change: PostChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Inheritance:
    """What a post takes over from the one that it shares, which was stored after it.

    Its monitors are united with `monitors`; of those that it joins it spares those in `spared`.
    What else is not None replaces what the post has.
    """

    post_id: str
    monitors: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    copy_group: str | None = None
    scenario: str | None = None
    sentiment: str | None = None


class SortOrder(StrEnum):
    NEWEST = "newest"
    OLDEST = "oldest"
    ENGAGEMENT = "engagement"
    RELEVANCE = "relevance"


@dataclass(frozen=True, slots=True, kw_only=True)
class PostQuery:
    """Filters are ANDed; values inside one filter are ORed.

    The posts are published in [since, until). `text`: every phrase of it stands in the post;
    `condition` is a further one, of any shape.
    `topics` are named `version:topic` (see `service.stores.analysed`).
    With exactly one monitor, posts are filtered and counted as that monitor counts them (see
    `StoredPost.spared`); with none or several, as they are.
    """

    text: str | None = None
    monitors: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    scenarios: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    sentiments: tuple[str, ...] = ()
    emotions: tuple[str, ...] = ()
    intents: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    copy_groups: tuple[str, ...] = ()
    severity_at_least: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    condition: Condition | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPost:
    """A post with the spans to highlight: half open, code points of the original text."""

    post: StoredPost
    highlights: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page; `next` continues it, None at the end. `total` counts all matches."""

    items: tuple[FoundPost, ...]
    next: str | None
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Aggregates of the posts of one (monitor, scenario) inside a window; None = no scenario.

    `largest_group` is the copy group with most posts (of several, the first by name), None where no
    post has one; `largest_group_posts` are its posts. `media` are posts of channel news or by
    verified authors, each once; `angry` those whose emotion is anger.
    """

    scenario: str | None
    posts: int
    negative: int
    distinct: int
    authors: int
    severity_max: int
    severe: int
    verified: int
    news: int
    sources: int
    reach: int
    engagement: int
    first_published_at: datetime | None
    first_post_id: str | None
    categories: Mapping[str, int]
    largest_group: str | None
    largest_group_posts: int
    severity_sum: int
    media: int
    angry: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeBucket:
    """Posts whose `published_at` lies in [start, start + width)."""

    start: datetime
    posts: int
    negative: int
    distinct: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulse:
    """Counts of one segment by bucket, oldest first; the three are of one length."""

    posts: tuple[int, ...]
    negative: tuple[int, ...]
    angry: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Sums over the matches published in [start, end). `reach` counts an author's followers once.

    Values that no post has are in no mapping; `topics` are named `version:topic`.
    """

    start: datetime
    end: datetime
    posts: int = 0
    distinct: int = 0
    reach: int = 0
    engagement: int = 0
    sentiments: Mapping[str, int] = field(default_factory=dict)
    emotions: Mapping[str, int] = field(default_factory=dict)
    intents: Mapping[str, int] = field(default_factory=dict)
    sources: Mapping[str, int] = field(default_factory=dict)
    channels: Mapping[str, int] = field(default_factory=dict)
    topics: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class AuthorCell:
    """The matches of one author, source and topic; None where a post has no author or no topic.

    `followers` are the most that were seen of the author, `verified` whether it was, in the cell.
    """

    author: str | None
    source: str
    topic: str | None
    posts: int
    engagement: int
    negative: int
    positive: int
    rated: int
    """Posts with a sentiment."""
    followers: int | None
    verified: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TermCount:
    """A token, and in how many of the matching and of the compared posts it stands."""

    term: str
    posts: int
    background: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostVersion:
    """What a post said before an edit; `fetched_at` is when that wording was last brought."""

    version: int
    text: str
    content_hash: str
    fetched_at: datetime
    title: str | None = None
    rating: float | None = None
    analysis: Mapping[str, Any] = field(default_factory=dict)


class FacetField(StrEnum):
    """What search results can be broken down by."""

    MONITOR = "monitor"
    SOURCE = "source"
    CHANNEL = "channel"
    SCENARIO = "scenario"
    CATEGORY = "category"
    SENTIMENT = "sentiment"
    EMOTION = "emotion"
    INTENT = "intent"
    TOPIC = "topic"
    LANG = "lang"

    @property
    def stored(self) -> str:
        """The field of a stored post that holds it."""
        several = {
            FacetField.MONITOR: "monitors",
            FacetField.CATEGORY: "categories",
            FacetField.TOPIC: "topics",
        }
        return several.get(self, self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCopy:
    """What stored posts of one group and sketch share with the bands asked for."""

    group: str
    simhash: int
    bands: frozenset[str]


class PostStore(Protocol):
    """Posts with their analyses. Every method is idempotent; every instant is aware UTC.

    Every method raises StoreError when the engine fails, locked and full disks included.
    """

    async def migrate(self) -> None:
        """Bring the schema up to date; harmless when it is."""
        ...

    async def check(self) -> None:
        """Raise SchemaOutdated for an old schema, StoreError when the store cannot be used."""
        ...

    async def upsert(self, posts: Sequence[StoredPost]) -> tuple[Upserted, ...]:
        """Store all or none, durably. Same id: no-op, a new version, or new counters.

        The first `published_at` (clamped to `fetched_at`) and `stored_at` of a post never move;
        monitors are united, and a new wording, or the same read the same way, says anew which of
        its monitors are spared. What was fetched before the wording in the store does nothing else:
        late news does not undo an edit. `stored_at` of a new post is later than any that was
        committed before, in the order of commits: one that is not becomes the latest of them plus
        a microsecond, so equal instants of one batch stay equal and a watermark over `stored_at`
        passes nothing by. NUL and lone surrogates come back as U+FFFD, so that
        offsets hold. ValueError for a naive instant.
        """
        ...

    async def get(self, post_id: str) -> StoredPost | None: ...

    async def get_many(self, post_ids: Sequence[str]) -> Mapping[str, StoredPost]: ...

    async def versions(self, post_id: str) -> tuple[PostVersion, ...]:
        """Earlier wordings of a post, oldest first; empty for a post never edited, or unknown."""
        ...

    async def search(
        self,
        query: PostQuery,
        *,
        limit: int = 50,
        cursor: str | None = None,
        sort: SortOrder = SortOrder.NEWEST,
    ) -> Page:
        """A page of posts; a cursor of another query or a broken one raises BadCursor."""
        ...

    async def count(self, query: PostQuery) -> int: ...

    async def histogram(
        self, query: PostQuery, *, interval: timedelta, since: datetime, until: datetime
    ) -> tuple[TimeBucket, ...]:
        """Every bucket from `since` (its start) to before `until`, empty ones included."""
        ...

    async def top_terms(
        self, query: PostQuery, *, background: PostQuery | None = None, limit: int = 20
    ) -> tuple[TermCount, ...]:
        """Tokens that stand out in the matches, over at most 2,000 of the newest of them."""
        ...

    async def facets(
        self, query: PostQuery, *, fields: Sequence[FacetField], limit: int = 20
    ) -> Mapping[FacetField, tuple[tuple[str, int], ...]]:
        """Matches by value of each field, biggest first; posts without a value are in none."""
        ...

    async def segments(
        self, monitor: str, *, since: datetime, until: datetime
    ) -> Mapping[str | None, Segment]:
        """Per scenario of the monitor's posts published in [since, until); costs by the window.

        The key "*" is the whole monitor over all scenarios (distinct counts do not add up).
        """
        ...

    async def pulses(
        self, monitor: str, *, interval: timedelta, since: datetime, until: datetime
    ) -> Mapping[str | None, Pulse]:
        """Buckets of [since, until), empty ones included, of each segment that has a post in it.

        Keys as those of `segments`. ValueError for an interval of nothing.
        """
        ...

    async def tallies(self, query: PostQuery, *, edges: Sequence[datetime]) -> tuple[Tally, ...]:
        """One for each two neighbours among the edges, empty ones included; `query` may narrow.

        ValueError for edges that do not grow. Of more than 1,000 sources the smallest may be
        missing from a tally.
        """
        ...

    async def author_cells(
        self, query: PostQuery, *, topics: str | None = None
    ) -> tuple[AuthorCell, ...]:
        """The matches by author, source and topic of the version `topics` (None: of none).

        Costs by the window: one cell for each author at least.
        """
        ...

    async def authors(self, query: PostQuery) -> frozenset[str]:
        """Who wrote the matches."""
        ...

    async def monitors_since(self, stored_after: datetime) -> Mapping[str, datetime]:
        """Monitors with posts stored after the instant, with the last such instant."""
        ...

    async def counts_by_monitor(self, *, since: datetime, until: datetime) -> Mapping[str, int]: ...

    async def counts_by_copy_group(
        self, query: PostQuery, *, limit: int = 50
    ) -> tuple[tuple[str, int], ...]:
        """Copy groups of the matches, biggest first."""
        ...

    async def find_copies(
        self, bands: Sequence[str], *, since: datetime, least: int = 1
    ) -> tuple[KnownCopy, ...]:
        """Posts published since that share at least so many bands, latest first, ≤ 200."""
        ...

    async def set_monitors(
        self, post_ids: Sequence[str], monitor: str, *, member: bool, spared: bool = False
    ) -> None:
        """Add the posts to a monitor or take them out (back-fill of a changed query).

        `spared` says of members whether they spare the monitor.
        """
        ...

    async def mark_deleted(self, post_ids: Sequence[str], *, at: datetime) -> tuple[Upserted, ...]:
        """Note that their source had them no longer `at` that instant; unknown ids are passed over.

        DELETED for each that this changes, UNCHANGED for one that was marked before or was brought
        by its source since. What is fetched later, and stored again, is not deleted any more.
        """
        ...

    async def reposts_of(
        self, originals: Sequence[tuple[str, str]], *, after_id: str | None = None, limit: int = 500
    ) -> tuple[StoredPost, ...]:
        """Posts that share one of the (source, native id), by id, with ids after `after_id`."""
        ...

    async def inherit(self, inheritances: Sequence[Inheritance]) -> None:
        """Give posts what they take over; what does not change, or is not there, is passed over."""
        ...

    async def scan(
        self, *, since: datetime | None, after_id: str | None, limit: int
    ) -> tuple[StoredPost, ...]:
        """All posts in id order, for back-fills and exports."""
        ...

    async def delete_by_author(self, author: str) -> int:
        """Erase every post of the pseudonym, versions included; answer how many."""
        ...

    async def delete_before(self, instant: datetime, *, keep: Sequence[str] = ()) -> int:
        """Retention: erase posts published before, except the kept ids (evidence, legal hold)."""
        ...

    async def close(self) -> None: ...
