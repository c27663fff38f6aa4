"""Three nodes, one killed while posts are stored: nothing lost, nothing doubled."""

from __future__ import annotations

import asyncio

import pytest

from service.clock import SystemClock
from service.stores.elastic.cluster import Cluster
from service.stores.errors import StoreError
from service.stores.post_store import PostChange, PostQuery
from tests.support.elasticsearch import elastic_store
from tests.support.elasticsearch_nodes import nodes
from tests.support.stored_posts import NOON, stored_post

pytestmark = [pytest.mark.elastic, pytest.mark.slow, pytest.mark.timeout(800)]
BATCHES = 60
SIZE = 100


async def test_a_node_killed_while_posts_are_stored_costs_none() -> None:
    with nodes("three", "--nodes", "3", "--heap-mb", "384") as three:
        cluster = Cluster(three.urls)
        store = elastic_store(cluster, prefix="fengsui", clock=SystemClock())
        await store.migrate()
        new: list[str] = []
        refused = 0

        async def load() -> None:
            nonlocal refused
            for batch in range(BATCHES):
                posts = [stored_post(batch * SIZE + n) for n in range(SIZE)]
                while True:
                    try:
                        answer = await store.upsert(posts)
                    except StoreError:
                        refused += 1
                        await asyncio.sleep(0.5)
                        continue
                    break
                new.extend(done.id for done in answer if done.change is PostChange.NEW)
                if batch == BATCHES // 3:
                    killed.set()

        async def kill() -> None:
            await killed.wait()
            await asyncio.to_thread(three.kill, "n1")

        killed = asyncio.Event()
        await asyncio.gather(load(), kill())
        total = BATCHES * SIZE
        assert await store.count(PostQuery()) == total
        found = await store.scan(since=None, after_id=None, limit=total + 1)
        assert len({post.native_id for post in found}) == len(found) == total
        # What a refused batch had stored before it was refused is no news the second time.
        assert total - refused * SIZE <= len(new) <= total
        assert len(new) == len(set(new))
        assert set(await store.monitors_since(NOON)) == {"tea"}
        await cluster.close()
