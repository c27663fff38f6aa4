"""How far posts were passed on, from outside: names of fields say what they count and in what."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nlp.pii import masked
from nlp.spread import Coordination, Mood, NoPrediction, Prediction, Spreader
from service.incidents import format_instant
from service.posts import CopyGroup, CrowdSpread, PostSpread, Tree

_MINUTE_S = 60
_INTERVAL_PERCENT = 80


def post_spread_view(spread: PostSpread, *, limit: int) -> dict[str, Any]:
    """The tree of a post with at most `limit` nodes, those with most posts below them first.

    A node's parent has more below it than itself, so what is shown is a tree as well.
    """
    tree = spread.tree
    root = tree.posts.get(spread.root)
    shown = sorted(
        tree.cascade.nodes,
        key=lambda node: (-node.below, node.level, _order(tree, node.id)),
    )[:limit]
    ids = {node.id for node in shown}
    edges = {edge.child: edge for edge in tree.cascade.edges}
    return {
        "post": spread.asked,
        "as_of": format_instant(tree.as_of),
        "root": {
            "post": spread.root,
            "stored": root is not None,
            "author": None if root is None else root.author,
            "published_at": None if root is None else format_instant(root.at),
            "followers": None if root is None else root.followers,
            "text": None if root is None else masked(root.text),
        },
        "complete": spread.whole,
        **_tree(tree),
        "nodes_total": len(tree.cascade.nodes),
        "nodes": [
            {
                "post": node.id,
                "stored": node.id in tree.posts,
                "level": node.level,
                "children_posts": node.children,
                "below_posts": node.below,
                **_said(tree, node.id),
            }
            for node in shown
        ],
        "edges": [
            {
                "child": edge.child,
                "parent": edge.parent,
                "kind": edge.kind.value,
                "reason": edge.reason.value,
            }
            for node in shown
            if (edge := edges.get(node.id)) is not None and edge.parent in ids
        ],
        "copies": None if spread.copies is None else _copies(spread.copies),
    }


def crowd_spread_view(incident_id: str, spread: CrowdSpread) -> dict[str, Any]:
    """The largest copy groups and trees of an incident's posts."""
    return {
        "incident": incident_id,
        "as_of": format_instant(spread.as_of),
        "posts_total": spread.posts,
        "posts_read": spread.read,
        "copy_groups": [_copies(group) for group in spread.groups],
        "trees": [
            {
                "root": root,
                "stored": root in tree.posts,
                "text": masked(tree.posts[root].text) if root in tree.posts else None,
                **_tree(tree),
            }
            for root, tree in spread.trees
        ],
    }


def _order(tree: Tree, node: str) -> tuple[str, str]:
    post = tree.posts.get(node)
    return ("" if post is None else post.at.isoformat(), node)


def _said(tree: Tree, node: str) -> dict[str, Any]:
    post = tree.posts.get(node)
    return {
        "author": None if post is None else post.author,
        "published_at": None if post is None else format_instant(post.at),
        "followers": None if post is None else post.followers,
        "sentiment": None if post is None else post.sentiment,
    }


def _tree(tree: Tree) -> dict[str, Any]:
    cascade = tree.cascade
    speed, reach = cascade.speed, cascade.reach
    return {
        "posts": cascade.posts,
        "depth_levels": cascade.depth,
        "breadth_posts": cascade.breadth,
        "levels": [
            {"level": number, "posts": level.posts, **_mood(level.mood)}
            for number, level in enumerate(cascade.levels)
        ],
        "edges_observed": len(cascade.edges) - cascade.inferred,
        "edges_inferred": cascade.inferred,
        "speed": None
        if speed is None
        else {
            "posts_per_10_min_mean": round(speed.an_hour / 6, 3),
            "posts_per_10_min_peak": speed.peak_10_min,
            "posts_last_10_min": tree.recent,
            "minutes_to_10_percent": round(speed.to_tenth.total_seconds() / _MINUTE_S, 1),
            "minutes_to_50_percent": round(speed.to_half.total_seconds() / _MINUTE_S, 1),
        },
        "reach": {
            "followers": reach.followers,
            "authors": reach.authors,
            "authors_of_unknown_reach": reach.unknown,
        },
        "spreaders": [_spreader(tree, one) for one in cascade.spreaders],
        "predicted": _prediction(tree.prediction),
    }


def _spreader(tree: Tree, one: Spreader) -> dict[str, Any]:
    return {
        "author": tree.posts[one.post_id].author,
        "post": one.post_id,
        "level": one.level,
        "children_posts": one.children,
        "below_posts": one.below,
        "followers": one.followers,
        "sentiment_below": _mood(one.mood),
    }


def _mood(mood: Mood) -> dict[str, Any]:
    return {
        "negative_posts": mood.negative,
        "judged_posts": mood.judged,
        "negative_share": None if mood.share is None else round(mood.share, 4),
    }


def _prediction(found: Prediction | NoPrediction | None) -> dict[str, Any]:
    """Where there is no figure, `missing` says why."""
    if not isinstance(found, Prediction):
        return {"final_posts": None, "missing": "not_whole" if found is None else found.value}
    return {
        "final_posts": found.size,
        "low_posts": found.low,
        "high_posts": found.high,
        "interval_percent": _INTERVAL_PERCENT,
        "seen_posts": found.seen,
        "window_minutes": found.window.total_seconds() / _MINUTE_S,
        "version": found.version,
        "missing": None,
    }


def _copies(group: CopyGroup) -> dict[str, Any]:
    return {
        "group": group.group,
        "posts": group.posts,
        "posts_read": group.read,
        "distinct_texts": group.texts,
        "text": None if group.sample is None else masked(group.sample),
        "first_at": format_instant(group.first_at),
        "last_at": format_instant(group.last_at),
        "authors": group.coordination.authors,
        "coordination": _coordination(group.coordination),
    }


def _coordination(found: Coordination) -> dict[str, Any]:
    parts: Sequence[dict[str, Any]] = [
        {
            "sign": part.sign.value,
            "value": None if part.value is None else round(part.value, 4),
            "weight": part.weight,
            "known": part.known,
        }
        for part in found.parts
    ]
    return {"score": round(found.score, 4), "judged_posts": found.posts, "parts": parts}
