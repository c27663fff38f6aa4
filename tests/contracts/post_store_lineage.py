"""What a store learns of a post later: that its source has it no more, and what it shares."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from service.stores.post_store import Inheritance, PostChange, PostQuery, PostStore, StoredPost
from tests.support.stored_posts import NOON, stored_post

SECOND = timedelta(seconds=1)
LATER = NOON + timedelta(hours=2)


async def kept(store: PostStore, number: int) -> StoredPost:
    found = await store.get(stored_post(number).id)
    assert found is not None
    return found


class LineageContract:
    """Deletions at the source, reposts that came before what they share."""

    async def test_a_deleted_post_stays_and_says_so(self, store: PostStore) -> None:
        await store.upsert([stored_post(1), stored_post(2)])
        (done,) = await store.mark_deleted([stored_post(1).id, "nobody"], at=LATER)
        assert (done.id, done.change) == (stored_post(1).id, PostChange.DELETED)
        assert await kept(store, 1) == replace(stored_post(1), deleted_at=LATER)
        assert (await kept(store, 2)).deleted_at is None
        assert await store.count(PostQuery(monitors=("tea",))) == 2
        page = await store.search(PostQuery(text="青柚茶"))
        assert {item.post.deleted_at for item in page.items} == {None, LATER}

    async def test_the_first_deletion_counts(self, store: PostStore) -> None:
        await store.upsert([stored_post(1)])
        await store.mark_deleted([stored_post(1).id], at=LATER)
        (again,) = await store.mark_deleted([stored_post(1).id], at=LATER + SECOND)
        assert again.change is PostChange.UNCHANGED
        assert (await kept(store, 1)).deleted_at == LATER

    async def test_what_was_fetched_since_is_not_deleted(self, store: PostStore) -> None:
        post = stored_post(1)
        await store.upsert([post])
        (late,) = await store.mark_deleted([post.id], at=post.fetched_at - SECOND)
        assert late.change is PostChange.UNCHANGED
        assert (await kept(store, 1)).deleted_at is None

    async def test_a_post_that_its_source_brings_again_is_there_again(
        self, store: PostStore
    ) -> None:
        await store.upsert([stored_post(1)])
        await store.mark_deleted([stored_post(1).id], at=LATER)
        await store.upsert([stored_post(1, fetched_at=LATER - SECOND)])
        assert (await kept(store, 1)).deleted_at == LATER
        await store.upsert([stored_post(1, fetched_at=LATER + SECOND)])
        assert (await kept(store, 1)).deleted_at is None

    async def test_an_edit_after_the_deletion_brings_it_back_too(self, store: PostStore) -> None:
        await store.upsert([stored_post(1)])
        await store.mark_deleted([stored_post(1).id], at=LATER)
        await store.upsert([stored_post(1, "改过的话", fetched_at=LATER + SECOND)])
        edited = await kept(store, 1)
        assert (edited.version, edited.deleted_at) == (2, None)

    async def test_reposts_are_found_by_what_they_share(self, store: PostStore) -> None:
        await store.upsert(
            [
                stored_post(1),
                stored_post(2, repost_of="1"),
                stored_post(3, repost_of="1"),
                stored_post(4, repost_of="1", source="mastodon:a.example"),
                stored_post(5, repost_of="9"),
            ]
        )
        found = await store.reposts_of([("weibo", "1"), ("weibo", "none")])
        assert [post.native_id for post in found] == ["2", "3"]
        assert found[0] == await kept(store, 2)
        both = await store.reposts_of([("weibo", "9"), ("mastodon:a.example", "1")])
        assert [post.native_id for post in both] == ["4", "5"]
        assert await store.reposts_of([]) == ()

    async def test_reposts_come_page_by_page(self, store: PostStore) -> None:
        await store.upsert([stored_post(number, repost_of="1") for number in range(2, 7)])
        first = await store.reposts_of([("weibo", "1")], limit=3)
        rest = await store.reposts_of([("weibo", "1")], after_id=first[-1].id, limit=3)
        assert [post.native_id for post in (*first, *rest)] == ["2", "3", "4", "5", "6"]

    async def test_a_post_inherits(self, store: PostStore) -> None:
        heir = stored_post(2, monitors=(), copy_bands=("band",), simhash=5, likes=3, repost_of="1")
        await store.upsert([stored_post(1), heir])
        await store.inherit(
            [
                Inheritance(
                    post_id=heir.id,
                    monitors=("rival", "tea"),
                    spared=("rival",),
                    copy_group="group1",
                    scenario="product_quality",
                    sentiment="negative",
                ),
                Inheritance(post_id="nobody", monitors=("tea",)),
            ]
        )
        assert await kept(store, 2) == replace(
            heir,
            monitors=("rival", "tea"),
            spared=("rival",),
            copy_group="group1",
            scenario="product_quality",
            sentiment="negative",
        )
        window = {"since": NOON, "until": NOON + timedelta(hours=1)}
        assert (await store.segments("tea", **window))["product_quality"].posts == 1
        assert (await store.segments("rival", **window))["*"].negative == 0
        assert await store.count(PostQuery(copy_groups=("group1",))) == 2
        [copy] = await store.find_copies(["band"], since=NOON)
        assert (copy.group, copy.simhash) == ("group1", 5)

    async def test_what_is_not_inherited_stays(self, store: PostStore) -> None:
        heir = stored_post(2, monitors=("tea",), scenario="outage", sentiment="positive")
        await store.upsert([heir])
        await store.inherit([Inheritance(post_id=heir.id, monitors=("tea",), spared=("tea",))])
        assert await kept(store, 2) == heir
