"""Sums between instants, cells by author, and what is indexed of an analysis."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from service.stores.post_store import AuthorCell, PostQuery, PostStore, StoredPost, Tally
from tests.support.stored_posts import NOON, stored_post

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
TEA = PostQuery(monitors=("tea",))


def read(
    number: int, emotion: str | None, intent: str | None, *topics: int | None, **changes: Any
) -> StoredPost:
    """A post that was read so, and held against version 2 of the topics, and version 20."""
    analysis = {
        "emotion": None if emotion is None else {"label": emotion, "scores": {}},
        "intent": None if intent is None else {"label": intent, "scores": {}},
        "topics": [{"version": 2, "topic": topic} for topic in topics]
        + [{"version": 20, "topic": 2}],
    }
    return stored_post(number, analysis=analysis, **changes)


class TallyContract:
    """What indicators count."""

    @pytest.mark.parametrize("monitors", [(), ("tea",), ("tea", "x")])
    async def test_tallies_sum_between_their_edges(
        self, store: PostStore, monitors: tuple[str, ...]
    ) -> None:
        await store.upsert(
            [
                read(-1, "sad", "other", 1),
                read(0, "angry", "complaint", 1, sentiment="negative", author="a", followers=10),
                read(4, "angry", "question", None, author="a", followers=12, copy_group="x"),
                read(5, None, None, 1, author="b", copy_group="x", likes=3, channel="news"),
                stored_post(6, sentiment=None, followers=5, copy_group="", source="news:daily"),
                stored_post(20, sentiment="positive", reposts=1),
                stored_post(30),
            ]
        )
        edges = [NOON, NOON + 10 * MINUTE, NOON + 17 * MINUTE, NOON + 30 * MINUTE]
        first, second, third = await store.tallies(PostQuery(monitors=monitors), edges=edges)
        assert first == Tally(
            start=edges[0],
            end=edges[1],
            posts=4,
            distinct=3,
            reach=17,
            engagement=3,
            sentiments={"negative": 1, "neutral": 2},
            emotions={"angry": 2},
            intents={"complaint": 1, "question": 1},
            sources={"news:daily": 1, "weibo": 3},
            channels={"news": 1, "social": 3},
            topics={"20:2": 3, "2:-": 1, "2:1": 2},
        )
        assert second == Tally(start=edges[1], end=edges[2])
        assert (third.posts, third.engagement, third.sentiments) == (1, 1, {"positive": 1})

    async def test_tallies_of_an_empty_store(self, store: PostStore) -> None:
        (empty,) = await store.tallies(PostQuery(), edges=[NOON, NOON + HOUR])
        assert empty == Tally(start=NOON, end=NOON + HOUR)
        assert await store.tallies(PostQuery(), edges=[NOON]) == ()

    async def test_edges_must_grow(self, store: PostStore) -> None:
        with pytest.raises(ValueError, match="grow"):
            await store.tallies(PostQuery(), edges=[NOON, NOON])

    async def test_whom_a_post_spares_is_told_nothing_of_it(self, store: PostStore) -> None:
        bad = read(
            1,
            "angry",
            "complaint",
            4,
            monitors=("rival", "tea"),
            spared=("tea",),
            sentiment="negative",
            author="a",
        )
        await store.upsert([bad])
        tallied = {}
        for monitor in ("tea", "rival"):
            query = PostQuery(monitors=(monitor,))
            (tallied[monitor],) = await store.tallies(query, edges=[NOON, NOON + HOUR])
        assert tallied["tea"].sentiments == {"neutral": 1}
        assert (tallied["tea"].emotions, tallied["tea"].intents) == ({}, {})
        assert tallied["tea"].topics == {"20:2": 1, "2:4": 1}
        assert tallied["rival"].sentiments == {"negative": 1}
        assert tallied["rival"].emotions == {"angry": 1}
        (cell,) = await store.author_cells(TEA, topics="2")
        assert (cell.negative, cell.rated) == (0, 1)

    async def test_filters_count_what_tallies_count(self, store: PostStore) -> None:
        await store.upsert(
            [
                read(1, "angry", "complaint", 1),
                read(2, "sad", "complaint", 2),
                read(3, "angry", "complaint", 1, monitors=("tea",), spared=("tea",)),
                read(4, None, None, None),
            ]
        )
        for query, posts in (
            (PostQuery(monitors=("tea",), emotions=("angry",)), 1),
            (PostQuery(emotions=("angry",)), 2),
            (PostQuery(emotions=("angry", "sad"), monitors=("tea",)), 2),
            (PostQuery(intents=("complaint",), monitors=("tea",)), 2),
            (PostQuery(topics=("2:1",), monitors=("tea",)), 2),
            (PostQuery(topics=("2:1", "2:2")), 3),
            (PostQuery(topics=("2",)), 0),
        ):
            assert await store.count(query) == posts, query

    async def test_an_edit_is_counted_as_it_reads_now(self, store: PostStore) -> None:
        await store.upsert([read(1, "angry", "complaint", 1)])
        await store.upsert([read(1, "happy", "praise", 1, text="改", fetched_at=NOON + HOUR)])
        (found,) = await store.tallies(TEA, edges=[NOON, NOON + HOUR])
        assert (found.emotions, found.intents) == ({"happy": 1}, {"praise": 1})

    async def test_author_cells(self, store: PostStore) -> None:
        await store.upsert(
            [
                read(1, None, None, 1, author="a", followers=5, sentiment="negative", likes=2),
                read(2, None, None, 1, author="a", verified=True, sentiment="positive"),
                read(3, None, None, None, author="a", followers=0),
                stored_post(4, sentiment=None),
                stored_post(90),
            ]
        )
        query = PostQuery(monitors=("tea",), since=NOON, until=NOON + HOUR)
        assert await store.author_cells(query, topics="2") == (
            AuthorCell(
                author=None,
                source="weibo",
                topic=None,
                posts=1,
                engagement=0,
                negative=0,
                positive=0,
                rated=0,
                followers=None,
                verified=False,
            ),
            AuthorCell(
                author="a",
                source="weibo",
                topic="2:-",
                posts=1,
                engagement=0,
                negative=0,
                positive=0,
                rated=1,
                followers=0,
                verified=False,
            ),
            AuthorCell(
                author="a",
                source="weibo",
                topic="2:1",
                posts=2,
                engagement=2,
                negative=1,
                positive=1,
                rated=2,
                followers=5,
                verified=True,
            ),
        )
        cells = await store.author_cells(query)
        assert [(cell.author, cell.topic, cell.posts) for cell in cells] == [
            (None, None, 1),
            ("a", None, 3),
        ]

    async def test_authors(self, store: PostStore) -> None:
        await store.upsert(
            [
                stored_post(1, author="a"),
                stored_post(2, author="a"),
                stored_post(3, author="b"),
                stored_post(4),
                stored_post(5, author="c", monitors=("rival",)),
            ]
        )
        assert await store.authors(TEA) == {"a", "b"}
        assert await store.authors(PostQuery(until=NOON)) == frozenset()
