"""Conditions joined by and, or and not."""

from __future__ import annotations

import pytest

from service.stores.condition import (
    EVERY,
    NONE,
    AllOf,
    AnyOf,
    Begins,
    Condition,
    Not,
    PartedField,
    Says,
)
from service.stores.post_store import PostQuery, PostStore
from tests.contracts.post_store_search import numbers
from tests.support.stored_posts import stored_post

GLASS, TEA = Says("玻璃"), Says("好茶")


class ConditionContract:
    """What a condition finds: by itself, with filters, counted and broken down."""

    @pytest.mark.parametrize(
        ("condition", "found"),
        [
            (EVERY, [4, 3, 2, 1]),
            (NONE, []),
            (GLASS, [3, 1]),
            (Says("！？"), []),
            (Not(GLASS), [4, 2]),
            (Not(Says("！？")), [4, 3, 2, 1]),
            (AllOf((GLASS, TEA)), [3]),
            (AnyOf((GLASS, TEA)), [3, 2, 1]),
            (AllOf((TEA, Not(GLASS))), [2]),
            (AnyOf((TEA, Says("！？"))), [3, 2]),
            (AllOf((TEA, Says("！？"))), []),
            (AllOf((AnyOf((GLASS, TEA)), Not(AllOf((GLASS, TEA))))), [2, 1]),
            (Begins(PartedField.SOURCE, "mastodon"), [4, 3]),
            (Begins(PartedField.SOURCE, "mastodon:b"), [4]),
            (Begins(PartedField.SOURCE, "masto"), []),
            (Begins(PartedField.CHANNEL, "news"), [2]),
            (Begins(PartedField.LANG, "zh"), [3, 2]),
            (Begins(PartedField.LANG, "zh-hant"), [3]),
            (AllOf((TEA, Not(Begins(PartedField.LANG, "zh-hant")))), [2]),
            (Not(Begins(PartedField.LANG, "zh")), [4, 1]),
        ],
    )
    @pytest.mark.parametrize("monitors", [(), ("tea",), ("tea", "cup")])
    async def test_posts_for_which_a_condition_holds_are_found(
        self,
        store: PostStore,
        condition: Condition,
        found: list[int],
        monitors: tuple[str, ...],
    ) -> None:
        await store.upsert(
            [
                stored_post(1, "瓶里有玻璃"),
                stored_post(2, "一杯好茶", channel="news", lang="zh"),
                stored_post(3, "好茶里有玻璃", source="mastodon:A", lang="zh_Hant"),
                stored_post(4, "排队", source="Mastodon:b", lang="en"),
            ]
        )
        query = PostQuery(condition=condition, monitors=monitors)
        assert await numbers(store, query) == found
        assert await store.count(query) == len(found)

    async def test_a_condition_narrows_what_filters_and_words_find(self, store: PostStore) -> None:
        await store.upsert(
            [
                stored_post(1, "好茶", sentiment="negative"),
                stored_post(2, "好茶", sentiment="positive"),
                stored_post(3, "好茶有玻璃", sentiment="negative"),
            ]
        )
        query = PostQuery(text="好茶", sentiments=("negative",), condition=Not(GLASS))
        assert await numbers(store, query) == [1]
