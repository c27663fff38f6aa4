"""Every engine keeps one contract: SQLite, and Elasticsearch where a node is at hand."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from nlp.text.search_tokens import search_phrases
from service.stores.post_store import PostStore
from service.stores.sqlite import SqlitePostStore
from tests.contracts.post_spread import SpreadContract
from tests.contracts.post_store import PostStoreContract
from tests.support.elasticsearch import elastic_store, empty, opened_cluster


@pytest.fixture(params=["sqlite", pytest.param("elasticsearch", marks=pytest.mark.elastic)])
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    if name == "elasticsearch":
        request.getfixturevalue("indices")
    return name


@pytest.fixture
async def store(engine: str, tmp_path: Path) -> AsyncIterator[PostStore]:
    if engine == "sqlite":
        opened = SqlitePostStore(
            tmp_path / "posts.db",
            query_phrases=lambda text: search_phrases(text.lower()),
            durable=False,
        )
        await opened.migrate()
        yield opened
        await opened.close()
        return
    async with opened_cluster() as cluster:
        await empty(cluster)
        yield elastic_store(cluster)


class TestPostStore(PostStoreContract):
    pass


class TestSpreads(SpreadContract):
    pass
