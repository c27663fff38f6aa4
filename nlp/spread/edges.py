"""Who passed a text on to whom: edges that sites state, and edges inferred from texts.

A post whose site states what it shares has that as its parent: the field is the site's, while
anybody may write `//@name:`. Otherwise the parent is, with the label `inferred`, the latest
earlier post of the first author that the quote chain names and that is among the posts; else the
first post of its copy group. Inferred parents are always earlier (by time, then id); stated ones
stand whatever their clocks say. A stated parent that is not among the posts stands as a
placeholder, so that its reposts hang together, unless an inferred one is there. Of a cycle, one
edge is cut: an inferred one if there is one, else that of the earliest post.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EdgeKind(StrEnum):
    """Whether a site states the edge or we conclude it."""

    OBSERVED = "observed"
    INFERRED = "inferred"


class EdgeReason(StrEnum):
    """What an edge rests on."""

    STATED = "stated"
    NAMED = "named"
    COPIED = "copied"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpreadPost:
    """A post of a cascade. `quoted` are the names of its quote chain, nearest first, as in
    `quoted_names`; `handle` is the author's name in the same (normal) form; None is unknown."""

    id: str
    author: str
    at: datetime
    parent: str | None = None
    handle: str | None = None
    quoted: tuple[str, ...] = ()
    copy_group: str | None = None
    followers: int | None = None
    negative: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """`child` was passed on from `parent`, both ids."""

    child: str
    parent: str
    kind: EdgeKind
    reason: EdgeReason


_Moment = tuple[datetime, str]


def spread_edges(posts: Sequence[SpreadPost]) -> dict[str, Edge]:
    """At most one edge a post, by the id of the child, without cycles.

    Of posts with one id the first given counts.
    """
    known: dict[str, SpreadPost] = {}
    for post in posts:
        known.setdefault(post.id, post)
    sources = _Sources(known)
    edges: dict[str, Edge] = {}
    for post in known.values():
        edge = _edge(post, known, sources)
        if edge is not None:
            edges[post.id] = edge
    _cut_cycles(edges, known)
    return edges


class _Sources:
    """Where an inferred edge may lead: posts by author's name, and the first of each group."""

    def __init__(self, known: Mapping[str, SpreadPost]) -> None:
        self._by_handle: dict[str, list[_Moment]] = {}
        self._first: dict[str, _Moment] = {}
        for post in known.values():
            moment = post.at, post.id
            if post.handle:
                self._by_handle.setdefault(post.handle, []).append(moment)
            if post.copy_group:
                self._first[post.copy_group] = min(moment, self._first.get(post.copy_group, moment))
        for moments in self._by_handle.values():
            moments.sort()

    def named(self, post: SpreadPost) -> str | None:
        for name in post.quoted:
            moments = self._by_handle.get(name, [])
            place = bisect_left(moments, (post.at, post.id))
            if place:
                return moments[place - 1][1]
        return None

    def copied(self, post: SpreadPost) -> str | None:
        if not post.copy_group:
            return None
        first = self._first[post.copy_group]
        return first[1] if first < (post.at, post.id) else None


def _edge(post: SpreadPost, known: Mapping[str, SpreadPost], sources: _Sources) -> Edge | None:
    stated = post.parent if post.parent != post.id else None
    if stated is None or stated not in known:
        inferred = EdgeKind.INFERRED
        if parent := sources.named(post):
            return Edge(child=post.id, parent=parent, kind=inferred, reason=EdgeReason.NAMED)
        parent = sources.copied(post)
        # Two that share what nobody has seen are siblings, though one may look like the other's.
        if parent is not None and (stated is None or known[parent].parent != stated):
            return Edge(child=post.id, parent=parent, kind=inferred, reason=EdgeReason.COPIED)
    if stated is None:
        return None
    return Edge(child=post.id, parent=stated, kind=EdgeKind.OBSERVED, reason=EdgeReason.STATED)


def _cut_cycles(edges: dict[str, Edge], known: Mapping[str, SpreadPost]) -> None:
    """Removes one edge of every cycle. Each post has one parent, so cycles do not overlap."""
    settled: set[str] = set()
    for start in list(edges):
        path: dict[str, None] = {}
        at = start
        while at in edges and at not in settled and at not in path:
            path[at] = None
            at = edges[at].parent
        if at in path:
            ring = list(path)
            ring = ring[ring.index(at) :]
            weak = [child for child in ring if edges[child].kind is EdgeKind.INFERRED]
            del edges[min(weak or ring, key=lambda child: (known[child].at, child))]
        settled.update(path)
