from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.backup import DamagedBackup
from service.backup.post_lines import KeptPost, read_post_line, stored_together, wordings
from service.stores import PostVersion
from tests.support.stored_posts import NOON, stored_post

LINES = orjson.OPT_APPEND_NEWLINE
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@settings(max_examples=40)
@given(
    text=TEXTS,
    extra=st.dictionaries(TEXTS, st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS),
    simhash=st.integers(0, 2**64 - 1),
    monitors=st.lists(TEXTS, max_size=3).map(tuple),
    rating=st.none() | st.floats(allow_nan=False, allow_infinity=False),
    past=st.lists(TEXTS, max_size=3),
)
def test_a_line_gives_the_post_again(
    text: str,
    extra: dict[str, Any],
    simhash: int,
    monitors: tuple[str, ...],
    rating: float | None,
    past: list[str],
) -> None:
    post = stored_post(
        text=text, extra=extra, simhash=simhash, monitors=monitors, rating=rating, deleted_at=NOON
    )
    earlier = tuple(
        PostVersion(version=number, text=said, content_hash=said, fetched_at=NOON)
        for number, said in enumerate(past, start=1)
    )
    kept = KeptPost(post=post, past=earlier)
    assert read_post_line(orjson.loads(orjson.dumps(kept, option=LINES))) == kept


def test_a_field_that_this_version_does_not_know_is_refused() -> None:
    line = orjson.loads(orjson.dumps(KeptPost(post=stored_post())))
    line["post"]["mood"] = "fine"
    with pytest.raises(DamagedBackup, match="unknown fields mood"):
        read_post_line(line)


def test_earlier_wordings_come_first() -> None:
    past = PostVersion(version=1, text="旧", content_hash="h1", fetched_at=NOON)
    first, second = wordings(KeptPost(post=stored_post(text="新"), past=(past,)))
    assert (first.text, first.fetched_at, second.text) == ("旧", NOON, "新")
    assert first.monitors == second.monitors


@settings(max_examples=60)
@given(instants=st.lists(st.integers(0, 6), max_size=40), least=st.integers(1, 6))
def test_posts_of_one_instant_stay_together(instants: list[int], least: int) -> None:
    posts = [
        KeptPost(post=stored_post(place, stored_at=NOON + timedelta(seconds=at)))
        for place, at in enumerate(sorted(instants))
    ]
    batches = list(stored_together(posts, least=least, most=100))
    assert [kept for batch in batches for kept in batch] == posts
    assert all(len(batch) >= least for batch in batches[:-1])
    for before, after in pairwise(batches):
        assert before[-1].post.stored_at < after[0].post.stored_at


def test_too_many_of_one_instant_are_cut() -> None:
    posts = [KeptPost(post=stored_post(place, stored_at=NOON)) for place in range(7)]
    assert [len(batch) for batch in stored_together(posts, least=2, most=3)] == [3, 3, 1]
