"""What is read of any store to say how far posts were passed on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from crawlers import PostKey
from nlp.spread import EdgeKind, NoPrediction, Prediction
from service.posts import PostNotFound, Spreads, incident_query
from service.stores.post_store import PostQuery, PostStore, StoredPost
from tests.support.stored_posts import NOON, stored_post

NOW = NOON + timedelta(hours=3)
TEXT = "青柚茶里喝出了玻璃碎片，客服让我自己处理"


def post(number: int, text: str = TEXT, **changes: Any) -> StoredPost:
    """A post whose id is that of its key, so that others find it as what they share."""
    made = stored_post(number, text, author=f"au{number}", copy_group="glass")
    return replace(made, id=PostKey(made.source, str(number)).id, **changes)


def share(number: int, of: int, **changes: Any) -> StoredPost:
    return post(number, "转发微博", repost_of=str(of), **changes)


class SpreadContract:
    """Trees, copies and incidents, on every engine."""

    async def test_the_tree_of_a_repost_begins_where_it_all_began(self, store: PostStore) -> None:
        tree = [post(1, followers=900), share(2, 1), share(3, 2), share(4, 1, copy_group="other")]
        await store.upsert([*tree, post(9, "别的事情", copy_group="other thing")])

        found = await Spreads(store).of_post(tree[2].id, now=NOW)

        assert (found.asked, found.root, found.whole) == (tree[2].id, tree[0].id, True)
        assert found.tree.cascade.posts == 4
        assert [level.posts for level in found.tree.cascade.levels] == [1, 2, 1]
        assert found.tree.cascade.inferred == 0
        assert found.tree.cascade.reach.followers == 900

    async def test_what_carries_the_same_text_hangs_below_the_first(self, store: PostStore) -> None:
        await store.upsert([post(1), share(2, 1), post(3, TEXT + "！"), post(4, "前面说：" + TEXT)])

        found = await Spreads(store).of_post(post(3).id, now=NOW)

        kinds = {edge.child: edge.kind for edge in found.tree.cascade.edges}
        assert kinds[share(2, 1).id] is EdgeKind.OBSERVED
        assert kinds[post(3).id] is kinds[post(4).id] is EdgeKind.INFERRED
        assert found.copies is not None
        assert (found.copies.posts, found.copies.texts) == (4, 2)
        assert found.copies.sample == TEXT
        assert found.copies.coordination.posts == 4

    async def test_a_root_that_nobody_stored_holds_its_reposts_together(
        self, store: PostStore
    ) -> None:
        await store.upsert([share(2, 1), share(3, 1)])

        found = await Spreads(store).of_post(share(3, 1).id, now=NOW)

        assert found.root == PostKey("weibo", "1").id
        assert found.tree.cascade.missing == (found.root,)
        assert found.tree.cascade.posts == 2
        assert found.tree.prediction is None

    async def test_a_post_that_shares_itself_and_a_ring_end(self, store: PostStore) -> None:
        await store.upsert(
            [share(1, 1), *(share(one, of, copy_group="ring") for one, of in ((2, 3), (3, 2)))]
        )

        alone = await Spreads(store).of_post(post(1).id, now=NOW)
        ring = await Spreads(store).of_post(post(2).id, now=NOW)

        assert len(alone.tree.cascade.roots) == 1
        assert len(ring.tree.cascade.roots) == 1

    async def test_more_than_is_read_is_said_and_not_predicted(self, store: PostStore) -> None:
        await store.upsert([post(1), *(share(number, 1) for number in range(2, 40))])

        part = await Spreads(store, most=10).of_post(post(1).id, now=NOW)
        all_of_it = await Spreads(store).of_post(post(1).id, now=NOW)

        assert not part.whole
        assert part.tree.prediction is None
        assert part.copies is not None
        assert (part.copies.posts, part.copies.read) == (39, 10)
        assert all_of_it.whole
        assert isinstance(all_of_it.tree.prediction, Prediction)
        assert all_of_it.tree.prediction.size >= 39

    async def test_a_young_one_is_not_predicted_but_counted(self, store: PostStore) -> None:
        await store.upsert([post(1), share(2, 1), share(3, 1)])

        found = await Spreads(store).of_post(post(1).id, now=NOON + timedelta(minutes=4))

        assert found.tree.prediction is NoPrediction.TOO_YOUNG
        assert found.tree.recent == 3

    async def test_an_unknown_post_is_not_found(self, store: PostStore) -> None:
        with pytest.raises(PostNotFound, match="'nobody'"):
            await Spreads(store).of_post("nobody", now=NOW)

    async def test_a_post_without_words_has_no_copies(self, store: PostStore) -> None:
        await store.upsert([post(1, "", copy_group="")])
        assert (await Spreads(store).of_post(post(1).id, now=NOW)).copies is None

    async def test_of_many_posts_the_largest_groups_and_trees(self, store: PostStore) -> None:
        small = [post(30, "另一件事", copy_group="small"), share(31, 30, copy_group="small")]
        await store.upsert(
            [
                post(1),
                *(share(number, 1, sentiment="negative") for number in range(2, 8)),
                *small,
                post(40, "没人转的话", copy_group="alone"),
                post(50, "别家的事", monitors=("rival",), copy_group="rival"),
            ]
        )

        found = await Spreads(store).of_posts(PostQuery(monitors=("tea",)), now=NOW)

        assert (found.posts, found.read) == (10, 10)
        assert [(group.group, group.posts) for group in found.groups] == [
            ("glass", 7),
            ("small", 2),
        ]
        assert [(root, tree.cascade.posts) for root, tree in found.trees] == [
            (post(1).id, 7),
            (small[0].id, 2),
        ]
        assert found.trees[0][1].cascade.levels[1].mood.negative == 6

    async def test_posts_of_a_crisis_without_a_name_are_the_negative_ones(
        self, store: PostStore
    ) -> None:
        await store.upsert(
            [post(1, sentiment="negative"), post(2), post(3, scenario="outage", monitors=("tea",))]
        )

        async def posts(segment: str, *, every_mood: bool = False) -> int:
            return await store.count(
                incident_query("tea", segment, since=NOON, until=NOW, every_mood=every_mood)
            )

        assert await posts("unclassified") == 1
        assert await posts("outage") == 1
        assert await posts("unclassified", every_mood=True) == 3
