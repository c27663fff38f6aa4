"""A post whose bad news is not about a monitor's brand: there for all, held against the others."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from service.stores.post_store import FacetField, PostQuery, PostStore, SortOrder
from tests.support.stored_posts import NOON, stored_post

HOUR = timedelta(hours=1)
BAD: dict[str, Any] = {
    "monitors": ("rival", "tea"),
    "spared": ("tea",),
    "sentiment": "negative",
    "severity": 4,
    "scenario": "product_quality",
    "categories": ("injury",),
}


async def negative(store: PostStore, monitor: str) -> int:
    """Negative posts of the monitor in the first hour."""
    found = await store.segments(monitor, since=NOON, until=NOON + HOUR)
    return found["*"].negative


class SparedContract:
    """Who is spared counts the post, and nothing of what it says."""

    async def test_who_is_spared_comes_back(self, store: PostStore) -> None:
        post = stored_post(**BAD)
        await store.upsert([post])
        assert await store.get(post.id) == post

    async def test_only_monitors_of_the_post_are_spared(self, store: PostStore) -> None:
        post = stored_post(monitors=("tea",), spared=("rival", "tea"))
        await store.upsert([post])
        kept = await store.get(post.id)
        assert kept is not None
        assert kept.spared == ("tea",)

    async def test_segments_hold_it_against_the_others_only(self, store: PostStore) -> None:
        await store.upsert([stored_post(1, likes=3, **BAD)])
        tea = await store.segments("tea", since=NOON, until=NOON + HOUR)
        rival = await store.segments("rival", since=NOON, until=NOON + HOUR)
        assert set(tea) == {None, "*"}
        for segment in tea.values():
            assert (segment.posts, segment.engagement) == (1, 3)
            assert (segment.negative, segment.severe, segment.severity_max) == (0, 0, 0)
            assert segment.categories == {}
        blamed = rival["product_quality"]
        assert (blamed.posts, blamed.negative, blamed.severe) == (1, 1, 1)
        assert (blamed.severity_max, blamed.categories) == (4, {"injury": 1})

    async def test_histograms_too(self, store: PostStore) -> None:
        await store.upsert([stored_post(1, **BAD)])
        seen = {}
        for monitor in ("tea", "rival"):
            (bucket,) = await store.histogram(
                PostQuery(monitors=(monitor,)), interval=HOUR, since=NOON, until=NOON + HOUR
            )
            seen[monitor] = (bucket.posts, bucket.negative)
        assert seen == {"tea": (1, 0), "rival": (1, 1)}

    async def test_facets_too(self, store: PostStore) -> None:
        await store.upsert([stored_post(1, **BAD)])
        facets = await store.facets(
            PostQuery(monitors=("tea",)),
            fields=(FacetField.SENTIMENT, FacetField.SCENARIO, FacetField.CATEGORY),
        )
        assert facets == {
            FacetField.SENTIMENT: (("neutral", 1),),
            FacetField.SCENARIO: (),
            FacetField.CATEGORY: (),
        }

    async def test_praise_stays_praise(self, store: PostStore) -> None:
        await store.upsert([stored_post(1, **BAD | {"sentiment": "positive"})])
        assert await store.count(PostQuery(monitors=("tea",), sentiments=("positive",))) == 1

    async def test_it_stays_visible_with_its_analysis(self, store: PostStore) -> None:
        post = stored_post(1, **BAD)
        await store.upsert([post])
        page = await store.search(PostQuery(monitors=("tea",)))
        assert [item.post for item in page.items] == [post]

    @pytest.mark.parametrize("sort", list(SortOrder))
    @pytest.mark.parametrize(
        ("monitors", "found"), [(("tea",), 0), (("rival",), 1), (("rival", "tea"), 1), ((), 1)]
    )
    async def test_filters_ask_what_the_monitor_counts(
        self, store: PostStore, sort: SortOrder, monitors: tuple[str, ...], found: int
    ) -> None:
        await store.upsert([stored_post(1, **BAD)])
        query = PostQuery(text="青柚", monitors=monitors, sentiments=("negative",))
        page = await store.search(query, sort=sort)
        assert (len(page.items), page.total) == (found, found)

    async def test_a_repeat_says_it_anew(self, store: PostStore) -> None:
        await store.upsert([stored_post(1, **BAD)])
        await store.upsert([stored_post(1, **BAD | {"spared": ("rival",)})])
        assert (await negative(store, "tea"), await negative(store, "rival")) == (1, 0)

    async def test_an_edit_says_it_anew(self, store: PostStore) -> None:
        await store.upsert([stored_post(1, **BAD)])
        later = BAD | {"spared": (), "fetched_at": NOON + HOUR}
        await store.upsert([stored_post(1, "青柚茶才是最差的", **later)])
        assert await negative(store, "tea") == 1

    async def test_a_member_can_be_spared_later_and_no_longer(self, store: PostStore) -> None:
        ids = [stored_post(1).id]
        await store.upsert([stored_post(1, **BAD)])
        await store.set_monitors(ids, "rival", member=True, spared=True)
        assert await negative(store, "rival") == 0
        await store.set_monitors(ids, "rival", member=True)
        assert await negative(store, "rival") == 1

    async def test_who_joins_can_be_spared(self, store: PostStore) -> None:
        post = stored_post(1, **BAD)
        await store.upsert([post])
        await store.set_monitors([post.id], "third", member=True, spared=True)
        kept = await store.get(post.id)
        assert kept is not None
        assert (kept.monitors, kept.spared) == (("rival", "tea", "third"), ("tea", "third"))
        assert await negative(store, "third") == 0

    async def test_who_leaves_is_not_spared(self, store: PostStore) -> None:
        post = stored_post(1, **BAD)
        await store.upsert([post])
        await store.set_monitors([post.id], "tea", member=False)
        kept = await store.get(post.id)
        assert kept is not None
        assert (kept.monitors, kept.spared) == (("rival",), ())
