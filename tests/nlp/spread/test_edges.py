"""Who passed a text on to whom."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.spread.edges import Edge, EdgeKind, EdgeReason, SpreadPost, spread_edges

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def post(name: str, *, minutes: float = 0, **fields: Any) -> SpreadPost:
    return SpreadPost(
        id=name, at=NOON + timedelta(minutes=minutes), **{"author": f"au_{name}", **fields}
    )


def parents(*posts: SpreadPost) -> dict[str, str]:
    return {child: edge.parent for child, edge in spread_edges(posts).items()}


def test_what_a_site_states_is_observed_whatever_the_clocks_say() -> None:
    edges = spread_edges([post("root", minutes=9), post("late", minutes=1, parent="root")])
    assert edges == {
        "late": Edge(child="late", parent="root", kind=EdgeKind.OBSERVED, reason=EdgeReason.STATED)
    }


def test_a_stated_parent_outweighs_a_chain() -> None:
    found = parents(
        post("root"), post("b", handle="乙"), post("c", minutes=2, parent="root", quoted=("乙",))
    )
    assert found == {"c": "root"}


def test_the_latest_earlier_post_of_the_first_known_name_is_the_parent() -> None:
    edges = spread_edges(
        [
            post("b1", handle="乙"),
            post("b2", minutes=2, handle="乙"),
            post("b3", minutes=4, handle="乙"),
            post("c", minutes=3, quoted=("甲", "乙")),
        ]
    )
    assert edges["c"].parent == "b2"
    assert (edges["c"].kind, edges["c"].reason) == (EdgeKind.INFERRED, EdgeReason.NAMED)


def test_nobody_copies_from_a_later_post() -> None:
    assert parents(post("c", quoted=("乙",)), post("b", minutes=1, handle="乙")) == {}


def test_a_copy_comes_from_the_first_of_its_group() -> None:
    edges = spread_edges(
        [
            post("c", minutes=2, copy_group="g"),
            post("a", copy_group="g"),
            post("b", minutes=1, copy_group="g"),
            post("other", minutes=1, copy_group="h"),
        ]
    )
    assert {child: edge.parent for child, edge in edges.items()} == {"b": "a", "c": "a"}
    assert edges["b"].reason is EdgeReason.COPIED


def test_of_identical_times_the_smaller_id_came_first() -> None:
    assert parents(post("b", copy_group="g"), post("a", copy_group="g")) == {"b": "a"}


def test_reposts_of_an_unseen_post_hang_together() -> None:
    found = parents(
        post("a", parent="gone", copy_group="g"),
        post("b", minutes=1, parent="gone", copy_group="g"),
    )
    assert found == {"a": "gone", "b": "gone"}


def test_an_unseen_parent_gives_way_to_a_copy_that_is_here() -> None:
    found = parents(post("a", copy_group="g"), post("b", minutes=1, parent="gone", copy_group="g"))
    assert found == {"b": "a"}


def test_a_post_that_states_itself_is_a_root() -> None:
    assert parents(post("a", parent="a")) == {}


def test_a_cycle_loses_the_edge_of_its_earliest_post() -> None:
    found = parents(
        post("a", minutes=1, parent="c"), post("b", parent="a"), post("c", minutes=2, parent="b")
    )
    assert found == {"a": "c", "c": "b"}


def test_a_cycle_with_an_inferred_edge_loses_that_one() -> None:
    found = parents(
        post("a", parent="b"),
        post("b", minutes=1, parent="c"),
        post("c", minutes=2, copy_group="g"),
        post("first", minutes=-1, copy_group="g", parent="a"),
    )
    assert found == {"a": "b", "b": "c", "first": "a"}


def test_of_one_id_the_first_counts() -> None:
    assert parents(post("a"), post("b", parent="a"), post("b", parent="z")) == {"b": "a"}


_NAMES = st.sampled_from("abcdef")
_POSTS = st.lists(
    st.builds(
        SpreadPost,
        id=_NAMES,
        author=_NAMES,
        at=st.integers(0, 3).map(lambda hours: NOON + timedelta(hours=hours)),
        parent=st.none() | st.sampled_from("abcdefz"),
        handle=st.none() | _NAMES,
        quoted=st.lists(_NAMES, max_size=2).map(tuple),
        copy_group=st.none() | st.sampled_from("gh"),
    ),
    max_size=12,
)


@settings(max_examples=200)
@given(_POSTS)
def test_no_posts_make_a_cycle_and_inferred_parents_are_earlier(posts: list[SpreadPost]) -> None:
    edges = spread_edges(posts)
    known = {one.id: one for one in reversed(posts)}
    for child, edge in edges.items():
        seen = {child}
        while child in edges:
            child = edges[child].parent
            assert child not in seen
            seen.add(child)
        if edge.kind is EdgeKind.INFERRED:
            early, late = known[edge.parent], known[edge.child]
            assert (early.at, early.id) < (late.at, late.id)
