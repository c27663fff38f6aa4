"""Post stores in a real Elasticsearch; FENGSUI_TEST_ELASTICSEARCH_URL says where it is."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from nlp.text.search_tokens import search_phrases
from service.clock import Clock, SystemClock
from service.stores.elastic import scratch
from service.stores.elastic.cluster import Cluster
from service.stores.elastic.schema import Names
from service.stores.elastic.store import ElasticPostStore

ELASTICSEARCH_VARIABLE = "FENGSUI_TEST_ELASTICSEARCH_URL"
MISSING = f"set {ELASTICSEARCH_VARIABLE}, for example to what ../shared/elasticsearch/start prints"
PREFIX = f"fengsui-test-{os.getpid()}"
"""Of this process: several test runs may share a node."""
OTHER = f"fengsui-other-{os.getpid()}"
"""For tests that make indices themselves."""


def elasticsearch_url() -> str | None:
    """Where the node for tests is; several, split by commas, are nodes of one cluster."""
    return os.environ.get(ELASTICSEARCH_VARIABLE) or None


class HurriedClock(SystemClock):
    """Real time, in which nobody waits long."""

    async def sleep(self, seconds: float) -> None:
        await super().sleep(min(seconds, 0.1))


def elastic_store(
    cluster: Cluster,
    *,
    prefix: str = PREFIX,
    clock: Clock | None = None,
    patience_s: float = 20.0,
) -> ElasticPostStore:
    """A store that cuts searches as `stored_post` cuts texts."""
    return ElasticPostStore(
        cluster,
        prefix=prefix,
        clock=clock or HurriedClock(),
        query_phrases=lambda text: search_phrases(text.lower()),
        patience_s=patience_s,
    )


async def drop(cluster: Cluster, *, prefix: str = PREFIX) -> None:
    """Delete every index and template of a prefix."""
    await scratch.drop(cluster, Names(prefix))


async def empty(cluster: Cluster, *, prefix: str = PREFIX) -> None:
    """Delete every document and leave the indices: far quicker than making them anew."""
    await cluster.call(
        "POST",
        f"/{prefix}-posts,{prefix}-versions/_delete_by_query",
        params={"refresh": "true", "conflicts": "proceed", "ignore_unavailable": "true"},
        body={"query": {"match_all": {}}},
        accept=(404,),
    )
    await cluster.call("DELETE", f"/{prefix}-control/_doc/stamps", accept=(404,))


@asynccontextmanager
async def opened_cluster() -> AsyncIterator[Cluster]:
    """The node for tests."""
    url = elasticsearch_url()
    assert url is not None
    cluster = Cluster(url.split(","))
    try:
        yield cluster
    finally:
        await cluster.close()
