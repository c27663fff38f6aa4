"""What the store in Elasticsearch adds to the contract: months, several writers, bad states."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from service.stores.elastic.cluster import Cluster
from service.stores.elastic.schema import Names
from service.stores.elastic.searching import Searcher
from service.stores.elastic.segments import segments
from service.stores.elastic.store import ElasticPostStore
from service.stores.errors import StoreBusy, StoreError, StoreMismatch, StoreReadOnly
from service.stores.post_store import FacetField, PostChange, PostQuery
from tests.support.elasticsearch import OTHER, PREFIX, HurriedClock, elastic_store
from tests.support.stored_posts import NOON, stored_post

pytestmark = pytest.mark.elastic
NAMES = Names(PREFIX)
DAY = timedelta(days=1)


async def months(cluster: Cluster) -> dict[str, int]:
    """Posts by index, of those that have any."""
    answer = await cluster.call("GET", f"/{NAMES.posts}/_stats/docs")
    return {
        index: its["primaries"]["docs"]["count"]
        for index, its in answer.body["indices"].items()
        if its["primaries"]["docs"]["count"]
    }


class TestMonths:
    async def test_each_month_has_an_index_of_its_own(
        self, cluster: Cluster, elastic: ElasticPostStore
    ) -> None:
        ages = {1: timedelta(0), 2: 40 * DAY, 3: 30_000 * DAY}
        await elastic.upsert(
            [replace(stored_post(n), published_at=NOON - age) for n, age in ages.items()]
        )
        assert await months(cluster) == {
            NAMES.month("2026-03"): 1,
            NAMES.month("2026-01"): 1,
            NAMES.month("older"): 1,
        }
        assert await elastic.count(PostQuery(until=NOON)) == 2

    async def test_a_post_stays_in_the_month_it_began_in(
        self, cluster: Cluster, elastic: ElasticPostStore
    ) -> None:
        await elastic.upsert([stored_post(1)])
        again = stored_post(1, "改", published_at=NOON - 40 * DAY, fetched_at=NOON + DAY)
        (done,) = await elastic.upsert([again])
        assert done.change is PostChange.EDITED
        assert await months(cluster) == {NAMES.month("2026-03"): 1}

    async def test_pages_go_across_months(self, elastic: ElasticPostStore) -> None:
        posts = [replace(stored_post(n), published_at=NOON - 20 * n * DAY) for n in range(6)]
        await elastic.upsert(posts)
        found: list[str] = []
        cursor = None
        while True:
            page = await elastic.search(PostQuery(), limit=2, cursor=cursor)
            found += [item.post.native_id for item in page.items]
            cursor = page.next
            if cursor is None:
                break
        assert found == ["0", "1", "2", "3", "4", "5"]


class TestSeveralWriters:
    async def test_two_processes_store_the_same_posts_once(
        self, cluster: Cluster, elastic: ElasticPostStore
    ) -> None:
        other = elastic_store(cluster)
        mine = [stored_post(n) for n in range(40)]
        theirs = [stored_post(n, monitors=("rival",)) for n in range(20, 60)]
        answers = await asyncio.gather(elastic.upsert(mine), other.upsert(theirs))
        changes = [done.change for answer in answers for done in answer]
        assert changes.count(PostChange.NEW) == await elastic.count(PostQuery()) == 60
        assert await elastic.count(PostQuery(monitors=("rival",))) == 40
        assert await elastic.count(PostQuery(monitors=("tea",))) == 40

    async def test_edits_and_back_fills_at_once_keep_both(
        self, cluster: Cluster, elastic: ElasticPostStore
    ) -> None:
        other = elastic_store(cluster)
        ids = [stored_post(n).id for n in range(30)]
        await elastic.upsert([stored_post(n) for n in range(30)])
        edits = [stored_post(n, "改过", fetched_at=NOON + DAY) for n in range(30)]
        await asyncio.gather(elastic.upsert(edits), other.set_monitors(ids, "rival", member=True))
        query = PostQuery(monitors=("rival",), text="改过")
        assert await elastic.count(query) == 30
        assert [past.text for past in await elastic.versions(ids[0])] == ["青柚茶很好喝"]

    async def test_a_watermark_stops_before_a_batch_that_is_not_there_yet(
        self, cluster: Cluster, elastic: ElasticPostStore
    ) -> None:
        ledger = {"last_us": 10**15, "flights": {"elsewhere": 10**15}}
        await cluster.call("PUT", f"/{NAMES.control}/_doc/stamps", body={"state": ledger})
        await elastic.upsert([stored_post(1)])
        assert await elastic.monitors_since(NOON) == {}
        ledger = {"last_us": 10**16, "flights": {}}
        await cluster.call("PUT", f"/{NAMES.control}/_doc/stamps", body={"state": ledger})
        assert set(await elastic.monitors_since(NOON)) == {"tea"}


class TestHostilePosts:
    async def test_values_too_long_to_index_are_kept(self, elastic: ElasticPostStore) -> None:
        long = "长" * 20_000
        post = stored_post(1, categories=(long,), author=long, lang=long, words=(long, "短"))
        await elastic.upsert([post])
        assert await elastic.get(post.id) == post
        facets = await elastic.facets(PostQuery(), fields=(FacetField.LANG,))
        assert facets == {FacetField.LANG: ()}

    async def test_a_word_of_any_length_is_found(self, elastic: ElasticPostStore) -> None:
        await elastic.upsert([stored_post(1, "a" * 100_000)])
        assert await elastic.count(PostQuery(text="a" * 100_000)) == 1

    @pytest.mark.parametrize("text", ["炸", "x炸", "\U00020000"])
    async def test_a_lone_character_begins_any_number_of_tokens(
        self, elastic: ElasticPostStore, text: str
    ) -> None:
        posts = [stored_post(n, f"{text}{chr(0x4E00 + n)}") for n in range(300)]
        await elastic.upsert(posts)
        assert await elastic.count(PostQuery(text=text)) == 300

    async def test_posts_without_words_have_terms(self, elastic: ElasticPostStore) -> None:
        post = stored_post(1, "玻璃", words=())
        await elastic.upsert([post])
        assert await elastic.get(post.id) == post
        terms = await elastic.top_terms(PostQuery())
        assert {term.term for term in terms} == set(post.search_tokens)


class TestLargeWindows:
    async def test_segments_are_the_same_page_by_page(
        self, cluster: Cluster, elastic: ElasticPostStore
    ) -> None:
        scenarios = (None, "outage", "misconduct")
        await elastic.upsert(
            [
                stored_post(
                    n,
                    author=f"au_{n % 11}",
                    followers=n,
                    scenario=scenarios[n % 3],
                    spared=("tea",) if n % 4 == 0 else (),
                    copy_group=f"group{n % 7}",
                )
                for n in range(60)
            ]
        )
        window = {"since": NOON, "until": NOON + DAY}
        whole = await elastic.segments("tea", **window)
        paged = await segments(Searcher(cluster, NAMES.posts), "tea", **window, page=4)
        assert paged == whole
        assert (whole["*"].authors, whole["*"].distinct, whole["*"].reach) == (11, 7, 594)

    async def test_a_histogram_of_many_buckets(self, elastic: ElasticPostStore) -> None:
        await elastic.upsert([stored_post(n) for n in (0, 5_999, 6_000, 11_999)])
        buckets = await elastic.histogram(
            PostQuery(),
            interval=timedelta(minutes=1),
            since=NOON,
            until=NOON + timedelta(minutes=12_000),
        )
        assert len(buckets) == 12_000
        assert [n for n, bucket in enumerate(buckets) if bucket.posts] == [0, 5_999, 6_000, 11_999]

    async def test_scans_and_searches_go_beyond_the_window_of_a_page(
        self, elastic: ElasticPostStore
    ) -> None:
        page = await elastic.search(PostQuery(), limit=50_000)
        assert (page.items, page.next) == ((), None)


class Losing(Cluster):
    """A cluster whose answers get lost, a given number of times, after it did what was asked."""

    lost = 0

    async def bulk(self, lines: Any) -> Any:
        answer = await super().bulk(lines)
        if self.lost:
            self.lost -= 1
            answer = replace(answer, status=503, body={})
        return answer


class TestLostAnswers:
    async def test_what_was_stored_is_not_stored_again(
        self, cluster: Cluster, elastic: ElasticPostStore
    ) -> None:
        losing = Losing([cluster.where])
        store = elastic_store(losing)
        losing.lost = 1
        done = await store.upsert([stored_post(1), stored_post(2), stored_post(1, likes=3)])
        changes = [item.change for item in done]
        losing.lost = 2
        edited = await store.upsert([stored_post(1, "改", fetched_at=NOON + DAY)])
        versions = await store.versions(stored_post(1).id)
        await losing.close()
        assert changes == [PostChange.NEW, PostChange.NEW, PostChange.COUNTERS]
        assert [item.change for item in edited] == [PostChange.EDITED]
        assert len(versions) == 1
        assert await elastic.count(PostQuery()) == 2

    async def test_a_batch_that_failed_half_way_is_completed_by_storing_it_again(
        self, cluster: Cluster, elastic: ElasticPostStore
    ) -> None:
        losing = Losing([cluster.where])
        store = elastic_store(losing, patience_s=0)
        losing.lost = 1
        batch = [stored_post(n) for n in range(5)]
        with pytest.raises(StoreError, match="503"):
            await store.upsert(batch)
        await store.upsert(batch)
        await losing.close()
        assert await elastic.count(PostQuery()) == 5
        assert set(await elastic.monitors_since(NOON)) == {"tea"}


class Stalling(HurriedClock):
    """Time in which every wait takes a minute, without taking it."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self._ahead

    async def sleep(self, seconds: float) -> None:
        self._ahead += 60


