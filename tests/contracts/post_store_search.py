"""Searching, filtering, paging."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from service.stores.errors import BadCursor
from service.stores.post_store import PostQuery, PostStore, SortOrder
from tests.support.stored_posts import NOON, stored_post


async def numbers(store: PostStore, query: PostQuery, **options: Any) -> list[int]:
    """The numbers of all posts found, page by page of three."""
    found: list[int] = []
    cursor: str | None = None
    while True:
        page = await store.search(query, limit=3, cursor=cursor, **options)
        found += [int(item.post.native_id) for item in page.items]
        cursor = page.next
        if cursor is None:
            assert page.total == len(found)
            return found


class SearchContract:
    """What is found, in what order, and what is marked."""

    async def test_an_empty_store_has_an_empty_page(self, store: PostStore) -> None:
        page = await store.search(PostQuery(text="茶"))
        assert (page.items, page.next, page.total) == ((), None, 0)

    @pytest.mark.parametrize(
        ("text", "found"),
        [
            ("玻璃", [2, 1]),
            ("璃渣", [1]),
            ("玻璃渣 孩子", [1]),
            ("孩子 玻璃渣", [1]),
            ("玻璃渣孩子", []),
            ("GLASS", [3]),
            ("glas", []),
            ('"玻璃杯"', [2]),
            ("渣", [1]),
            ("！？", []),
            ("   ", [4, 3, 2, 1]),
            ("' OR 1=1 --", []),
            ('" AND * NEAR( ^', []),
            ("渣\x00\ud800", [1]),
            ("玻" * 3_000, []),
        ],
    )
    async def test_texts_with_every_phrase_are_found(
        self, store: PostStore, text: str, found: list[int]
    ) -> None:
        await store.upsert(
            [
                stored_post(1, "瓶里有玻璃渣，孩子嘴破了"),
                stored_post(2, "玻璃杯装茶真好看"),
                stored_post(3, "Glass in my tea"),
                stored_post(4, "别的话"),
            ]
        )
        assert await numbers(store, PostQuery(text=text)) == found

    async def test_an_edit_is_found_by_its_new_words_only(self, store: PostStore) -> None:
        await store.upsert([stored_post(1, "玻璃渣")])
        await store.upsert([stored_post(1, "没事了", fetched_at=NOON + timedelta(hours=1))])
        assert await numbers(store, PostQuery(text="玻璃")) == []
        assert await numbers(store, PostQuery(text="没事")) == [1]

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            (PostQuery(), [6, 5, 4, 3, 2, 1]),
            (PostQuery(monitors=("tea",)), [5, 4, 3, 2, 1]),
            (PostQuery(monitors=("rival",)), [6, 5]),
            (PostQuery(monitors=("rival", "tea")), [6, 5, 4, 3, 2, 1]),
            (PostQuery(monitors=("unknown",)), []),
            (PostQuery(sources=("appstore", "news:daily")), [4, 3]),
            (PostQuery(channels=("news",)), [4]),
            (PostQuery(scenarios=("outage",)), [2]),
            (PostQuery(categories=("injury",)), [3, 2]),
            (PostQuery(categories=("injury", "recall")), [4, 3, 2]),
            (PostQuery(categories=("inj",)), []),
            (PostQuery(sentiments=("negative",)), [2]),
            (PostQuery(authors=("au_1",)), [6, 1]),
            (PostQuery(copy_groups=("group1", "group3")), [3, 1]),
            (PostQuery(severity_at_least=3), [3, 2]),
            (PostQuery(since=NOON + timedelta(minutes=5)), [6, 5]),
            (PostQuery(until=NOON + timedelta(minutes=2)), [1]),
            (PostQuery(monitors=("tea",), since=NOON + timedelta(minutes=5)), [5]),
            (PostQuery(monitors=("rival", "x"), until=NOON + timedelta(minutes=6)), [5]),
            (PostQuery(monitors=("tea",), text="茶", severity_at_least=4), [3]),
            (PostQuery(monitors=("tea",), categories=("injury",), channels=("social",)), [3, 2]),
            (PostQuery(authors=("\ud800",)), []),
        ],
    )
    async def test_filters_are_anded_and_their_values_ored(
        self, store: PostStore, query: PostQuery, found: list[int]
    ) -> None:
        await store.upsert(
            [
                stored_post(1, author="au_1"),
                stored_post(
                    2, sentiment="negative", scenario="outage", severity=3, categories=("injury",)
                ),
                stored_post(
                    3, source="appstore", severity=4, categories=("injury", "legal_action")
                ),
                stored_post(4, source="news:daily", channel="news", categories=("recall",)),
                stored_post(5, monitors=("rival", "tea")),
                stored_post(6, monitors=("rival",), author="au_1"),
            ]
        )
        assert await numbers(store, query) == found
        assert await store.count(query) == len(found)

    @pytest.mark.parametrize("monitors", [(), ("tea",), ("rival", "tea")])
    @pytest.mark.parametrize(
        ("sort", "found"),
        [
            (SortOrder.NEWEST, [5, 4, 3, 2, 1]),
            (SortOrder.OLDEST, [1, 2, 3, 4, 5]),
            (SortOrder.ENGAGEMENT, [3, 5, 1, 2, 4]),
        ],
    )
    async def test_orders(
        self, store: PostStore, monitors: tuple[str, ...], sort: SortOrder, found: list[int]
    ) -> None:
        likes = {1: 5, 2: 4, 3: 9, 4: None, 5: 6}
        await store.upsert([stored_post(n, likes=count) for n, count in likes.items()])
        assert await numbers(store, PostQuery(monitors=monitors), sort=sort) == found

    @pytest.mark.parametrize("monitors", [(), ("tea",)])
    async def test_the_most_relevant_comes_first(
        self, store: PostStore, monitors: tuple[str, ...]
    ) -> None:
        await store.upsert(
            [
                stored_post(1, "玻璃渣！玻璃渣！"),
                stored_post(
                    2, "今天天气很好，出门走走，顺便说一句，那瓶茶里据说有玻璃渣，不知真假"
                ),
                stored_post(3, "玻璃渣，真的"),
                stored_post(4, "这瓶茶里喝出了一点玻璃渣，商家没有回应"),
                stored_post(5, "别的话"),
            ]
        )
        query = PostQuery(text="玻璃渣", monitors=monitors)
        assert await numbers(store, query, sort=SortOrder.RELEVANCE) == [1, 3, 4, 2]

    async def test_relevance_without_a_text_is_newest_first(self, store: PostStore) -> None:
        await store.upsert([stored_post(n) for n in range(1, 6)])
        found = await numbers(store, PostQuery(), sort=SortOrder.RELEVANCE)
        assert found == [5, 4, 3, 2, 1]

    @pytest.mark.parametrize("sort", list(SortOrder))
    @pytest.mark.parametrize("monitors", [(), ("tea",), ("tea", "x")])
    async def test_a_search_for_punctuation_finds_nothing(
        self, store: PostStore, sort: SortOrder, monitors: tuple[str, ...]
    ) -> None:
        await store.upsert([stored_post(1)])
        query = PostQuery(text="\N{IDEOGRAPHIC FULL STOP}", monitors=monitors)
        assert await numbers(store, query, sort=sort) == []

    @pytest.mark.parametrize("sort", list(SortOrder))
    async def test_ties_are_paged_once_each(self, store: PostStore, sort: SortOrder) -> None:
        await store.upsert([stored_post(n, published_at=NOON, likes=1) for n in range(10)])
        found = await numbers(store, PostQuery(text="青柚"), sort=sort)
        assert sorted(found) == list(range(10))

    async def test_a_page_goes_on_where_it_ended_though_posts_arrive(
        self, store: PostStore
    ) -> None:
        await store.upsert([stored_post(n) for n in range(1, 5)])
        first = await store.search(PostQuery(), limit=2)
        await store.upsert([stored_post(9)])
        second = await store.search(PostQuery(), limit=2, cursor=first.next)
        assert [item.post.native_id for item in second.items] == ["2", "1"]

    @pytest.mark.parametrize(
        "broken", ["", "x", "%%%", "bnVsbA", "W10", "WzEsMiwzXQ", "\ud800", "é", "A" * 5_000]
    )
    async def test_a_broken_cursor_is_refused(self, store: PostStore, broken: str) -> None:
        with pytest.raises(BadCursor):
            await store.search(PostQuery(), cursor=broken)

    async def test_a_cursor_of_another_query_is_refused(self, store: PostStore) -> None:
        await store.upsert([stored_post(n) for n in range(1, 5)])
        page = await store.search(PostQuery(), limit=2)
        with pytest.raises(BadCursor, match="another query"):
            await store.search(PostQuery(monitors=("tea",)), limit=2, cursor=page.next)
        with pytest.raises(BadCursor, match="another query"):
            await store.search(PostQuery(), limit=2, cursor=page.next, sort=SortOrder.OLDEST)

    async def test_highlights_are_spans_of_the_original_text(self, store: PostStore) -> None:
        text = "😀茶里有玻璃渣，GLASS！玻璃"
        await store.upsert([stored_post(1, text)])
        page = await store.search(PostQuery(text="玻璃 glass"))
        marked = [text[start:end] for start, end in page.items[0].highlights]
        assert marked == ["玻璃", "GLASS", "玻璃"]

    async def test_without_a_text_nothing_is_marked(self, store: PostStore) -> None:
        await store.upsert([stored_post()])
        page = await store.search(PostQuery())
        assert page.items[0].highlights == ()
