"""How a text spread: the trees of its posts in figures.

Levels count from 0, the posts without a parent. Placeholders (parents that nobody has seen) are
nodes without an author or a time: they shape the trees and count nowhere else. Everything is
computed without recursion in one pass up and one down; a million children of one post are a list.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from nlp.spread.edges import Edge, EdgeKind, SpreadPost, spread_edges

SPREADERS = 10
_HOUR = timedelta(hours=1)
_TEN_MINUTES = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """How many posts are negative, of those that anybody has judged."""

    negative: int
    judged: int

    @property
    def share(self) -> float | None:
        return self.negative / self.judged if self.judged else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """The posts as far from a root as each other; `posts` includes placeholders."""

    posts: int
    mood: Mood


@dataclass(frozen=True, slots=True, kw_only=True)
class Spreader:
    """An author by the post that most others came from. `below` counts all that descend from it,
    `mood` is theirs; `level` 0 is where the text began."""

    author: str
    post_id: str
    level: int
    children: int
    below: int
    followers: int | None
    mood: Mood


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A post or placeholder and its place: `level` from 0, direct `children`, all `below` it."""

    id: str
    level: int
    children: int
    below: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed:
    """`an_hour` is the mean from the first to the last post, `peak` the fullest hour of all that
    begin with a post, `peak_10_min` the fullest ten minutes; the times lead from the first post to
    a share of all that are here."""

    an_hour: float
    peak: int
    peak_10_min: int
    to_tenth: timedelta
    to_half: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """Followers of distinct authors, each by the highest count seen; unknown ones apart."""

    followers: int
    authors: int
    unknown: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cascade:
    """The figures. `first` is the earliest post, None without posts; `missing` placeholders.

    `nodes` and `edges` stand parents first.
    """

    posts: int
    first: str | None
    nodes: tuple[Node, ...]
    roots: tuple[str, ...]
    missing: tuple[str, ...]
    edges: tuple[Edge, ...]
    inferred: int
    levels: tuple[Level, ...]
    speed: Speed | None
    reach: Reach
    spreaders: tuple[Spreader, ...]

    @property
    def depth(self) -> int:
        """The highest level."""
        return max(0, len(self.levels) - 1)

    @property
    def breadth(self) -> int:
        """The posts of the fullest level."""
        return max((level.posts for level in self.levels), default=0)


def trace_cascade(posts: Sequence[SpreadPost], *, spreaders: int = SPREADERS) -> Cascade:
    """The trees of posts in any order; of posts with one id the first given counts."""
    known: dict[str, SpreadPost] = {}
    for post in posts:
        known.setdefault(post.id, post)
    edges = spread_edges(posts)
    order, levels_of, children = _downwards(known, edges)
    below, moods = _upwards(order, known, edges)
    return Cascade(
        posts=len(known),
        first=min(known.values(), key=lambda post: (post.at, post.id)).id if known else None,
        nodes=tuple(
            Node(
                id=node,
                level=levels_of[node],
                children=len(children.get(node, ())),
                below=below[node],
            )
            for node in order
        ),
        roots=tuple(node for node in order if node not in edges),
        missing=tuple(node for node in order if node not in known),
        edges=tuple(edges[node] for node in order if node in edges),
        inferred=sum(edge.kind is EdgeKind.INFERRED for edge in edges.values()),
        levels=_levels(order, levels_of, known),
        speed=_speed(sorted(post.at for post in known.values())),
        reach=_reach(known.values()),
        spreaders=tuple(
            Spreader(
                author=known[node].author,
                post_id=node,
                level=levels_of[node],
                children=len(children.get(node, ())),
                below=below[node],
                followers=known[node].followers,
                mood=Mood(negative=moods[node][0], judged=moods[node][1]),
            )
            for node in _foremost(known, below, spreaders)
        ),
    )


