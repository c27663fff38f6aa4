"""The most copied text of the hour: read only when it is large, and once a look."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

import pytest

from service.monitoring.copying import FEWEST, POSTS, CopySpreads, copy_spread
from service.monitoring.facts import EMPTY
from service.stores.post_store import FoundPost, Page, PostQuery, PostStore, Segment, StoredPost
from tests.support.stored_posts import NOON, stored_post

NOW = NOON + timedelta(minutes=50)
LARGE = replace(EMPTY, posts=60, largest_group="g", largest_group_posts=FEWEST)


def copied(count: int, *, first: int = 0, **changes: Any) -> list[StoredPost]:
    """Posts of one text, one a minute, each by somebody else."""
    return [
        stored_post(number, copy_group="g", author=f"a{number}", **changes)
        for number in range(first, first + count)
    ]


class CountedStore:
    """Answers searches from memory, and remembers them."""

    def __init__(self, total: int) -> None:
        self.asked: list[PostQuery] = []
        self.total = total

    async def search(self, query: PostQuery, *, limit: int, **_: Any) -> Page:
        self.asked.append(query)
        found = tuple(FoundPost(post=post) for post in copied(40)[:limit])
        return Page(items=found, next=None, total=self.total)


def spreads_over(store: CountedStore) -> CopySpreads:
    return CopySpreads(cast(PostStore, store), "tea", now=NOW)


@pytest.mark.parametrize(
    "hour",
    [EMPTY, replace(LARGE, largest_group_posts=FEWEST - 1), replace(LARGE, largest_group=None)],
)
async def test_a_calm_hour_reads_nothing(hour: Segment) -> None:
    store = CountedStore(total=40)
    spreads = spreads_over(store)
    assert await spreads.of(hour) is None
    assert store.asked == []


async def test_a_text_of_two_segments_is_read_once() -> None:
    store = CountedStore(total=40)
    spreads = spreads_over(store)
    assert await spreads.of(LARGE) == await spreads.of(replace(LARGE, posts=20))
    (query,) = store.asked
    assert (query.monitors, query.copy_groups) == (("tea",), ("g",))


async def test_nothing_is_predicted_of_a_text_that_was_not_read_whole() -> None:
    store = CountedStore(total=POSTS + 1)
    spread = await spreads_over(store).of(LARGE)
    assert spread is not None
    assert spread.predicted_size is None
    assert spread.coordination > 0


async def test_it_is_read_from_the_store(posts: PostStore) -> None:
    await posts.upsert([*copied(40), *copied(3, first=60), stored_post(45, copy_group="other")])
    spread = await CopySpreads(posts, "tea", now=NOW).of(LARGE)
    assert spread == copy_spread(copied(40), is_whole=True, now=NOW)


def test_the_size_is_no_smaller_than_what_is_seen() -> None:
    spread = copy_spread(copied(40), is_whole=True, now=NOW)
    assert spread.predicted_size is not None
    assert spread.predicted_size >= 40


def test_the_first_half_hour_has_no_prediction() -> None:
    spread = copy_spread(copied(20), is_whole=True, now=NOON + timedelta(minutes=25))
    assert spread.predicted_size is None


def test_many_pastings_of_few_small_accounts_are_more_like_one_hand_than_reposts_are() -> None:
    pasted = [replace(post, author="one", followers=2) for post in copied(40)]
    shared = [replace(post, repost_of="1", followers=500) for post in copied(40)]
    campaign = copy_spread(pasted, is_whole=True, now=NOW)
    cascade = copy_spread(shared, is_whole=True, now=NOW)
    assert campaign.coordination > 0.7 > 0.4 > cascade.coordination


def test_only_the_last_hour_tells_of_one_hand() -> None:
    later = NOON + timedelta(hours=3)
    assert copy_spread(copied(40), is_whole=True, now=later).coordination == 0.0


def test_posts_whose_authors_are_unknown_are_no_repeats() -> None:
    nameless = [replace(post, author=None) for post in copied(40)]
    named = copy_spread(copied(40), is_whole=True, now=NOW)
    assert copy_spread(nameless, is_whole=True, now=NOW) == named


def test_no_posts_have_no_spread() -> None:
    spread = copy_spread([], is_whole=True, now=NOW)
    assert (spread.coordination, spread.predicted_size) == (0.0, None)
