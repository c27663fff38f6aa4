"""Posts for people, over the real embedded store."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from nlp.text.search_tokens import search_phrases
from service.posts.errors import PostNotFound
from service.posts.filters import FacetRequest, PageRequest, TrendRequest
from service.posts.service import Posts
from service.stores import FacetField, PostQuery, SortOrder
from service.stores.sqlite import SqlitePostStore
from tests.support.stored_posts import NOON, stored_post


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[SqlitePostStore]:
    opened = SqlitePostStore(tmp_path / "p.db", query_phrases=search_phrases, durable=False)
    await opened.migrate()
    yield opened
    await opened.close()


async def test_pages_follow_one_another(store: SqlitePostStore) -> None:
    await store.upsert([stored_post(n) for n in range(3)])
    posts = Posts(store)
    request = PageRequest(query=PostQuery(), sort=SortOrder.OLDEST, limit=2)
    first = await posts.search(request)
    second = await posts.search(
        PageRequest(query=PostQuery(), sort=SortOrder.OLDEST, limit=2, cursor=first.next)
    )
    assert [item.post.native_id for item in first.items + second.items] == ["0", "1", "2"]


async def test_a_detail_has_earlier_wordings_and_copies(store: SqlitePostStore) -> None:
    await store.upsert([stored_post(1), stored_post(2, copy_group="same")])
    edit = stored_post(1, "改", copy_group="same", fetched_at=NOON + timedelta(hours=1))
    await store.upsert([edit])
    detail = await Posts(store).detail(edit.id)
    assert (detail.post.text, detail.copies) == ("改", 2)
    assert [past.text for past in detail.versions] == [stored_post(1).text]


async def test_a_post_without_a_copy_group_is_its_only_copy(store: SqlitePostStore) -> None:
    await store.upsert([stored_post(n, copy_group="") for n in (1, 2)])
    assert (await Posts(store).detail(stored_post(1).id)).copies == 1


async def test_an_unknown_post_is_not_found(store: SqlitePostStore) -> None:
    with pytest.raises(PostNotFound, match="'nobody'"):
        await Posts(store).detail("nobody")


async def test_facets_trend_and_terms(store: SqlitePostStore) -> None:
    await store.upsert([stored_post(n, "茶 好") for n in range(9)])
    await store.upsert([stored_post(30, "茶 坏", sentiment="negative")])
    posts, query = Posts(store), PostQuery(sentiments=("negative",))
    facets = await posts.facets(FacetRequest(query=query, fields=(FacetField.SOURCE,)))
    trend = await posts.trend(
        TrendRequest(
            query=query,
            interval=timedelta(minutes=30),
            since=NOON,
            until=NOON + timedelta(hours=1),
        )
    )
    terms = await posts.terms(query, limit=1)
    assert facets == {FacetField.SOURCE: (("weibo", 1),)}
    assert [bucket.posts for bucket in trend] == [0, 1]
    assert [(term.term, term.background) for term in terms] == [("坏", 1)]
