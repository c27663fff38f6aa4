"""Writing and reading single posts."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from service.stores.post_store import PostChange, PostQuery, PostStore
from tests.support.stored_posts import NOON, stored_post

SECOND = timedelta(seconds=1)


class UpsertContract:
    """Idempotence, change kinds, versions, robustness."""

    async def test_a_post_comes_back_as_it_was_stored(self, store: PostStore) -> None:
        post = stored_post(
            title="标题",
            url="https://example.org/1",
            author="au_1",
            followers=7,
            verified=True,
            reposts=1,
            comments=2,
            likes=3,
            views=4,
            parent_id="up",
            repost_of="root",
            rating=1.5,
            lang="zh",
            extra={"synthetic": True, "nested": {"list": [1, None, "二"]}},
            monitors=("rival", "tea"),
            sentiment="negative",
            severity=4,
            scenario="product_quality",
            categories=("complaint", "injury"),
            copy_bands=("a", "b"),
            simhash=2**64 - 5,
            analysis={"labels": [{"score": 0.25}], "pii": []},
        )
        await store.upsert([post])
        assert await store.get(post.id) == post

    async def test_an_unknown_id_is_none(self, store: PostStore) -> None:
        assert await store.get("nobody") is None

    async def test_many_are_answered_by_id_without_the_unknown(self, store: PostStore) -> None:
        await store.upsert([stored_post(1), stored_post(2)])
        found = await store.get_many([stored_post(2).id, "nobody", stored_post(1).id])
        assert set(found) == {stored_post(1).id, stored_post(2).id}

    async def test_nothing_to_store_is_nothing_done(self, store: PostStore) -> None:
        assert await store.upsert([]) == ()

    async def test_changes_are_answered_in_the_order_given(self, store: PostStore) -> None:
        known = stored_post(1)
        await store.upsert([known, stored_post(2)])
        later = {"fetched_at": known.fetched_at + SECOND}
        answer = await store.upsert(
            [
                stored_post(3),
                stored_post(1, "喝出了玻璃渣", **later),
                stored_post(2, likes=9),
                stored_post(3),
            ]
        )
        assert [(done.id, done.change) for done in answer] == [
            (stored_post(3).id, PostChange.NEW),
            (stored_post(1).id, PostChange.EDITED),
            (stored_post(2).id, PostChange.COUNTERS),
            (stored_post(3).id, PostChange.UNCHANGED),
        ]

    async def test_a_repeat_changes_nothing(self, store: PostStore) -> None:
        post = stored_post(likes=3)
        await store.upsert([post])
        later = replace(post, fetched_at=post.fetched_at + SECOND, stored_at=NOON + timedelta(1))
        (again,) = await store.upsert([later])
        assert again.change is PostChange.UNCHANGED
        assert await store.get(post.id) == post

    async def test_an_edit_keeps_the_earlier_wording(self, store: PostStore) -> None:
        post = stored_post(title="旧", rating=2.0, analysis={"severity": 1})
        await store.upsert([post])
        edited = stored_post(1, "已删除", fetched_at=post.fetched_at + SECOND)
        await store.upsert([edited])
        now, (before,) = await store.get(post.id), await store.versions(post.id)
        assert now is not None
        assert (now.text, now.version) == ("已删除", 2)
        assert (before.text, before.version, before.title) == (post.text, 1, "旧")
        assert (before.rating, before.analysis) == (2.0, {"severity": 1})

    async def test_a_post_never_edited_has_no_versions(self, store: PostStore) -> None:
        await store.upsert([stored_post()])
        assert await store.versions(stored_post().id) == ()

    async def test_several_edits_in_one_batch_are_several_versions(self, store: PostStore) -> None:
        wordings = [stored_post(1, word, fetched_at=NOON + timedelta(hours=1)) for word in "甲乙丙"]
        await store.upsert(wordings)
        kept = await store.get(wordings[0].id)
        assert kept is not None
        assert (kept.text, kept.version) == ("丙", 3)
        assert [past.text for past in await store.versions(kept.id)] == ["甲", "乙"]

    async def test_a_batch_stored_again_brings_no_wording_back(self, store: PostStore) -> None:
        wordings = [stored_post(1, word, fetched_at=NOON + timedelta(hours=1)) for word in "甲乙"]
        await store.upsert(wordings)
        again = await store.upsert(wordings)
        assert {done.change for done in again} == {PostChange.UNCHANGED}
        assert len(await store.versions(wordings[0].id)) == 1

    async def test_late_news_does_not_undo_an_edit(self, store: PostStore) -> None:
        edited = stored_post(1, "改过的话")
        await store.upsert([edited])
        late = stored_post(1, fetched_at=edited.fetched_at - SECOND, monitors=("rival",))
        (answer,) = await store.upsert([late])
        kept = await store.get(edited.id)
        assert answer.change is PostChange.UNCHANGED
        assert kept is not None
        assert (kept.text, kept.monitors) == ("改过的话", ("rival", "tea"))

    async def test_the_first_instants_never_move(self, store: PostStore) -> None:
        post = stored_post()
        await store.upsert([post])
        moved = stored_post(
            1,
            "改过的话",
            published_at=NOON - timedelta(days=40),
            fetched_at=post.fetched_at + SECOND,
            stored_at=NOON + timedelta(days=1),
        )
        await store.upsert([moved])
        kept = await store.get(post.id)
        assert kept is not None
        assert (kept.published_at, kept.stored_at) == (post.published_at, post.stored_at)
        assert await store.count(PostQuery(until=NOON)) == 0

    async def test_what_is_committed_later_is_stamped_later(self, store: PostStore) -> None:
        first = stored_post(1, monitors=("tea",))
        late = [
            stored_post(n, monitors=("rival",), stored_at=first.stored_at - SECOND) for n in (2, 3)
        ]
        await store.upsert([first])
        await store.upsert(late)
        since = await store.monitors_since(first.stored_at)
        kept = await store.get_many([post.id for post in late])
        assert set(since) == {"rival"}
        assert {post.stored_at for post in kept.values()} == {since["rival"]}

    async def test_erasing_the_latest_does_not_turn_the_stamps_back(self, store: PostStore) -> None:
        gone = stored_post(1, published_at=NOON - timedelta(days=1))
        await store.upsert([gone])
        await store.delete_before(NOON)
        await store.upsert([stored_post(2, stored_at=gone.stored_at - SECOND)])
        assert set(await store.monitors_since(gone.stored_at)) == {"tea"}

    async def test_a_date_in_the_future_is_clamped_to_the_fetch(self, store: PostStore) -> None:
        post = stored_post(published_at=NOON + timedelta(days=900))
        await store.upsert([post])
        kept = await store.get(post.id)
        assert kept is not None
        assert kept.published_at == post.fetched_at

    async def test_counters_that_stop_coming_stay(self, store: PostStore) -> None:
        await store.upsert([stored_post(likes=3, views=100)])
        later = stored_post(likes=5, fetched_at=NOON + timedelta(hours=1))
        await store.upsert([later])
        kept = await store.get(later.id)
        assert kept is not None
        assert (kept.likes, kept.views, kept.fetched_at) == (5, 100, later.fetched_at)

    async def test_monitors_are_united(self, store: PostStore) -> None:
        await store.upsert([stored_post(monitors=("tea",))])
        (answer,) = await store.upsert([stored_post(monitors=("rival",))])
        assert answer.change is PostChange.UNCHANGED
        assert await store.count(PostQuery(monitors=("rival",))) == 1
        assert await store.count(PostQuery(monitors=("tea",))) == 1

    async def test_a_naive_instant_is_refused_and_nothing_is_stored(self, store: PostStore) -> None:
        naive = stored_post(2, published_at=NOON.replace(tzinfo=None))
        with pytest.raises(ValueError, match="zone"):
            await store.upsert([stored_post(1), naive])
        assert await store.get(stored_post(1).id) is None

    @pytest.mark.parametrize(
        ("text", "kept"),
        [
            ("前\x00后", "前\ufffd后"),
            ("前\ud83d后", "前\ufffd后"),
            ("\udfff", "\ufffd"),
            ("\U0010ffff\x1f\u2028", "\U0010ffff\x1f\u2028"),
            ("", ""),
            ("长" * 200_000, "长" * 200_000),
        ],
    )
    async def test_any_text_can_be_stored(self, store: PostStore, text: str, kept: str) -> None:
        post = stored_post(1, text, native_id=text[:20], title=text, categories=(text[:5],))
        post = replace(post, extra={"raw": text}, analysis={text[:5]: [text[:5]]})
        await store.upsert([post])
        found = await store.get(post.id)
        assert found is not None
        assert (found.text, found.title, found.extra["raw"]) == (kept, kept, kept)

    async def test_absurd_numbers_are_cut_and_a_repeat_is_a_repeat(self, store: PostStore) -> None:
        post = stored_post(likes=10**30, views=-4, followers=10**30, extra={"big": 10**40})
        await store.upsert([post])
        (again,) = await store.upsert([post])
        kept = await store.get(post.id)
        assert again.change is PostChange.UNCHANGED
        assert kept is not None
        assert (kept.likes, kept.views) == (10**12, 0)

    async def test_writers_at_once_store_every_post_once(self, store: PostStore) -> None:
        batches = [[stored_post(n) for n in range(at, at + 20)] for at in (0, 10, 20, 10, 0)]
        answers = await asyncio.gather(*(store.upsert(batch) for batch in batches))
        new = [done.id for answer in answers for done in answer if done.change is PostChange.NEW]
        assert len(new) == len(set(new)) == await store.count(PostQuery()) == 40

    async def test_reads_go_on_while_writing(self, store: PostStore) -> None:
        async def write() -> None:
            for at in range(0, 200, 20):
                await store.upsert([stored_post(n) for n in range(at, at + 20)])

        async def read() -> list[int]:
            return [await store.count(PostQuery(monitors=("tea",))) for _ in range(40)]

        _, counts = await asyncio.gather(write(), read())
        # a batch is seen whole or not at all, and nothing is unseen again
        assert all(count % 20 == 0 for count in counts)
        assert counts == sorted(counts)

    async def test_posts_join_and_leave_monitors(self, store: PostStore) -> None:
        ids = [stored_post(n).id for n in (1, 2)]
        await store.upsert([stored_post(1), stored_post(2)])
        await store.set_monitors([*ids, "nobody"], "rival", member=True)
        await store.set_monitors(ids[:1], "tea", member=False)
        await store.set_monitors(ids[:1], "tea", member=False)
        found = await store.get_many(ids)
        assert [found[post_id].monitors for post_id in ids] == [("rival",), ("rival", "tea")]
        assert await store.count(PostQuery(monitors=("rival",))) == 2
        assert await store.count(PostQuery(monitors=("tea",))) == 1

    async def test_scanning_gives_every_post_in_id_order(self, store: PostStore) -> None:
        await store.upsert([stored_post(n) for n in (3, 1, 2, 5, 4)])
        first = await store.scan(since=None, after_id=None, limit=3)
        rest = await store.scan(since=None, after_id=first[-1].id, limit=3)
        assert [post.native_id for post in first + rest] == ["1", "2", "3", "4", "5"]

    async def test_scanning_may_start_at_an_instant(self, store: PostStore) -> None:
        await store.upsert([stored_post(n) for n in (1, 2, 3)])
        late = await store.scan(since=NOON + timedelta(minutes=2), after_id=None, limit=9)
        assert [post.native_id for post in late] == ["2", "3"]
