"""Tallies and cells that take several pages are those of one page."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nlp.text.search_tokens import search_phrases
from service.stores.elastic import tallies
from service.stores.elastic.cluster import Cluster
from service.stores.elastic.schema import Names
from service.stores.elastic.searching import Searcher
from service.stores.elastic.store import ElasticPostStore
from service.stores.post_store import PostQuery
from tests.support.elasticsearch import PREFIX
from tests.support.stored_posts import NOON, stored_post

pytestmark = pytest.mark.elastic
HOUR = timedelta(hours=1)


async def test_pages_make_one_answer(elastic: ElasticPostStore, cluster: Cluster) -> None:
    await elastic.upsert(
        [
            stored_post(
                n,
                author=f"au_{n % 11}",
                followers=n,
                spared=("tea",) if n % 4 == 0 else (),
                source=f"s{n % 3}",
                analysis={"topics": [{"version": 1, "topic": n % 2}]},
            )
            for n in range(40)
        ]
    )
    posts = Searcher(cluster, Names(PREFIX).posts)
    query = PostQuery(monitors=("tea",))
    edges = [NOON, NOON + HOUR]
    whole = await elastic.tallies(query, edges=edges)
    paged = await tallies.tallies(posts, query, edges=edges, query_phrases=search_phrases, page=4)
    assert paged == whole
    assert whole[0].reach == sum(range(29, 40))
    cells = await elastic.author_cells(query, topics="1")
    in_pages = await tallies.author_cells(
        posts, query, topics="1", query_phrases=search_phrases, page=4
    )
    assert in_pages == cells
    assert sum(cell.posts for cell in cells) == 40
    few = await tallies.authors(posts, query, query_phrases=search_phrases, page=4)
    assert few == await elastic.authors(query)
    assert len(few) == 11
