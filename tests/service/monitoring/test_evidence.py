"""Frozen posts: one of each copy group, hashed, without anybody's name."""

from __future__ import annotations

import hashlib
import json

from hypothesis import given
from hypothesis import strategies as st

from service.monitoring.evidence import choose, freeze
from tests.support.clock import START
from tests.support.stored_posts import stored_post


def test_the_hash_is_over_the_canonical_snapshot() -> None:
    frozen = freeze(stored_post(1, author="au_1", title="题"), now=START)
    canonical = json.dumps(
        frozen.snapshot, ensure_ascii=False, sort_keys=True, separators=(",", ":")
    )
    assert frozen.sha256 == hashlib.sha256(canonical.encode()).hexdigest()
    assert (frozen.at, frozen.copy_group) == (START, "group1")
    assert frozen.snapshot["author"] == "au_1"
    assert frozen.snapshot["published_at"] == "2026-03-02T12:01:00.000Z"


def test_what_names_a_person_is_masked_before_the_hash() -> None:
    snapshots = [
        freeze(stored_post(1, f"联系{number}，赵铁柱先生", title=f"找{number}"), now=START)
        for number in ("13800138000", "13811118000")
    ]
    assert snapshots[0].snapshot["text"] == "联系138****8000，赵**先生"
    assert snapshots[0].snapshot["title"] == "找138****8000"
    assert snapshots[0].sha256 == snapshots[1].sha256


def test_another_word_is_another_hash() -> None:
    one, other = (freeze(stored_post(1, text), now=START) for text in ("a", "b"))
    assert one.sha256 != other.sha256


def test_hits_that_do_not_count_are_left_out() -> None:
    hit = {"term": "虫子", "category": "contamination", "severity": 4, "start": 0, "end": 2}
    analysis = {"hits": [hit, {**hit, "suppressed_by": "negation"}]}
    frozen = freeze(stored_post(1, analysis=analysis), now=START)
    assert [item["term"] for item in frozen.snapshot["hits"]] == ["虫子"]


def test_one_of_each_copy_group_in_the_order_of_importance() -> None:
    posts = [stored_post(number, copy_group=group) for number, group in enumerate("abacb")]
    assert [post.native_id for post in choose(posts, limit=9)] == ["0", "1", "3"]
    assert [post.native_id for post in choose(posts, limit=2)] == ["0", "1"]


def test_a_post_without_a_group_stands_for_itself() -> None:
    posts = [stored_post(number, copy_group="") for number in range(3)]
    assert len(choose(posts, limit=9)) == 3


@given(st.lists(st.sampled_from("abcdef"), max_size=20), st.integers(0, 7))
def test_never_more_than_asked_never_a_copy_and_the_first_is_always_there(
    groups: list[str], limit: int
) -> None:
    posts = [stored_post(number, copy_group=group) for number, group in enumerate(groups)]
    chosen = choose(posts, limit=limit)
    assert len(chosen) == min(limit, len(set(groups)))
    assert len({post.copy_group for post in chosen}) == len(chosen)
    if chosen:
        assert chosen[0] is posts[0]
