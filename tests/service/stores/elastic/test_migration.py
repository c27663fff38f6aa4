"""Schemas are checked, made, and moved while everything goes on."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from service.errors import SchemaOutdated
from service.stores.elastic.cluster import Answer, Cluster
from service.stores.elastic.documents import document
from service.stores.elastic.migration import Migration
from service.stores.elastic.months import Months
from service.stores.elastic.schema import SCHEMA, Names, posts_body
from service.stores.elastic.searching import Searcher
from service.stores.elastic.store import ElasticPostStore
from service.stores.errors import StoreBusy, StoreError, StoreMismatch, StoreUnreachable
from service.stores.post_store import FacetField, PostQuery
from tests.support.elasticsearch import OTHER, HurriedClock, elastic_store
from tests.support.stored_posts import NOON, stored_post

pytestmark = pytest.mark.elastic
NAMES = Names(OTHER)


@pytest.fixture
def other(cluster: Cluster) -> ElasticPostStore:
    """A store whose indices are not there."""
    return elastic_store(cluster, prefix=OTHER)


async def indices(cluster: Cluster) -> set[str]:
    answer = await cluster.call("GET", f"/_alias/{NAMES.posts}", accept=(404,))
    return set(answer.body) if answer.status == 200 else set()


async def set_schema(cluster: Cluster, schema: int) -> None:
    path = f"/{NAMES.control}/_doc/schema"
    await cluster.call("PUT", path, body={"state": {"schema": schema}})


async def old_month(cluster: Cluster, count: int) -> str:
    """A month of schema 0, whose mapping knew fewer fields, with so many posts."""
    body: dict[str, Any] = posts_body()
    properties = {k: v for k, v in body["mappings"]["properties"].items() if k != "views"}
    mappings = body["mappings"] | {"properties": properties, "_meta": {"schema": 0}}
    index = NAMES.rebuilt("2026-03", generation=1)
    aliases: dict[str, Any] = {NAMES.posts: {}}
    await cluster.call("PUT", f"/{index}", body={**body, "mappings": mappings, "aliases": aliases})
    for number in range(count):
        path = f"/{index}/_doc/{stored_post(number).id}"
        await cluster.call("PUT", path, body=document(stored_post(number)))
    await cluster.call("POST", f"/{index}/_refresh")
    return index


class TestCheck:
    async def test_nothing_there_asks_for_migrate(self, other: ElasticPostStore) -> None:
        with pytest.raises(SchemaOutdated, match="run `fengsui migrate`"):
            await other.check()

    async def test_migrated_is_good_and_migrating_again_is_harmless(
        self, other: ElasticPostStore
    ) -> None:
        await other.migrate()
        await other.upsert([stored_post(1)])
        await other.migrate()
        await other.check()
        assert await other.count(PostQuery()) == 1

    @pytest.mark.parametrize(
        ("schema", "advice"), [(SCHEMA - 1, "fengsui store migrate"), (SCHEMA + 1, "newer one")]
    )
    async def test_another_schema_is_refused(
        self, cluster: Cluster, other: ElasticPostStore, schema: int, advice: str
    ) -> None:
        await other.migrate()
        await set_schema(cluster, schema)
        with pytest.raises(SchemaOutdated, match=advice):
            await other.check()

    async def test_a_newer_schema_is_not_migrated_back(
        self, cluster: Cluster, other: ElasticPostStore
    ) -> None:
        await other.migrate()
        await set_schema(cluster, SCHEMA + 1)
        with pytest.raises(SchemaOutdated, match="newer one"):
            await other.migrate()

    async def test_posts_on_no_node_are_said(
        self, cluster: Cluster, other: ElasticPostStore
    ) -> None:
        await other.migrate()
        nowhere = {"settings": {"index.routing.allocation.include._name": "nobody"}}
        params = {"wait_for_active_shards": 0}
        index = NAMES.month("2026-03")
        await cluster.call("PUT", f"/{index}", body=nowhere, params=params)
        with pytest.raises(StoreUnreachable, match="1 shards unassigned"):
            await other.check()
        with pytest.raises(StoreUnreachable):
            await other.count(PostQuery())


class TestMove:
    async def test_an_older_month_is_copied_into_the_new_mapping(
        self, cluster: Cluster, other: ElasticPostStore
    ) -> None:
        await other.migrate()
        index = await old_month(cluster, 7)
        await set_schema(cluster, 0)
        with pytest.raises(StoreMismatch, match="fengsui store migrate"):
            await other.upsert([stored_post(1, views=5)])
        lines: list[str] = []
        assert await other.move(tell=lines.append) == 1
        await other.check()
        assert await indices(cluster) == {NAMES.rebuilt("2026-03", generation=2)}
        await other.upsert([stored_post(1, views=5), stored_post(8, views=6)])
        assert await other.count(PostQuery()) == 8
        assert lines[0] == f"2026-03: copying {index}"
        assert await other.move() == 0

    async def test_emotions_and_intents_are_read_from_what_was_stored(
        self, cluster: Cluster, other: ElasticPostStore
    ) -> None:
        await other.migrate()
        index = await old_month(cluster, 3)
        for number, analysis in enumerate(
            (
                '{"emotion":{"label":"angry","scores":{}},"intent":{"label":"complaint"}}',
                '{"emotion": {"label": "sad"}, "intent": null}',
                '{"hits":[{"term":"\\"emotion\\":{\\"label\\":\\"happy\\"}"}],"emotion":null}',
            )
        ):
            body = document(stored_post(number)) | {"analysis": analysis}
            await cluster.call("PUT", f"/{index}/_doc/{stored_post(number).id}", body=body)
        await cluster.call("POST", f"/{index}/_refresh")
        await set_schema(cluster, 0)
        await other.move()
        fields = (FacetField.EMOTION, FacetField.INTENT)
        assert await other.facets(PostQuery(), fields=fields) == {
            FacetField.EMOTION: (("angry", 1), ("sad", 1)),
            FacetField.INTENT: (("complaint", 1),),
        }

    async def test_everything_goes_on_while_months_are_rebuilt(
        self, cluster: Cluster, other: ElasticPostStore
    ) -> None:
        await other.migrate()
        await other.upsert([stored_post(n, author=f"au_{n % 10}") for n in range(500)])
        writer = elastic_store(cluster, prefix=OTHER)
        moving = asyncio.create_task(other.move(rebuild=True))
        counts: list[int] = []
        stored = 500
        while not moving.done():
            await writer.upsert([stored_post(stored), stored_post(5, likes=stored)])
            stored += 1
            counts.append(await writer.count(PostQuery()))
        assert await moving == 1
        kept = await writer.get(stored_post(5).id)
        assert kept is not None
        assert kept.likes == stored - 1
        assert counts == list(range(501, stored + 1))
        assert await indices(cluster) == {NAMES.rebuilt("2026-03", generation=2)}

    async def test_what_was_erased_meanwhile_does_not_come_back(
        self, cluster: Cluster, other: ElasticPostStore
    ) -> None:
        await other.migrate()
        await other.upsert([stored_post(n) for n in range(50)])
        index, target = NAMES.month("2026-03"), NAMES.rebuilt("2026-03", generation=2)
        posts = Searcher(cluster, NAMES.posts)
        migration = Erasing(
            cluster, NAMES, clock=HurriedClock(), posts=posts, months=Months(cluster, NAMES)
        )
        migration.before_block = [stored_post(n).id for n in (3, 4)]
        assert await migration.migrate(rebuild=True) == 1
        found = await other.scan(since=None, after_id=None, limit=99)
        assert {post.native_id for post in found} == {str(n) for n in range(50)} - {"3", "4"}
        assert await indices(cluster) == {target}
        assert (await cluster.call("HEAD", f"/{index}", accept=(404,))).status == 404

    async def test_settings_of_the_operator_reach_rebuilt_months(
        self, cluster: Cluster, other: ElasticPostStore
    ) -> None:
        await other.migrate()
        await other.upsert([stored_post(1)])
        component = f"/_component_template/{NAMES.custom}"
        sharded = {"template": {"settings": {"number_of_shards": 2}}}
        await cluster.call("PUT", component, body=sharded)
        await other.move(rebuild=True)
        target = NAMES.rebuilt("2026-03", generation=2)
        answer = await cluster.call("GET", f"/{target}/_settings")
        assert answer.body[target]["settings"]["index"]["number_of_shards"] == "2"
        await other.upsert([stored_post(n) for n in range(30)])
        assert await other.count(PostQuery()) == 30

    async def test_an_interrupted_copy_is_begun_again_and_writes_go_on(
        self, cluster: Cluster, other: ElasticPostStore
    ) -> None:
        await other.migrate()
        await other.upsert([stored_post(n) for n in range(5)])
        meta = {"schema": SCHEMA}
        left = {"mappings": {"_meta": meta, "properties": {"severity": {"type": "ip"}}}}
        await cluster.call("PUT", f"/{NAMES.rebuilt('2026-03', generation=2)}", body=left)
        await cluster.call("PUT", f"/{NAMES.month('2026-03')}/_block/write")
        lines: list[str] = []
        assert await other.move(tell=lines.append) == 0
        assert "interrupted; deleted" in lines[0]
        await other.upsert([stored_post(6)])
        assert await other.move(rebuild=True) == 1
        late = replace(stored_post(9), fetched_at=NOON + timedelta(days=1))
        await other.upsert([late])
        assert await other.count(PostQuery()) == 7

    async def test_a_writer_that_saw_nothing_of_a_move_finds_the_month(
        self, cluster: Cluster, other: ElasticPostStore
    ) -> None:
        writer = elastic_store(cluster, prefix=OTHER)
        await other.migrate()
        await writer.upsert([stored_post(1)])
        for number in (2, 3):
            await other.move(rebuild=True)
            await writer.upsert([stored_post(number)])
        assert await indices(cluster) == {NAMES.rebuilt("2026-03", generation=3)}
        assert await other.count(PostQuery()) == 3

    async def test_a_writer_that_saw_nothing_of_a_drop_makes_the_month_anew(
        self, cluster: Cluster, other: ElasticPostStore
    ) -> None:
        writer = elastic_store(cluster, prefix=OTHER)
        await other.migrate()
        await other.upsert([stored_post(1)])
        await other.move(rebuild=True)
        await writer.upsert([stored_post(2)])
        assert await other.delete_before(NOON + timedelta(days=40)) == 2
        await writer.upsert([stored_post(3)])
        assert await indices(cluster) == {NAMES.month("2026-03")}
        assert await other.count(PostQuery()) == 1

    async def test_a_month_in_two_indices_loses_neither(
        self, cluster: Cluster, other: ElasticPostStore
    ) -> None:
        """As stores have them whose templates let a late write make an index."""
        await other.migrate()
        await other.upsert([stored_post(1)])
        await other.move(rebuild=True)
        await cluster.call("PUT", f"/{NAMES.month('2026-03')}")
        path = f"/{NAMES.month('2026-03')}/_doc/{stored_post(2).id}"
        await cluster.call("PUT", path, body=document(stored_post(2)))
        assert await other.move(rebuild=True) == 2
        assert await indices(cluster) == {
            NAMES.rebuilt("2026-03", generation=generation) for generation in (3, 4)
        }
        assert await other.count(PostQuery()) == 2

    async def test_a_second_migration_at_once_is_refused_and_nothing_is_lost(
        self, cluster: Cluster, other: ElasticPostStore
    ) -> None:
        await other.migrate()
        await other.upsert([stored_post(1), stored_post(2)])
        second = elastic_store(cluster, prefix=OTHER)
        tasks: list[asyncio.Task[int]] = []

        def tell(_line: str) -> None:
            if not tasks:
                tasks.append(asyncio.create_task(second.move(rebuild=True)))

        assert await other.move(rebuild=True, tell=tell) == 1
        with pytest.raises(StoreBusy, match="at work"):
            await tasks[0]
        assert await other.count(PostQuery()) == 2
        assert len(await indices(cluster)) == 1

    async def test_posts_that_no_search_sees_are_named_and_kept(
        self, cluster: Cluster, other: ElasticPostStore
    ) -> None:
        await other.migrate()
        await other.upsert([stored_post(1)])
        stray = NAMES.rebuilt("2026-03", generation=2)
        await cluster.call("PUT", f"/{stray}")
        lines: list[str] = []
        assert await other.move(rebuild=True, tell=lines.append) == 1
        assert f"{stray} is not behind" in lines[0]
        assert await indices(cluster) == {NAMES.rebuilt("2026-03", generation=3)}
        assert (await cluster.call("HEAD", f"/{stray}", accept=(404,))).status == 200

    async def test_an_answer_that_is_lost_does_not_open_the_old_month(
        self, cluster: Cluster, other: ElasticPostStore
    ) -> None:
        await other.migrate()
        await other.upsert([stored_post(1)])
        lossy = Deaf(cluster)
        migration = Migration(
            lossy,
            NAMES,
            clock=HurriedClock(),
            posts=Searcher(cluster, NAMES.posts),
            months=Months(cluster, NAMES),
        )
        assert await migration.migrate(rebuild=True) == 1
        assert lossy.lost == 1
        assert await indices(cluster) == {NAMES.rebuilt("2026-03", generation=2)}
        old = await cluster.call("HEAD", f"/{NAMES.month('2026-03')}", accept=(404,))
        assert old.status == 404
        await other.upsert([stored_post(2)])
        assert await other.count(PostQuery()) == 2

    async def test_a_move_that_fails_gives_the_month_back(
        self, cluster: Cluster, other: ElasticPostStore
    ) -> None:
        await other.migrate()
        await other.upsert([stored_post(1)])
        migration = Failing(
            cluster,
            NAMES,
            clock=HurriedClock(),
            posts=Searcher(cluster, NAMES.posts),
            months=Months(cluster, NAMES),
        )
        with pytest.raises(StoreUnreachable, match="lost"):
            await migration.migrate(rebuild=True)
        await other.upsert([stored_post(2)])
        assert await other.count(PostQuery()) == 2
        assert await indices(cluster) == {NAMES.month("2026-03")}
        copy = NAMES.rebuilt("2026-03", generation=2)
        assert (await cluster.call("HEAD", f"/{copy}", accept=(404,))).status == 404

    async def test_a_month_that_is_dropped_while_it_is_copied_leaves_no_copy(
        self, cluster: Cluster, other: ElasticPostStore
    ) -> None:
        await other.migrate()
        await other.upsert([stored_post(1)])
        migration = Dropping(
            cluster,
            NAMES,
            clock=HurriedClock(),
            posts=Searcher(cluster, NAMES.posts),
            months=Months(cluster, NAMES),
        )
        with pytest.raises(StoreError):
            await migration.migrate(rebuild=True)
        copy = NAMES.rebuilt("2026-03", generation=2)
        assert (await cluster.call("HEAD", f"/{copy}", accept=(404,))).status == 404


class Deaf(Cluster):
    """Misses the answer to the first change of an alias that goes through."""

    def __init__(self, cluster: Cluster) -> None:
        self.where = cluster.where
        self._real = cluster
        self.lost = 0

    async def call(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        body: Any = None,
        accept: Collection[int] = (),
    ) -> Answer:
        answer = await self._real.call(method, path, params=params, body=body, accept=accept)
        if path == "/_aliases" and not self.lost:
            self.lost += 1
            raise StoreUnreachable("lost")
        return answer


class Dropping(Migration):
    """A migration during which retention drops the month."""

    async def _forget_erased(self, index: str, target: str) -> int:
        await self._cluster.call("DELETE", f"/{index}")
        return 0


class Failing(Migration):
    """A migration that loses the cluster while writes are held up."""

    async def _forget_erased(self, index: str, target: str) -> int:
        raise StoreUnreachable("lost")


class Erasing(Migration):
    """A migration during which posts are erased: after they were copied."""

    before_block: list[str]

    async def _copy(self, index: str, target: str, query: dict[str, Any]) -> int:
        copied = await super()._copy(index, target, query)
        while self.before_block:
            await self._cluster.call("DELETE", f"/{index}/_doc/{self.before_block.pop()}")
        return copied
