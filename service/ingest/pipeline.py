"""From posts to stored posts: analyse, match, blame, find copies, hide the author, store."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from crawlers import Author, Post
from nlp import Analysis, QueryDocument, search_tokens, whole_text
from service.clock import Clock
from service.coverage import CANARY, Passage
from service.errors import SchemaOutdated
from service.ingest.analysis_json import analysis_json
from service.ingest.blame import Wording, spared
from service.ingest.copies import CopyGroups
from service.ingest.extra import impersonal
from service.ingest.gate import StoreGate
from service.ingest.inheritance import LateOriginals
from service.ingest.names import nameless_url
from service.metrics import ingest_seconds, posts_ingested
from service.moderation.at_risk import rule_of
from service.monitors import Sides
from service.stores import StoreError
from service.stores.analysed import pattern_name
from service.stores.post_store import PostChange, PostStore, StoredPost
from service.stories import Embedded

_TURN = 50
"""Posts built in one go: judging whom each blames takes half a millisecond."""
_CHUNK = 500
"""Posts in one transaction: bounds the memory of a batch and how long others wait for it."""

_NEWS = frozenset({PostChange.NEW, PostChange.EDITED})


class Analyses(Protocol):
    """What reads the texts. Patient: crawled posts wait for room, they are never turned away."""

    async def analyze(self, texts: Sequence[str], *, patient: bool = False) -> list[Analysis]: ...


class MonitorMatches(Protocol):
    async def refresh(self) -> bool: ...

    def match(self, document: QueryDocument) -> tuple[str, ...]: ...

    def brand_of(self, monitor_id: str) -> str | None: ...


class BrandSides(Protocol):
    async def refresh(self) -> bool: ...

    def sides(self, brand_id: str | None) -> Sides | None: ...


class Pseudonyms(Protocol):
    """Turns raw authors into pseudonyms and keeps the encrypted handles."""

    async def hide(self, authors: Sequence[tuple[str, Author]]) -> list[str]:
        """(source, author) in, pseudonyms out, same order; durable when it returns."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AtRisk:
    """A stored post in which somebody speaks of harming themselves, and the wording found."""

    post: StoredPost
    rule: str
    shares: str | None
    """The id of the post that it shares."""


class RiskWatch(Protocol):
    """Sees to it that a person answers. Told of a post again whenever it is ingested again."""

    async def notice(self, found: Sequence[AtRisk]) -> None: ...


class ComplaintWatch(Protocol):
    """Opens tickets for posts that complain. Told of a post again, it changes nothing."""

    async def notice(self, posts: Sequence[StoredPost]) -> None: ...


class TopicMarks(Protocol):
    """Notes on each post which topic of the active versions it is about."""

    async def mark(self, posts: Mapping[str, StoredPost]) -> dict[str, StoredPost]: ...


class StoryIntake(Protocol):
    """Takes stored posts in, to be put into stories. Told of a post again, it changes nothing."""

    async def offer(self, embedded: Sequence[Embedded], *, now: datetime) -> int: ...


