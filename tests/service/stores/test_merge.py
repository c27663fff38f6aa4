"""What becomes of a post that comes again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.stores.merge import first_stored, merge
from service.stores.post_store import PostChange, StoredPost
from tests.support.stored_posts import NOON, stored_post

LATER = NOON + timedelta(hours=1)

COUNTS = st.none() | st.integers(0, 3)
POSTS = st.builds(
    stored_post,
    number=st.just(1),
    text=st.sampled_from("甲乙丙"),
    fetched_at=st.integers(0, 4).map(lambda n: NOON + timedelta(hours=n)),
    likes=COUNTS,
    views=COUNTS,
    monitors=st.lists(st.sampled_from(["a", "b", "c"]), max_size=2).map(tuple),
    spared=st.lists(st.sampled_from(["a", "b", "c"]), max_size=2).map(tuple),
    sentiment=st.sampled_from(["negative", "neutral"]),
)


def test_the_first_write_clamps_the_instant_and_unites_monitors() -> None:
    post = stored_post(published_at=LATER, fetched_at=NOON, monitors=("tea", "a", "tea"), version=7)
    kept = first_stored(post)
    assert (kept.published_at, kept.monitors, kept.version) == (NOON, ("a", "tea"), 1)


def test_the_first_write_spares_nobody_who_did_not_match() -> None:
    assert first_stored(stored_post(monitors=("tea", "a"), spared=("b", "tea"))).spared == ("tea",)


@pytest.mark.parametrize(
    ("changes", "spared"),
    [
        # The same wording, read the same way: the latest answer for its own monitors.
        ({"spared": ()}, ()),
        ({"spared": ("rival", "tea")}, ("rival", "tea")),
        ({"monitors": ("rival",), "spared": ("rival",)}, ("rival", "tea")),
        # Read another way than the analysis that is kept: only who joins.
        ({"sentiment": "neutral", "spared": ()}, ("tea",)),
        ({"severity": 3, "monitors": ("new",), "spared": ("new",)}, ("new", "tea")),
        ({"content_hash": "other", "sentiment": "neutral", "spared": ()}, ()),
        # Late news: only who joins.
        ({"fetched_at": NOON, "spared": ()}, ("tea",)),
        (
            {"fetched_at": NOON, "monitors": ("new", "rival"), "spared": ("new", "rival")},
            ("new", "tea"),
        ),
    ],
)
def test_who_is_spared_when_a_post_comes_again(
    changes: dict[str, object], spared: tuple[str, ...]
) -> None:
    previous = stored_post(monitors=("rival", "tea"), spared=("tea",), sentiment="negative")
    merged = merge(previous, replace(previous, **changes))  # type: ignore[arg-type]
    assert merged.post.spared == spared
    assert merged.write == (merged.post != previous)


@pytest.mark.parametrize(
    ("changes", "change", "write"),
    [
        ({}, PostChange.UNCHANGED, False),
        ({"fetched_at": LATER, "stored_at": LATER}, PostChange.UNCHANGED, False),
        ({"monitors": ("rival",)}, PostChange.UNCHANGED, True),
        ({"likes": 2}, PostChange.COUNTERS, True),
        ({"likes": None}, PostChange.UNCHANGED, False),
        ({"followers": 9}, PostChange.COUNTERS, True),
        ({"verified": True}, PostChange.COUNTERS, True),
        ({"likes": 2, "fetched_at": NOON}, PostChange.UNCHANGED, False),
        ({"content_hash": "other"}, PostChange.EDITED, True),
        ({"content_hash": "other", "fetched_at": NOON}, PostChange.UNCHANGED, False),
    ],
)
def test_change_kinds(changes: dict[str, object], change: PostChange, write: bool) -> None:
    previous = stored_post(likes=1)
    merged = merge(previous, replace(previous, **changes))  # type: ignore[arg-type]
    assert (merged.change, merged.write) == (change, write)


def test_an_edit_keeps_what_the_new_fetch_does_not_know() -> None:
    previous = stored_post(author="au_1", url="https://example.org", likes=4, verified=True)
    edited = stored_post(1, "改", fetched_at=LATER, published_at=LATER, stored_at=LATER)
    kept = merge(previous, edited).post
    assert kept == replace(
        edited,
        author="au_1",
        url="https://example.org",
        likes=4,
        verified=True,
        published_at=previous.published_at,
        stored_at=previous.stored_at,
        version=2,
    )


def test_an_archived_wording_of_the_same_fetch_does_not_come_back() -> None:
    previous, old = stored_post(1, "乙"), stored_post(1, "甲")
    archived = {(old.content_hash, old.fetched_at)}
    assert merge(previous, old, archived=archived).change is PostChange.UNCHANGED
    again = replace(old, fetched_at=LATER)
    assert merge(previous, again, archived=archived).change is PostChange.EDITED


@given(st.lists(POSTS, min_size=1, max_size=8))
def test_any_history_keeps_the_first_instants_and_loses_no_monitor(posts: list[StoredPost]) -> None:
    kept = first_stored(posts[0])
    first = kept
    for number, post in enumerate(posts):
        before = kept
        merged = merge(before, post)
        kept = merged.post
        assert (kept.published_at, kept.stored_at) == (first.published_at, first.stored_at)
        assert set(kept.monitors) == {
            name for seen in posts[: number + 1] for name in seen.monitors
        }
        assert kept.version == before.version + (merged.change is PostChange.EDITED)
        assert kept.fetched_at >= before.fetched_at
        assert merged.write == (kept != before)
        assert set(kept.spared) <= set(kept.monitors)
        assert merge(kept, post).change is PostChange.UNCHANGED
