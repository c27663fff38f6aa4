"""Counts, histograms, terms, segments, copies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from service.stores.post_store import FacetField, KnownCopy, PostQuery, PostStore, Segment
from tests.support.stored_posts import NOON, stored_post

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
ANGRY = {"emotion": {"label": "angry"}}


class AggregateContract:
    """What monitoring and analysts count."""

    @pytest.mark.parametrize("monitors", [(), ("tea",), ("tea", "x")])
    async def test_a_histogram_has_every_bucket(
        self, store: PostStore, monitors: tuple[str, ...]
    ) -> None:
        await store.upsert(
            [
                stored_post(0, sentiment="negative", copy_group="a"),
                stored_post(9, copy_group="a"),
                stored_post(10, sentiment=None, copy_group=""),
                stored_post(31, sentiment="negative", copy_group=""),
                stored_post(32, copy_group=""),
                stored_post(40),
                stored_post(-1),
            ]
        )
        buckets = await store.histogram(
            PostQuery(monitors=monitors),
            interval=10 * MINUTE,
            since=NOON,
            until=NOON + 35 * MINUTE,
        )
        assert [(b.posts, b.negative, b.distinct) for b in buckets] == [
            (2, 1, 1),
            (1, 0, 1),
            (0, 0, 0),
            (2, 1, 2),
        ]
        assert [b.start for b in buckets] == [NOON + n * 10 * MINUTE for n in range(4)]

    async def test_a_histogram_of_nothing_is_empty(self, store: PostStore) -> None:
        assert await store.histogram(PostQuery(), interval=HOUR, since=NOON, until=NOON) == ()

    async def test_a_histogram_needs_a_width(self, store: PostStore) -> None:
        with pytest.raises(ValueError, match="interval"):
            await store.histogram(PostQuery(), interval=timedelta(0), since=NOON, until=NOON + HOUR)

    async def test_terms_that_stand_out_come_first(self, store: PostStore) -> None:
        ordinary = [stored_post(n, f"今天 喝 茶 {n}", monitors=("all",)) for n in range(30)]
        burst = [stored_post(n, "茶 里 玻璃渣") for n in range(100, 105)]
        await store.upsert(ordinary + burst)
        terms = await store.top_terms(PostQuery(monitors=("tea",)), limit=3)
        assert [(t.term, t.posts, t.background) for t in terms] == [
            ("玻璃渣", 5, 5),
            ("里", 5, 5),
            ("茶", 5, 35),
        ]

    async def test_terms_are_compared_with_the_background_given(self, store: PostStore) -> None:
        await store.upsert([stored_post(1, "茶 好"), stored_post(2, "茶 坏", monitors=("rival",))])
        terms = await store.top_terms(
            PostQuery(monitors=("rival",)), background=PostQuery(monitors=("tea",)), limit=1
        )
        assert [(t.term, t.posts, t.background) for t in terms] == [("坏", 1, 0)]

    async def test_no_matches_have_no_terms(self, store: PostStore) -> None:
        assert await store.top_terms(PostQuery(text="没有")) == ()

    @pytest.mark.parametrize("monitors", [(), ("tea",)])
    async def test_facets(self, store: PostStore, monitors: tuple[str, ...]) -> None:
        await store.upsert(
            [
                stored_post(1, monitors=("rival", "tea"), categories=("injury", "recall")),
                stored_post(2, categories=("injury",), scenario="outage", lang="zh"),
                stored_post(3, sentiment="negative"),
                stored_post(
                    4,
                    sentiment=None,
                    analysis={
                        "emotion": {"label": "angry"},
                        "intent": {"label": "complaint"},
                        "topics": [{"version": 3, "topic": None}],
                    },
                ),
            ]
        )
        facets = await store.facets(
            PostQuery(monitors=monitors, text="青柚"), fields=tuple(FacetField), limit=2
        )
        assert facets == {
            FacetField.MONITOR: (("tea", 4), ("rival", 1)),
            FacetField.SOURCE: (("weibo", 4),),
            FacetField.CHANNEL: (("social", 4),),
            FacetField.SCENARIO: (("outage", 1),),
            FacetField.CATEGORY: (("injury", 2), ("recall", 1)),
            FacetField.SENTIMENT: (("neutral", 2), ("negative", 1)),
            FacetField.EMOTION: (("angry", 1),),
            FacetField.INTENT: (("complaint", 1),),
            FacetField.TOPIC: (("3:-", 1),),
            FacetField.LANG: (("zh", 1),),
        }

    async def test_a_window_without_posts_has_no_segments(self, store: PostStore) -> None:
        await store.upsert([stored_post(1)])
        later = NOON + HOUR
        assert await store.segments("tea", since=later, until=later + HOUR) == {}
        assert await store.segments("nobody", since=NOON, until=later) == {}

    async def test_segments_sum_each_scenario_and_the_whole(self, store: PostStore) -> None:
        quality: dict[str, Any] = {"scenario": "product_quality", "sentiment": "negative"}
        await store.upsert(
            [
                stored_post(0, scenario="outage"),
                stored_post(
                    2,
                    author="a",
                    followers=100,
                    severity=4,
                    categories=("injury",),
                    analysis=ANGRY,
                    **quality,
                ),
                stored_post(
                    1, author="a", followers=120, verified=True, likes=5, copy_group="x", **quality
                ),
                stored_post(3, source="news:daily", channel="news", copy_group="x", **quality),
                stored_post(4, author="b", followers=7, categories=("injury", "recall")),
                stored_post(5, followers=3, reposts=1, comments=1, sentiment=None, copy_group=""),
                stored_post(6, copy_group="", verified=False),
                stored_post(7, scenario="outage"),
            ]
        )
        found = await store.segments("tea", since=NOON + MINUTE, until=NOON + 7 * MINUTE)
        assert found == {
            "product_quality": Segment(
                scenario="product_quality",
                posts=3,
                negative=3,
                distinct=2,
                authors=1,
                severity_max=4,
                severe=1,
                verified=1,
                news=1,
                sources=2,
                reach=120,
                engagement=5,
                first_published_at=NOON + MINUTE,
                first_post_id=stored_post(1).id,
                categories={"injury": 1},
                largest_group="x",
                largest_group_posts=2,
                severity_sum=4,
                media=2,
                angry=1,
            ),
            None: Segment(
                scenario=None,
                posts=3,
                negative=0,
                distinct=3,
                authors=1,
                severity_max=0,
                severe=0,
                verified=0,
                news=0,
                sources=1,
                reach=10,
                engagement=2,
                first_published_at=NOON + 4 * MINUTE,
                first_post_id=stored_post(4).id,
                categories={"injury": 1, "recall": 1},
                largest_group=stored_post(4).copy_group,
                largest_group_posts=1,
                severity_sum=0,
                media=0,
                angry=0,
            ),
            "*": Segment(
                scenario=None,
                posts=6,
                negative=3,
                distinct=5,
                authors=2,
                severity_max=4,
                severe=1,
                verified=1,
                news=1,
                sources=2,
                reach=130,
                engagement=7,
                first_published_at=NOON + MINUTE,
                first_post_id=stored_post(1).id,
                categories={"injury": 2, "recall": 1},
                largest_group="x",
                largest_group_posts=2,
                severity_sum=4,
                media=2,
                angry=1,
            ),
        }

    async def test_severities_add_up_and_voices_of_the_media_count_once(
        self, store: PostStore
    ) -> None:
        await store.upsert(
            [
                stored_post(0, severity=3, channel="news", verified=True),
                stored_post(1, severity=2, channel="news"),
                stored_post(2, severity=5, verified=True, spared=("tea",)),
                stored_post(3, verified=False),
            ]
        )
        found = (await store.segments("tea", since=NOON, until=NOON + HOUR))["*"]
        assert (found.severity_sum, found.media) == (5, 3)

    async def test_the_largest_of_several_groups_is_the_first_by_name(
        self, store: PostStore
    ) -> None:
        groups = ["b", "a", "", "b", "c", "", "a", ""]
        await store.upsert([stored_post(n, copy_group=group) for n, group in enumerate(groups)])
        found = (await store.segments("tea", since=NOON, until=NOON + HOUR))["*"]
        assert (found.largest_group, found.largest_group_posts) == ("a", 2)

    async def test_posts_without_groups_have_no_largest_one(self, store: PostStore) -> None:
        await store.upsert([stored_post(n, copy_group="") for n in range(2)])
        found = (await store.segments("tea", since=NOON, until=NOON + HOUR))["*"]
        assert (found.largest_group, found.largest_group_posts) == (None, 0)

    async def test_the_largest_group_is_summed_over_scenarios(self, store: PostStore) -> None:
        await store.upsert(
            [
                stored_post(0, copy_group="a", scenario="outage"),
                stored_post(1, copy_group="b", scenario="outage"),
                stored_post(2, copy_group="b", spared=("tea",), scenario="outage"),
            ]
        )
        found = await store.segments("tea", since=NOON, until=NOON + HOUR)
        assert (found["outage"].largest_group, found["outage"].largest_group_posts) == ("a", 1)
        assert (found["*"].largest_group, found["*"].largest_group_posts) == ("b", 2)

    async def test_the_first_of_several_at_once_has_the_smallest_id(self, store: PostStore) -> None:
        await store.upsert([stored_post(n, published_at=NOON) for n in (5, 3, 4)])
        found = await store.segments("tea", since=NOON, until=NOON + MINUTE)
        assert found["*"].first_post_id == stored_post(3).id

    async def test_segments_follow_edits_counters_and_monitors(self, store: PostStore) -> None:
        await store.upsert([stored_post(1), stored_post(2)])
        later = NOON + HOUR
        await store.upsert(
            [
                stored_post(1, "漏液", scenario="product_quality", severity=3, fetched_at=later),
                stored_post(2, likes=8, followers=50, fetched_at=later),
            ]
        )
        await store.set_monitors([stored_post(2).id], "tea", member=False)
        await store.set_monitors([stored_post(2).id], "rival", member=True)
        tea = await store.segments("tea", since=NOON, until=later)
        rival = await store.segments("rival", since=NOON, until=later)
        assert set(tea) == {"product_quality", "*"}
        assert (tea["*"].posts, tea["*"].severity_max) == (1, 3)
        assert (rival["*"].engagement, rival["*"].reach) == (8, 50)

    async def test_monitors_with_newly_stored_posts(self, store: PostStore) -> None:
        await store.upsert([stored_post(1), stored_post(5), stored_post(9, monitors=("rival",))])
        last = stored_post(5).stored_at
        assert await store.monitors_since(NOON) == {
            "rival": stored_post(9).stored_at,
            "tea": last,
        }
        assert await store.monitors_since(last) == {"rival": stored_post(9).stored_at}

    async def test_a_repeat_is_no_newly_stored_post(self, store: PostStore) -> None:
        await store.upsert([stored_post(1)])
        await store.upsert([stored_post(1, likes=4, stored_at=NOON + HOUR)])
        assert await store.monitors_since(stored_post(1).stored_at) == {}

    async def test_a_monitor_left_by_its_last_post_had_none(self, store: PostStore) -> None:
        await store.upsert([stored_post(1), stored_post(2)])
        await store.set_monitors([stored_post(2).id], "tea", member=False)
        assert await store.monitors_since(NOON) == {"tea": stored_post(1).stored_at}
        await store.set_monitors([stored_post(1).id], "tea", member=False)
        assert await store.monitors_since(NOON) == {}

    async def test_counts_by_monitor(self, store: PostStore) -> None:
        await store.upsert(
            [stored_post(1), stored_post(2, monitors=("rival", "tea")), stored_post(90)]
        )
        counted = await store.counts_by_monitor(since=NOON + MINUTE, until=NOON + 90 * MINUTE)
        assert counted == {"rival": 1, "tea": 2}
        assert await store.counts_by_monitor(since=NOON, until=NOON + 2 * MINUTE) == {"tea": 1}

    @pytest.mark.parametrize("monitors", [(), ("tea",)])
    async def test_counts_by_copy_group(self, store: PostStore, monitors: tuple[str, ...]) -> None:
        groups = ["b", "a", "c", "b", "", "a", "b"]
        await store.upsert([stored_post(n, copy_group=group) for n, group in enumerate(groups)])
        counted = await store.counts_by_copy_group(PostQuery(monitors=monitors), limit=2)
        assert counted == (("b", 3), ("a", 2))

    async def test_copies_share_a_band(self, store: PostStore) -> None:
        top = 2**64 - 1
        await store.upsert(
            [
                stored_post(1, copy_group="a", simhash=top, copy_bands=("x", "y")),
                stored_post(2, copy_group="a", simhash=top, copy_bands=("x", "y")),
                stored_post(3, copy_group="b", simhash=1, copy_bands=("y", "z")),
                stored_post(4, copy_group="c", simhash=2, copy_bands=("w",)),
                stored_post(5, copy_group="", simhash=3, copy_bands=("x",)),
            ]
        )
        one = KnownCopy(group="a", simhash=top, bands=frozenset("y"))
        other = KnownCopy(group="b", simhash=1, bands=frozenset("y"))
        assert await store.find_copies(["y"], since=NOON) == (other, one)
        late = KnownCopy(group="b", simhash=1, bands=frozenset("z"))
        assert await store.find_copies(["x", "z"], since=NOON + 3 * MINUTE) == (late,)
        both = KnownCopy(group="a", simhash=top, bands=frozenset("xy"))
        assert await store.find_copies(["x", "y", "w"], since=NOON, least=2) == (both,)
        assert await store.find_copies(["none"], since=NOON) == ()
        assert await store.find_copies([], since=NOON) == ()

    async def test_at_most_two_hundred_copies_are_answered(self, store: PostStore) -> None:
        await store.upsert([stored_post(n, simhash=n, copy_bands=("hot",)) for n in range(210)])
        found = await store.find_copies(["hot"], since=NOON)
        assert len(found) == 200
        assert (found[0].group, found[0].simhash) == ("group209", 209)

    async def test_an_edit_moves_a_post_to_its_new_copies(self, store: PostStore) -> None:
        old: dict[str, Any] = {"copy_group": "a", "simhash": 1, "copy_bands": ("x",)}
        new: dict[str, Any] = {"copy_group": "b", "simhash": 2, "copy_bands": ("y",)}
        await store.upsert([stored_post(1, **old), stored_post(2, **old)])
        await store.upsert([stored_post(2, "改", fetched_at=NOON + HOUR, **new)])
        found = await store.find_copies(["x", "y"], since=NOON)
        assert [(copy.group, copy.simhash) for copy in found] == [("b", 2), ("a", 1)]
        assert await store.find_copies(["x"], since=NOON + 2 * MINUTE) == ()