class TestBadStates:
    async def test_a_batch_that_others_may_have_given_up_writes_no_more(
        self, cluster: Cluster, elastic: ElasticPostStore
    ) -> None:
        losing = Losing([cluster.where])
        store = elastic_store(losing, clock=Stalling(), patience_s=1_000)
        losing.lost = 1
        with pytest.raises(StoreBusy, match="took too long"):
            await store.upsert([stored_post(1)])
        await losing.close()
        await elastic.upsert([stored_post(2)])
        assert await elastic.count(PostQuery()) == 2

    async def test_a_month_that_is_being_moved_is_waited_for(
        self, cluster: Cluster, elastic: ElasticPostStore
    ) -> None:
        await elastic.upsert([stored_post(1)])
        month = NAMES.month("2026-03")
        await cluster.call("PUT", f"/{month}/_block/write")

        async def unblock() -> None:
            await asyncio.sleep(0.5)
            await cluster.call("PUT", f"/{month}/_settings", body={"index.blocks.write": None})

        storing = elastic.upsert([stored_post(1, likes=9), stored_post(2)])
        done, _ = await asyncio.gather(storing, unblock())
        assert [item.change for item in done] == [PostChange.COUNTERS, PostChange.NEW]

    @pytest.mark.parametrize("block", ["read_only", "read_only_allow_delete"])
    async def test_read_only_is_said_and_ends_by_itself(self, cluster: Cluster, block: str) -> None:
        store = elastic_store(cluster, patience_s=0.3)
        await store.upsert([stored_post(1)])
        setting = f"index.blocks.{block}"
        path = f"/{NAMES.posts}/_settings"
        await cluster.call("PUT", path, body={setting: True})
        try:
            with pytest.raises(StoreReadOnly) as refused:
                await store.upsert([stored_post(2)])
            with pytest.raises(StoreReadOnly):
                await store.check()
            assert await store.count(PostQuery()) == 1
        finally:
            await cluster.call("PUT", path, body={setting: None})
        assert refused.value.retry_after is not None
        await store.upsert([stored_post(2)])
        await store.check()
        assert await store.count(PostQuery()) == 2

    async def test_a_foreign_mapping_is_said_without_the_text(self, cluster: Cluster) -> None:
        store = elastic_store(cluster)
        month = NAMES.month("2030-01")
        foreign = {"mappings": {"properties": {"severity": {"type": "ip"}}}}
        await cluster.call("PUT", f"/{month}", body=foreign)
        post = replace(
            stored_post(1, "不可外传"),
            published_at=NOON.replace(year=2030, month=1),
            fetched_at=NOON.replace(year=2030, month=1),
        )
        with pytest.raises(StoreMismatch, match="fengsui store migrate") as refused:
            await store.upsert([post])
        await cluster.call("DELETE", f"/{month}")
        assert "不可外传" not in str(refused.value)

    async def test_a_node_that_is_not_there_is_unreachable_at_once(self) -> None:
        cluster = Cluster(["http://127.0.0.1:1"])
        store = elastic_store(cluster)
        with pytest.raises(StoreError, match=r"127\.0\.0\.1:1 cannot be reached"):
            await store.upsert([stored_post(1)])
        with pytest.raises(StoreError, match="cannot be reached"):
            await store.check()
        await store.close()
        await store.close()
        with pytest.raises(StoreError, match="closed"):
            await store.count(PostQuery())


async def test_a_store_without_a_month_answers_as_an_empty_one(cluster: Cluster) -> None:
    store = elastic_store(cluster, prefix=OTHER)
    await store.migrate()
    window = {"since": NOON, "until": NOON + DAY}
    everything = PostQuery()
    assert await store.find_copies(("0:ab",), since=NOON) == ()
    assert await store.segments("tea", **window) == {}
    assert await store.monitors_since(NOON) == {}
    assert await store.counts_by_monitor(**window) == {}
    assert await store.counts_by_copy_group(everything) == ()
    assert await store.top_terms(everything) == ()
    assert await store.facets(everything, fields=list(FacetField)) == dict.fromkeys(FacetField, ())
    hours = await store.histogram(everything, interval=timedelta(hours=12), **window)
    assert [hour.posts for hour in hours] == [0, 0]
    assert await store.count(everything) == 0