class Journal(Protocol):
    """Counts what was new, when it came and how long each stage took; must not raise."""

    async def stored(self, passages: Sequence[Passage], *, via: str) -> None: ...


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What became of a batch, by post id, in the order given (duplicates inside it folded)."""

    changes: Mapping[str, PostChange] = field(default_factory=dict)

    def count(self, change: PostChange) -> int:
        return Counter(self.changes.values())[change]


@dataclass(frozen=True, slots=True)
class _Heritage:
    """What a repost takes from the post that it shares.

    Severity stays its own: a share adds no harm to what happened.
    """

    monitors: tuple[str, ...]
    spared: tuple[str, ...]
    copy_group: str
    scenario: str | None
    # Who shares an angry post without a word passes the anger on: neutral, a flood of bare reposts
    # would be no part of the crisis that it is.
    sentiment: str | None


class Ingest:
    """The one way into the post store. Idempotent: the same batch twice changes nothing."""

    def __init__(
        self,
        *,
        reader: Analyses,
        monitors: MonitorMatches,
        brands: BrandSides,
        pseudonyms: Pseudonyms,
        store: PostStore,
        clock: Clock,
        risk_watch: RiskWatch,
        journal: Journal | None = None,
        gate: StoreGate | None = None,
        topics: TopicMarks | None = None,
        stories: StoryIntake | None = None,
        complaints: ComplaintWatch | None = None,
    ) -> None:
        self._reader = reader
        self._monitors = monitors
        self._brands = brands
        self._hidden = pseudonyms
        self._store = store
        self._clock = clock
        self._risk_watch = risk_watch
        self._journal = journal
        self._gate = gate
        self._topics = topics
        self._stories = stories
        self._complaints = complaints
        self._copies = CopyGroups(store)
        self._late = LateOriginals(store, sides_of=self._sides)

    async def ingest(
        self, posts: Sequence[Post], *, via: str, arriving: bool = True
    ) -> IngestReport:
        """Store a batch durably; when this returns, a crash loses none of it.

        A batch of more than 500 is stored piece by piece, originals before their reposts; what a
        failure leaves out comes with the next try, and what it stored then changes nothing.
        Posts that are not `arriving` were looked for in the past: they say nothing about how many
        come, and how soon. Raises StoreError, at once while the gate is shut.
        """
        unique = list({post.id: post for post in posts}.values())
        if not unique:
            return IngestReport()
        if self._gate is None:
            return await self._ingest_all(unique, via=via, arriving=arriving)
        self._gate.require_open()
        try:
            report = await self._ingest_all(unique, via=via, arriving=arriving)
        except (StoreError, SchemaOutdated) as error:
            await self._gate.failed(error)
            raise
        await self._gate.succeeded()
        return report

    async def _ingest_all(
        self, unique: Sequence[Post], *, via: str, arriving: bool
    ) -> IngestReport:
        started = self._clock.monotonic()
        now = self._clock.now()
        changes: dict[str, PostChange] = {}
        order = _originals_first(unique)
        for start in range(0, len(order), _CHUNK):
            if start:
                await asyncio.sleep(0)
            places = sorted(order[start : start + _CHUNK])
            changes |= await self._ingest(
                [unique[place] for place in places], via=via, now=now, arriving=arriving
            )
        ingest_seconds.observe(self._clock.monotonic() - started)
        return IngestReport({post.id: changes[post.id] for post in unique})

    async def _ingest(
        self, unique: Sequence[Post], *, via: str, now: datetime, arriving: bool
    ) -> dict[str, PostChange]:
        texts = [whole_text(post.text, title=post.title) for post in unique]
        analyses = await self._reader.analyze(texts, patient=True)
        analysed_at = self._clock.now()
        await self._monitors.refresh()
        await self._brands.refresh()
        groups = await self._copies.resolve([item.copy_key for item in analyses], now=now)
        authors = await self._pseudonyms(unique)
        built: dict[str, StoredPost] = {}
        inherited = await self._heritage(unique)
        # As late as can be: what a tick reads meanwhile is stamped before.
        stored_at = self._clock.now()
        for turn, place in enumerate(_originals_first(unique), start=1):
            if turn % _TURN == 0:
                await asyncio.sleep(0)
            post = unique[place]
            parent = post.shared_id
            heritage = inherited.get(parent) if parent else None
            if heritage is None and parent in built:
                heritage = _heritage_of(built[parent])
            built[post.id] = self._build(
                post,
                texts[place],
                analyses[place],
                groups[place],
                authors[place],
                heritage=heritage,
                via=via,
                fetched_at=now,
                stored_at=stored_at,
            )
        if self._topics is not None:
            built = await self._topics.mark(built)
        results = await self._store.upsert([built[post.id] for post in unique])
        changes = {result.id: result.change for result in results}
        news = {post_id for post_id, change in changes.items() if change in _NEWS}
        await self._late.hand_down(list(built.values()), news=news)
        # Every time and not for new posts alone: a crash between the two stores must lose nobody.
        found = [
            AtRisk(post=built[post.id], rule=rule, shares=post.shared_id)
            for post, analysis in zip(unique, analyses, strict=True)
            if (rule := rule_of(analysis)) is not None
        ]
        if found:
            await self._risk_watch.notice(found)
        if self._complaints is not None:
            await self._complaints.notice(list(built.values()))
        if self._stories is not None:
            embedded = [
                Embedded(
                    post=built[post.id],
                    vector=analysis.vector,
                    space=analysis.versions.get("encoder", ""),
                )
                for post, analysis in zip(unique, analyses, strict=True)
            ]
            await self._stories.offer(embedded, now=now)
        if via != CANARY:
            for change in changes.values():
                posts_ingested.labels(source=via, change=change.value).inc()
        if self._journal is not None and arriving:
            passages = [
                Passage(
                    post=post,
                    fetched_at=now,
                    analysed_at=analysed_at,
                    stored_at=self._clock.now(),
                )
                for post in unique
                if changes[post.id] is PostChange.NEW
            ]
            await self._journal.stored(passages, via=via)
        return changes

    async def _pseudonyms(self, posts: Sequence[Post]) -> list[str | None]:
        named = [(post.source, post.author) for post in posts if post.author is not None]
        pseudonyms = iter(await self._hidden.hide(named) if named else ())
        return [next(pseudonyms) if post.author is not None else None for post in posts]

    async def _heritage(self, posts: Sequence[Post]) -> dict[str, _Heritage]:
        wanted = sorted({parent for post in posts if (parent := post.shared_id)})
        if not wanted:
            return {}
        found = await self._store.get_many(wanted)
        return {post_id: _heritage_of(post) for post_id, post in found.items()}

    def _build(
        self,
        post: Post,
        text: str,
        analysis: Analysis,
        group: str,
        author: str | None,
        *,
        heritage: _Heritage | None,
        via: str,
        fetched_at: datetime,
        stored_at: datetime,
    ) -> StoredPost:
        document = QueryDocument(
            normal=analysis.normal,
            source=post.source,
            channel=post.channel.value,
            lang=post.lang or analysis.language,
        )
        # The canary is nobody's post, and nobody's post is the canary's.
        monitors = (CANARY,) if via == CANARY else self._monitors.match(document)
        scenario = analysis.scenario
        sentiment = analysis.sentiment.label if analysis.sentiment else None
        wording = Wording(
            text=text, normal=analysis.normal, sentiment=sentiment, severity=analysis.severity
        )
        if heritage is not None:
            monitors = tuple(dict.fromkeys((*monitors, *heritage.monitors)))
            # Nearly half of repost texts say nothing of their own: they copy the original.
            if not analysis.counted_hits:
                scenario = scenario or heritage.scenario
                group = heritage.copy_group
            if not analysis.copy_key.exact:
                sentiment = heritage.sentiment or sentiment
        return StoredPost(
            id=post.id,
            source=post.source,
            native_id=post.native_id,
            via=via,
            channel=post.channel.value,
            published_at=min(post.published_at, fetched_at),
            fetched_at=fetched_at,
            stored_at=stored_at,
            text=post.text,
            content_hash=post.content_hash,
            title=post.title,
            url=nameless_url(post.url, author=post.author, pseudonym=author),
            author=author,
            followers=post.author.followers if post.author else None,
            verified=post.author.verified if post.author else None,
            reposts=post.engagement.reposts,
            comments=post.engagement.comments,
            likes=post.engagement.likes,
            views=post.engagement.views,
            parent_id=post.parent_id,
            repost_of=post.repost_of,
            rating=post.rating,
            lang=post.lang or analysis.language,
            extra=impersonal(post.extra, author=post.author),
            monitors=monitors,
            spared=spared(
                wording,
                sides={name: self._sides(name) for name in monitors},
                inherited=() if heritage is None else heritage.spared,
            ),
            sentiment=sentiment,
            severity=analysis.severity,
            scenario=scenario,
            categories=_filed_under(analysis),
            # A text without words of its own (转发微博, links only) is nobody's copy.
            copy_group=group or post.id,
            copy_bands=analysis.copy_key.bands,
            simhash=analysis.copy_key.simhash,
            search_tokens=search_tokens(analysis.normal),
            words=tuple(dict.fromkeys(analysis.tokens)),
            analysis=analysis_json(analysis, title=post.title),
        )

    def _sides(self, monitor_id: str) -> Sides | None:
        return self._brands.sides(self._monitors.brand_of(monitor_id))


def _filed_under(analysis: Analysis) -> tuple[str, ...]:
    """The categories of a post's words, and the patterns of what it says."""
    patterns = {pattern_name(hit.pattern) for hit in analysis.counted_patterns}
    return (*analysis.categories, *sorted(patterns))


def _originals_first(posts: Sequence[Post]) -> list[int]:
    """Places in the batch, a repost behind what it shares; a ring is cut where it closes."""
    places = {post.id: place for place, post in enumerate(posts)}
    ordered: dict[int, None] = {}
    for start in range(len(posts)):
        chain: dict[int, None] = {}
        place: int | None = start
        while place is not None and place not in ordered and place not in chain:
            chain[place] = None
            parent = posts[place].shared_id
            place = places.get(parent) if parent else None
        ordered |= dict.fromkeys(reversed(chain))
    return list(ordered)


def _heritage_of(post: StoredPost) -> _Heritage:
    return _Heritage(
        monitors=post.monitors,
        spared=post.spared,
        copy_group=post.copy_group,
        scenario=post.scenario,
        sentiment=post.sentiment,
    )
