"""Retention drops whole months; erasure leaves nothing of an author."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from service.stores.elastic.cluster import Cluster
from service.stores.elastic.schema import Names
from service.stores.elastic.store import ElasticPostStore
from service.stores.post_store import PostQuery, StoredPost
from tests.support.elasticsearch import PREFIX
from tests.support.stored_posts import NOON, stored_post

pytestmark = pytest.mark.elastic
NAMES = Names(PREFIX)
DAY = timedelta(days=1)
MARCH = datetime(2026, 3, 1, tzinfo=UTC)


def aged(number: int, days: float) -> StoredPost:
    return replace(stored_post(number), published_at=MARCH - days * DAY)


async def exists(cluster: Cluster, month: str) -> bool:
    answer = await cluster.call("HEAD", f"/{NAMES.month(month)}", accept=(404,))
    return answer.status == 200


async def test_a_whole_month_is_dropped_as_one(cluster: Cluster, elastic: ElasticPostStore) -> None:
    await elastic.upsert([aged(1, 40), aged(2, 35), aged(3, 3), stored_post(4)])
    edited = replace(aged(1, 40), text="改", content_hash="x", fetched_at=NOON + DAY)
    await elastic.upsert([edited])
    assert await elastic.delete_before(MARCH - 10 * DAY) == 2
    assert await elastic.versions(aged(1, 40).id) == ()
    assert (await exists(cluster, "2026-01"), await exists(cluster, "2026-02")) == (False, True)
    assert await elastic.delete_before(MARCH) == 1
    assert await elastic.count(PostQuery()) == 1
    await elastic.upsert([aged(1, 40)])
    assert await elastic.count(PostQuery(until=MARCH)) == 1


async def test_a_month_with_evidence_stays(cluster: Cluster, elastic: ElasticPostStore) -> None:
    await elastic.upsert([aged(1, 40), aged(2, 35), aged(3, 40_000), aged(4, 41_000)])
    kept = [aged(1, 40).id, aged(4, 0).id]
    assert await elastic.delete_before(NOON, keep=kept) == 2
    left = await elastic.scan(since=None, after_id=None, limit=9)
    assert [post.id for post in left] == kept
    assert await exists(cluster, "2026-01")


async def test_an_author_leaves_every_month(elastic: ElasticPostStore) -> None:
    theirs = [replace(aged(n, 20 * n), author="au_1") for n in range(5)]
    await elastic.upsert([*theirs, stored_post(9, author="au_2")])
    edited = replace(theirs[0], text="改", content_hash="x", fetched_at=NOON + DAY)
    await elastic.upsert([edited])
    assert await elastic.delete_by_author("au_1") == 5
    assert await elastic.versions(theirs[0].id) == ()
    assert await elastic.count(PostQuery()) == 1
