"""What people want: questions, suggestions and complaints by cause, ranked by how many ask."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import TypeVar

from nlp.causes import Cause, CauseFinder
from nlp.pii import masked
from service.auth import Action, Principal, Resource
from service.indicators.causes.told import Told, teller
from service.indicators.figure import Silence
from service.indicators.sample import MOST_READ, Sample, read_posts
from service.indicators.surroundings import Surroundings
from service.indicators.window import Earlier, Window, earlier
from service.stores import PostQuery, PostStore, StoredPost

LEAST_POSTS = 20
"""Fewer such posts in the window say nothing."""
LEAST_AUTHORS = 3
"""What fewer people want is not ranked: it would tell of them, not of many."""
QUOTES = 3
MOST_QUOTED = 160
"""Code points of a quote."""
_AT_RISK = "self_harm"


class NeedKind(StrEnum):
    """The intents that ask for something."""

    COMPLAINT = "complaint"
    QUESTION = "question"
    SUGGESTION = "suggestion"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A stored post, masked and cut; `href` leads to it."""

    post: str
    at: datetime
    text: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """`cause` is None for posts that name none. `before` are the posts of the window before, and
    `growth` the change as a part of those: None below 3 authors then, or where one of the two
    windows was not read as a whole."""

    kind: NeedKind
    cause: Cause | None
    posts: int
    authors: int
    before: int
    growth: float | None
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsReport:
    """`items` are ranked by distinct authors; `left_out` are those of fewer than 3. `read` of the
    `posts` with one of the intents were read."""

    version: str
    before: Window
    reason: Silence | None
    posts: int
    read: int
    items: tuple[Need, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Wanting:
    """A read post that asks for something, with what a quote of it needs."""

    told: Told
    text: str
    copies: str
    weight: int
    quotable: bool


_Key = tuple[NeedKind, str | None]
KeptT = TypeVar("KeptT")


class Needs:
    """Reads the post store; changes nothing."""

    def __init__(
        self,
        *,
        store: PostStore,
        surroundings: Surroundings,
        finder: CauseFinder,
        zone: tzinfo,
        most: int = MOST_READ,
    ) -> None:
        self._store = store
        self._surroundings = surroundings
        self._finder = finder
        self._zone = zone
        self._most = most

    async def report(
        self, actor: Principal, monitor_id: str, window: Window, *, limit: int = 50
    ) -> NeedsReport:
        """The needs of the window beside those of the one before it.

        Raises Forbidden, NotFound for the monitor, StoreError.
        """
        actor.require(Action.READ, Resource.INDICATOR, monitor=monitor_id)
        actor.require(Action.READ, Resource.POST, monitor=monitor_id)
        await self._surroundings.monitor(monitor_id)
        past = earlier(window, Earlier.PREVIOUS, zone=self._zone)
        now = await self._read(monitor_id, window, keep=_wanting(teller(self._finder, monitor_id)))
        before = await self._read(monitor_id, past, keep=teller(self._finder, monitor_id))
        items: tuple[Need, ...] = ()
        left_out = 0
        if now.n >= LEAST_POSTS:
            items = ranked(now, before, self._finder.causes)
            enough = tuple(item for item in items if item.authors >= LEAST_AUTHORS)
            left_out = len(items) - len(enough)
            items = enough[:limit]
        return NeedsReport(
            version=self._finder.version,
            before=past,
            reason=None if now.n >= LEAST_POSTS else Silence.NOT_ENOUGH_DATA,
            posts=now.of,
            read=now.n,
            items=items,
            left_out=left_out,
        )

    async def _read(
        self, monitor_id: str, window: Window, *, keep: Callable[[StoredPost], KeptT]
    ) -> Sample[KeptT]:
        query = PostQuery(monitors=(monitor_id,), intents=tuple(kind.value for kind in NeedKind))
        return await read_posts(self._store, query, window, keep=keep, most=self._most)


def ranked(
    now: Sample[Wanting], before: Sample[Told], causes: Mapping[str, Cause]
) -> tuple[Need, ...]:
    """Every need of the read posts, most authors first, then most posts."""
    wanting: defaultdict[_Key, list[Wanting]] = defaultdict(list)
    for item in now.items:
        for key in _keys(item.told):
            wanting[key].append(item)
    past: defaultdict[_Key, list[Told]] = defaultdict(list)
    for told in before.items:
        for key in _keys(told):
            past[key].append(told)
    whole = now.n == now.of and before.n == before.of
    needs = []
    for (kind, name), items in wanting.items():
        then = past[kind, name]
        grows = whole and _authors(then) >= LEAST_AUTHORS
        needs.append(
            Need(
                kind=kind,
                cause=None if name is None else causes[name],
                posts=len(items),
                authors=_authors([item.told for item in items]),
                before=len(then),
                growth=(len(items) - len(then)) / len(then) if grows else None,
                quotes=quotes(items),
            )
        )
    return tuple(sorted(needs, key=_rank))


def quotes(items: Sequence[Wanting]) -> tuple[Quote, ...]:
    """Up to three: those with most engagement, each another text by another author."""
    chosen: list[Quote] = []
    authors: set[str] = set()
    copies: set[str] = set()
    for item in sorted(items, key=lambda item: (-item.weight, item.told.at, item.told.id)):
        told = item.told
        if not item.quotable or told.author in authors or item.copies in copies:
            continue
        if told.author is not None:
            authors.add(told.author)
        copies.add(item.copies)
        chosen.append(
            Quote(
                post=told.id,
                at=told.at,
                text=masked(item.text)[:MOST_QUOTED],
                href=f"/v1/posts/{told.id}",
            )
        )
        if len(chosen) == QUOTES:
            break
    return tuple(chosen)


def _wanting(teller_of: Callable[[StoredPost], Told]) -> Callable[[StoredPost], Wanting]:
    def wanting(post: StoredPost) -> Wanting:
        counts = (post.reposts, post.comments, post.likes)
        return Wanting(
            told=teller_of(post),
            text=post.text[: MOST_QUOTED * 4],
            copies=post.copy_group or post.id,
            weight=sum(count for count in counts if count is not None),
            # What its source has no longer, or somebody in danger wrote, is nobody's example.
            quotable=post.deleted_at is None and not _is_at_risk(post),
        )

    return wanting


def _is_at_risk(post: StoredPost) -> bool:
    patterns = post.analysis.get("patterns") or ()
    return _AT_RISK in post.categories or any(hit["pattern"] == _AT_RISK for hit in patterns)


def _keys(told: Told) -> list[_Key]:
    try:
        kind = NeedKind(told.intent or "")
    except ValueError:
        return []  # edited between count and read
    return [(kind, name) for name in told.causes] or [(kind, None)]


def _authors(told: Sequence[Told]) -> int:
    """Distinct ones; a post without an author is one of its own."""
    return len({item.author or item.id for item in told})


def _rank(item: Need) -> tuple[int, int, str, str]:
    return (-item.authors, -item.posts, item.kind, "" if item.cause is None else item.cause.id)
