"""Indices in Elasticsearch that the tests beside this file share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from service.stores.elastic.cluster import Cluster
from service.stores.elastic.store import ElasticPostStore
from tests.support.elasticsearch import (
    MISSING,
    OTHER,
    PREFIX,
    drop,
    elastic_store,
    elasticsearch_url,
    empty,
    opened_cluster,
)


@pytest.fixture(scope="session")
def indices() -> Iterator[None]:
    """Made once: that takes longer than most tests."""
    if elasticsearch_url() is None:
        pytest.skip(MISSING)

    async def begin() -> None:
        async with opened_cluster() as cluster:
            await drop(cluster)
            await elastic_store(cluster).migrate()

    async def end() -> None:
        async with opened_cluster() as cluster:
            await drop(cluster)

    asyncio.run(begin())
    yield
    asyncio.run(end())


@pytest.fixture
async def cluster(indices: None) -> AsyncIterator[Cluster]:
    """A real cluster; under PREFIX there are indices without a post, under OTHER nothing."""
    async with opened_cluster() as opened:
        await empty(opened, prefix=PREFIX)
        yield opened
        await drop(opened, prefix=OTHER)


@pytest.fixture
def elastic(cluster: Cluster) -> ElasticPostStore:
    """An empty store in Elasticsearch."""
    return elastic_store(cluster)
