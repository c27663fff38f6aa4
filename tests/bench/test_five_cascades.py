"""Whose incident it is, and how it is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from bench.five_cascades import cascade_of, report, wire
from bench.mixed_streams import Cascade, Mixed
from crawlers import Author, Post, parse_post
from service.replay import Stream

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
BEGAN = NOON + timedelta(hours=6)


def post(name: str, at: datetime, **more: Any) -> Post:
    return Post(source="weibo", native_id=name, published_at=at, text=f"正文{name}", **more)


BACKGROUND = [post(f"b{number}", NOON + number * timedelta(minutes=30)) for number in range(48)]
SPREAD = [
    post(f"c{number}", BEGAN + number * timedelta(minutes=1), author=Author(id=f"a{number}"))
    for number in range(40)
]
STREAM = Mixed(
    Stream(tuple(sorted([*BACKGROUND, *SPREAD], key=lambda one: one.published_at)), ()),
    (Cascade("rumor-1", 40, tuple(one.published_at for one in SPREAD)),),
)


def incident(opened: datetime) -> dict[str, Any]:
    """As a replay tells it."""
    return {
        "kind": "crisis",
        "tier": "yellow",
        "scenario": "unclassified",
        "posts": 3,
        "opened_at": opened.isoformat(),
        "first_post_at": opened.isoformat(),
        "tiers": [
            {
                "tier": "yellow",
                "at": opened.isoformat(),
                "reasons": [{"clause": "posts_1h ≥ 15", "value": 20, "threshold": 15}],
                "explanation": {
                    "next": None,
                    "baseline": {
                        name: {"seen": 20, "expected": 1.5, "score": 0.999, "hours": [1, 2]}
                        for name in ("posts", "negative")
                    },
                    "first_post": {"post": SPREAD[0].key.id, "at": opened.isoformat()},
                    "terms": [{"term": "漏电", "posts": 9, "background": 0}],
                    "spreaders": [
                        {
                            "author": "au_0123456789",
                            "post": SPREAD[0].key.id,
                            "below": 12,
                            "children": 11,
                            "followers": None,
                        }
                    ],
                    "origin": {
                        "at": BEGAN.isoformat(),
                        "posts_1h": 18,
                        "post": SPREAD[0].key.id,
                    },
                    "copies": {"posts": 20, "distinct": 3, "groups": [{"posts": 18}]},
                },
            }
        ],
    }


def test_an_incident_is_of_the_cascade_that_filled_the_hour_before() -> None:
    assert cascade_of(STREAM, BEGAN + timedelta(minutes=20)) is STREAM.cascades[0]
    assert cascade_of(STREAM, NOON + timedelta(hours=3)) is None


def test_the_report_tells_why_and_whose() -> None:
    text = "\n".join(report(STREAM, [incident(BEGAN + timedelta(minutes=20))]))
    assert "is cascade rumor-1 of 40 posts, 20 min after its first post, 52.5% of it there" in text
    assert "posts_1h ≥ 15: 20" in text
    assert "漏电 9/0" in text
    assert "12 below, 11 directly, followers unknown: 正文c0" in text
    assert "18 posts in the hour: 正文c0" in text
    assert "1 of 1 cascades found, 0 false" in text


def test_what_is_missed_false_or_a_second_one_is_named() -> None:
    nothing = "\n".join(report(STREAM, []))
    assert "MISSED rumor-1" in nothing
    times = (NOON + timedelta(hours=3), BEGAN + timedelta(minutes=9), BEGAN + timedelta(minutes=30))
    text = "\n".join(report(STREAM, [incident(at) for at in times]))
    assert "FALSE" in text
    assert "incident 2 of this cascade" in text
    assert "1 of 1 cascades found, 1 false, 1 more of a cascade that had one" in text


def test_a_line_of_the_stream_is_read_back_as_the_post() -> None:
    written = post("c", BEGAN, author=Author(id="x", followers=5, verified=True), repost_of="r")
    again = parse_post(orjson.loads(wire(written)))
    assert (again.key, again.published_at, again.text) == (
        written.key,
        written.published_at,
        written.text,
    )
    assert (again.author, again.repost_of) == (written.author, "r")
