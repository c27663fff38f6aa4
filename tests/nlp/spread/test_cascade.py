"""How a text spread, in figures."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.spread.cascade import Mood, Reach, trace_cascade
from nlp.spread.edges import SpreadPost

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def post(name: str, *, minutes: float = 0, **fields: Any) -> SpreadPost:
    return SpreadPost(
        id=name, at=NOON + timedelta(minutes=minutes), **{"author": f"au_{name}", **fields}
    )


TREE = [
    post("root", followers=1000, negative=False),
    post("a", minutes=10, parent="root", followers=50, negative=True),
    post("b", minutes=20, parent="root", negative=True),
    post("c", minutes=30, parent="a", negative=False),
    post("d", minutes=120, parent="c"),
]


def test_levels_depth_and_breadth() -> None:
    found = trace_cascade(TREE)
    assert [level.posts for level in found.levels] == [1, 2, 1, 1]
    assert (found.depth, found.breadth) == (3, 2)
    assert (found.posts, found.first, found.roots, found.missing) == (5, "root", ("root",), ())
    assert (len(found.edges), found.inferred) == (4, 0)


def test_mood_of_levels_counts_only_what_was_judged() -> None:
    moods = [level.mood for level in trace_cascade(TREE).levels]
    assert moods[1] == Mood(negative=2, judged=2)
    assert (moods[2].share, moods[3].share) == (0.0, None)


def test_spreaders_are_those_from_whom_most_descend() -> None:
    found = trace_cascade(TREE).spreaders
    assert [(one.post_id, one.level, one.children, one.below) for one in found] == [
        ("root", 0, 2, 4),
        ("a", 1, 1, 2),
        ("c", 2, 1, 1),
    ]
    assert found[0].mood == Mood(negative=2, judged=3)
    assert (found[0].followers, found[2].followers) == (1000, None)


def test_an_author_is_named_once_and_no_more_than_asked() -> None:
    posts = [
        post("r", author="x"),
        post("s", author="x", parent="r"),
        post("t", author="y", parent="s"),
        post("u", author="z", parent="t"),
    ]
    assert [one.post_id for one in trace_cascade(posts).spreaders] == ["r", "t"]
    assert [one.post_id for one in trace_cascade(posts, spreaders=1).spreaders] == ["r"]


def test_followers_decide_between_equal_spreaders() -> None:
    posts = [post("a", followers=1), post("b", followers=9), post("c", parent="a")]
    posts.append(post("d", parent="b"))
    assert [one.post_id for one in trace_cascade(posts).spreaders] == ["b", "a"]


def test_reach_is_of_distinct_authors_and_unknown_ones_stand_apart() -> None:
    posts = [
        post("1", author="x"),
        post("2", author="x", followers=10),
        post("3", author="x", followers=30),
        post("4", author="y"),
        post("5", author="z", followers=0),
    ]
    assert trace_cascade(posts).reach == Reach(followers=30, authors=3, unknown=1)


def test_speed() -> None:
    posts = [post(f"{n:02}", minutes=n) for n in range(19)] + [post("last", minutes=180)]
    speed = trace_cascade(posts).speed
    assert speed is not None
    assert speed.an_hour == pytest.approx(20 / 3)
    assert speed.peak == 19
    assert (speed.to_tenth, speed.to_half) == (timedelta(minutes=1), timedelta(minutes=9))


def test_identical_times_are_a_speed_of_all_in_an_hour() -> None:
    speed = trace_cascade([post(str(n)) for n in range(7)]).speed
    assert speed is not None
    assert (speed.an_hour, speed.peak, speed.to_half) == (7, 7, timedelta(0))


def test_no_posts_have_no_figures() -> None:
    found = trace_cascade([])
    assert (found.posts, found.first, found.depth, found.breadth) == (0, None, 0, 0)
    assert (found.speed, found.levels, found.spreaders) == (None, (), ())


def test_an_unseen_parent_is_a_placeholder() -> None:
    found = trace_cascade([post("a", parent="gone"), post("b", parent="gone", negative=True)])
    assert (found.roots, found.missing, found.posts) == (("gone",), ("gone",), 2)
    assert [level.posts for level in found.levels] == [1, 2]
    assert found.reach.authors == 2
    assert found.spreaders == ()


def test_future_and_late_posts_keep_their_place() -> None:
    found = trace_cascade(
        [
            post("root"),
            post("past", minutes=-600, parent="root"),
            post("f", minutes=9**7, parent="root"),
        ]
    )
    assert found.first == "past"
    assert found.roots == ("root",)


def test_a_chain_of_many_posts_is_no_deeper_than_it_is() -> None:
    posts = [post("0")] + [post(str(n), parent=str(n - 1), minutes=n) for n in range(1, 5_000)]
    found = trace_cascade(posts)
    assert (found.depth, found.breadth) == (4_999, 1)
    assert found.spreaders[0].below == 4_999


def test_many_children_of_one_post() -> None:
    posts = [post("0")] + [post(str(n), parent="0") for n in range(1, 20_000)]
    found = trace_cascade(posts)
    assert (found.depth, found.breadth, found.spreaders[0].children) == (1, 19_999, 19_999)


_POSTS = st.lists(
    st.builds(
        SpreadPost,
        id=st.sampled_from("abcdefgh"),
        author=st.sampled_from("xyz"),
        at=st.datetimes(timezones=st.just(UTC)),
        parent=st.none() | st.sampled_from("abcdefghq"),
        copy_group=st.none() | st.sampled_from("mn"),
        followers=st.none() | st.integers(0, 10**6),
        negative=st.none() | st.booleans(),
    ),
    max_size=12,
    unique_by=lambda one: one.id,
)


@settings(max_examples=150)
@given(_POSTS, st.randoms(use_true_random=False))
def test_every_post_stands_on_one_level_in_any_order(
    posts: list[SpreadPost], draw: random.Random
) -> None:
    found = trace_cascade(posts)
    assert sum(level.posts for level in found.levels) == len(posts) + len(found.missing)
    assert len(found.edges) + len(found.roots) == len(posts) + len(found.missing)
    assert sum(level.mood.judged for level in found.levels) == sum(
        one.negative is not None for one in posts
    )
    mixed = list(posts)
    draw.shuffle(mixed)
    assert trace_cascade(mixed) == found


def test_nodes_stand_parents_first_with_what_is_below_them() -> None:
    found = trace_cascade(TREE).nodes
    assert [(one.id, one.level, one.children, one.below) for one in found] == [
        ("root", 0, 2, 4),
        ("a", 1, 1, 2),
        ("b", 1, 0, 0),
        ("c", 2, 1, 1),
        ("d", 3, 0, 0),
    ]


def test_the_fullest_ten_minutes_begin_with_a_post() -> None:
    speed = trace_cascade(
        [post(str(minute), minutes=minute) for minute in (0, 9, 10, 18, 40)]
    ).speed
    assert speed is not None
    assert speed.peak_10_min == 3