def _downwards(
    known: dict[str, SpreadPost], edges: dict[str, Edge]
) -> tuple[list[str], dict[str, int], dict[str, list[str]]]:
    """Nodes parents first, their levels and their children, each list by time."""

    def moment(node: str) -> tuple[bool, datetime | None, str]:
        post = known.get(node)
        return (True, post.at, node) if post else (False, None, node)

    children: dict[str, list[str]] = {}
    for edge in edges.values():
        children.setdefault(edge.parent, []).append(edge.child)
    nodes = dict.fromkeys([*known, *children])
    order = sorted((node for node in nodes if node not in edges), key=moment)
    levels_of = dict.fromkeys(order, 0)
    for node in order:
        following = sorted(children.get(node, ()), key=moment)
        levels_of.update(dict.fromkeys(following, levels_of[node] + 1))
        order.extend(following)
    return order, levels_of, children


def _upwards(
    order: Sequence[str], known: dict[str, SpreadPost], edges: dict[str, Edge]
) -> tuple[dict[str, int], dict[str, tuple[int, int]]]:
    """How many posts descend from each node, and how many of them are (negative, judged)."""
    below = dict.fromkeys(order, 0)
    moods = dict.fromkeys(order, (0, 0))
    for node in reversed(order):
        if node not in edges:
            continue
        parent, negative = edges[node].parent, known[node].negative
        below[parent] += below[node] + 1
        bad, judged = moods[parent]
        more_bad, more_judged = moods[node]
        moods[parent] = (
            bad + more_bad + bool(negative),
            judged + more_judged + (negative is not None),
        )
    return below, moods


def _levels(
    order: Sequence[str], levels_of: dict[str, int], known: dict[str, SpreadPost]
) -> tuple[Level, ...]:
    counts: list[list[int]] = []
    for node in order:
        level = levels_of[node]
        if level == len(counts):
            counts.append([0, 0, 0])
        post = known.get(node)
        counts[level][0] += 1
        if post is not None and post.negative is not None:
            counts[level][1] += post.negative
            counts[level][2] += 1
    return tuple(
        Level(posts=posts, mood=Mood(negative=negative, judged=judged))
        for posts, negative, judged in counts
    )


def _speed(times: Sequence[datetime]) -> Speed | None:
    """None without posts. A span of less than an hour counts as one."""
    if not times:
        return None
    tenth, half = (math.ceil(share * len(times)) - 1 for share in (0.1, 0.5))
    return Speed(
        an_hour=len(times) / max((times[-1] - times[0]) / _HOUR, 1.0),
        peak=_fullest(times, _HOUR),
        peak_10_min=_fullest(times, _TEN_MINUTES),
        to_tenth=times[tenth] - times[0],
        to_half=times[half] - times[0],
    )


def _fullest(times: Sequence[datetime], window: timedelta) -> int:
    """The most posts of any window that begins with one."""
    most = start = 0
    for end, at in enumerate(times):
        while at - times[start] >= window:
            start += 1
        most = max(most, end - start + 1)
    return most


def _reach(posts: Iterable[SpreadPost]) -> Reach:
    most: dict[str, int | None] = {}
    for post in posts:
        seen = most.get(post.author)
        if post.followers is None:
            most.setdefault(post.author, None)
        else:
            most[post.author] = max(post.followers, seen or 0)
    counts = [followers for followers in most.values() if followers is not None]
    return Reach(followers=sum(counts), authors=len(most), unknown=len(most) - len(counts))


def _foremost(known: dict[str, SpreadPost], below: dict[str, int], count: int) -> list[str]:
    """One post an author, those from which most descend first; nobody from whom none do."""
    best: dict[str, str] = {}
    ranked = sorted(
        (node for node in known if below[node]),
        key=lambda node: (-below[node], -(known[node].followers or 0), known[node].at, node),
    )
    for node in ranked:
        best.setdefault(known[node].author, node)
        if len(best) == count:
            break
    return list(best.values())
