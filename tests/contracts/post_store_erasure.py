"""Erasure: by author, by age."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from service.stores.post_store import PostQuery, PostStore
from tests.support.stored_posts import NOON, stored_post


class ErasureContract:
    """What is erased leaves no trace; what is kept stays whole."""

    async def test_an_author_is_erased_with_every_trace(self, store: PostStore) -> None:
        later = NOON + timedelta(hours=1)
        bands: dict[str, Any] = {"copy_group": "a", "simhash": 9, "copy_bands": ("x",)}
        await store.upsert(
            [
                stored_post(1, "玻璃渣", author="au_1", **bands),
                stored_post(2, "玻璃杯", author="au_2"),
                stored_post(3, author="au_1"),
            ]
        )
        await store.upsert([stored_post(1, "玻璃碴", author="au_1", fetched_at=later, **bands)])
        assert await store.delete_by_author("au_1") == 2
        assert await store.get(stored_post(1).id) is None
        assert await store.versions(stored_post(1).id) == ()
        assert await store.count(PostQuery(text="玻璃")) == 1
        assert await store.count(PostQuery(monitors=("tea",))) == 1
        assert await store.find_copies(["x"], since=NOON) == ()
        assert await store.monitors_since(NOON) == {"tea": stored_post(2).stored_at}
        assert await store.delete_by_author("au_1") == 0

    async def test_old_posts_go_but_evidence_stays(self, store: PostStore) -> None:
        await store.upsert([stored_post(n) for n in range(6)])
        gone = await store.delete_before(
            NOON + timedelta(minutes=4), keep=[stored_post(1).id, "nobody"]
        )
        assert gone == 3
        left = await store.scan(since=None, after_id=None, limit=9)
        assert [post.native_id for post in left] == ["1", "4", "5"]

    async def test_the_copies_of_what_is_left_are_still_found(self, store: PostStore) -> None:
        bands: dict[str, Any] = {"copy_group": "a", "simhash": 9, "copy_bands": ("x",)}
        await store.upsert([stored_post(1, **bands), stored_post(2, author="au_2", **bands)])
        await store.delete_by_author("au_2")
        [copy] = await store.find_copies(["x"], since=NOON)
        assert (copy.group, copy.simhash) == ("a", 9)
        assert await store.find_copies(["x"], since=NOON + timedelta(minutes=2)) == ()

    async def test_more_than_one_step_of_posts_goes(self, store: PostStore) -> None:
        await store.upsert([stored_post(n) for n in range(1_200)])
        assert await store.delete_before(NOON + timedelta(days=2)) == 1_200
        assert await store.count(PostQuery()) == 0

    async def test_an_erased_post_may_come_again(self, store: PostStore) -> None:
        await store.upsert([stored_post(1), stored_post(2)])
        await store.delete_before(NOON + timedelta(days=1))
        await store.upsert([stored_post(2), stored_post(1)])
        assert await store.count(PostQuery(text="青柚")) == 2
