"""How far posts were passed on and copied, in figures. Pure; what is read stands beside it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from nlp import copy_key, normalize
from nlp.spread import (
    Cascade,
    Coordination,
    NoPrediction,
    Prediction,
    judge_coordination,
    predict_size,
    trace_cascade,
)
from service.posts.passed import Passed, posting, spread_post

_TEN_MINUTES = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """Posts that come from one another. `recent` are those of the ten minutes before `as_of`.

    `prediction` is None where the beginning, or a part of the tree, was not read.
    """

    as_of: datetime
    posts: Mapping[str, Passed]
    cascade: Cascade
    recent: int
    prediction: Prediction | NoPrediction | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyGroup:
    """Posts of one text. `posts` are all of them; everything else is of the `read` ones.

    `texts` are distinct by their letters and digits, a site's phrase for sharing left out;
    `sample` is the earliest wording that has words.
    """

    group: str
    posts: int
    read: int
    texts: int
    sample: str | None
    first_at: datetime | None
    last_at: datetime | None
    coordination: Coordination


@dataclass(frozen=True, slots=True, kw_only=True)
class PostSpread:
    """The tree that a post is part of. `root` is the id where it begins by what sites state,
    stored or not; `found` are the tree's posts in all, `whole` whether all of them were read."""

    asked: str
    root: str
    whole: bool
    tree: Tree
    copies: CopyGroup | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdSpread:
    """Of many posts the largest copy groups and trees, biggest first, out of the `read` ones."""

    as_of: datetime
    posts: int
    read: int
    groups: tuple[CopyGroup, ...]
    trees: tuple[tuple[str, Tree], ...]


def tree_of(
    posts: Sequence[Passed], *, root: str, whole: bool, as_of: datetime, with_copies: bool = True
) -> Tree:
    """The tree of these posts; copies hang below the first of them where `with_copies`."""
    cascade = trace_cascade([spread_post(post, with_copies=with_copies) for post in posts])
    known = {post.id: post for post in posts}
    began = known.get(root)
    return Tree(
        as_of=as_of,
        posts=known,
        cascade=cascade,
        recent=sum(as_of - _TEN_MINUTES < post.at <= as_of for post in posts),
        prediction=None
        if began is None or not whole
        else predict_size(
            [post.at for post in posts], began=began.at, now=as_of, followers=began.followers
        ),
    )


def copy_group(name: str, posts: Sequence[Passed], *, total: int) -> CopyGroup:
    """The posts of one group that were read, out of `total`."""
    ordered = sorted(posts, key=lambda post: (post.at, post.id))
    texts: dict[str, str] = {}
    for text in dict.fromkeys(post.text for post in ordered):
        exact = copy_key(normalize(text).text).exact
        if exact:
            texts.setdefault(exact, text)
    return CopyGroup(
        group=name,
        posts=max(total, len(ordered)),
        read=len(ordered),
        texts=len(texts),
        sample=next(iter(texts.values()), None),
        first_at=ordered[0].at if ordered else None,
        last_at=ordered[-1].at if ordered else None,
        coordination=judge_coordination([posting(post) for post in ordered]),
    )


def largest_trees(
    posts: Sequence[Passed], *, whole: bool, as_of: datetime, limit: int
) -> tuple[tuple[str, Tree], ...]:
    """Roots and trees by what sites state, those with most posts first; nobody's copy alone."""
    edges = trace_cascade([spread_post(post, with_copies=False) for post in posts]).edges
    roots: dict[str, str] = {}
    for edge in edges:  # parents first
        roots[edge.child] = roots.get(edge.parent, edge.parent)
    members: dict[str, list[Passed]] = defaultdict(list)
    for post in posts:
        members[roots.get(post.id, post.id)].append(post)
    passed_on = [root for root in set(roots.values()) if len(members[root]) > 1]
    chosen = sorted(passed_on, key=lambda root: (-len(members[root]), root))[:limit]
    return tuple(
        (
            root,
            tree_of(members[root], root=root, whole=whole, as_of=as_of, with_copies=False),
        )
        for root in chosen
    )
