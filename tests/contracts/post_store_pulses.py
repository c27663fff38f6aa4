"""Counts by scenario and bucket, the series that bursts are looked for in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from service.stores.post_store import PostStore, Pulse
from tests.support.stored_posts import NOON, stored_post

TEN = timedelta(minutes=10)
ANGRY: dict[str, Any] = {"sentiment": "negative", "analysis": {"emotion": {"label": "angry"}}}


class PulseContract:
    """What monitoring learns a baseline from."""

    async def test_each_segment_has_every_bucket(self, store: PostStore) -> None:
        await store.upsert(
            [
                stored_post(-1),
                stored_post(0, scenario="outage", **ANGRY),
                stored_post(9, scenario="outage", sentiment="negative"),
                stored_post(21, scenario="outage"),
                stored_post(22, **ANGRY),
                stored_post(33, sentiment=None),
                stored_post(35),
            ]
        )
        found = await store.pulses("tea", interval=TEN, since=NOON, until=NOON + 3.5 * TEN)
        assert found == {
            "outage": Pulse(posts=(2, 0, 1, 0), negative=(2, 0, 0, 0), angry=(1, 0, 0, 0)),
            None: Pulse(posts=(0, 0, 1, 1), negative=(0, 0, 1, 0), angry=(0, 0, 1, 0)),
            "*": Pulse(posts=(2, 0, 2, 1), negative=(2, 0, 1, 0), angry=(1, 0, 1, 0)),
        }

    async def test_weeks_of_buckets_keep_their_places(self, store: PostStore) -> None:
        days = (0, 3, 17)
        await store.upsert([stored_post(1440 * day + 5) for day in days])
        found = await store.pulses("tea", interval=TEN, since=NOON, until=NOON + timedelta(days=21))
        places = [place for place, posts in enumerate(found["*"].posts) if posts]
        assert places == [144 * day for day in days]
        assert len(found["*"].posts) == 21 * 144

    async def test_who_is_spared_counts_the_post_without_its_mood(self, store: PostStore) -> None:
        await store.upsert(
            [
                stored_post(1, scenario="outage", spared=("tea",), **ANGRY),
                stored_post(2, monitors=("rival",), scenario="outage", **ANGRY),
            ]
        )
        found = await store.pulses("tea", interval=TEN, since=NOON, until=NOON + TEN)
        counted = Pulse(posts=(1,), negative=(0,), angry=(0,))
        assert found == {None: counted, "*": counted}

    async def test_a_window_without_posts_has_no_pulse(self, store: PostStore) -> None:
        await store.upsert([stored_post(1)])
        assert await store.pulses("nobody", interval=TEN, since=NOON, until=NOON + TEN) == {}
        assert await store.pulses("tea", interval=TEN, since=NOON, until=NOON) == {}

    async def test_a_pulse_needs_a_width(self, store: PostStore) -> None:
        with pytest.raises(ValueError, match="interval"):
            await store.pulses("tea", interval=timedelta(0), since=NOON, until=NOON + TEN)
