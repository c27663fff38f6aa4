"""Reposts that are stored before what they share."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from service.ingest.inheritance import LateOriginals
from service.ingest.pipeline import Ingest
from service.stores.errors import StoreUnreachable
from service.stores.post_store import Inheritance, PostChange, PostStore, StoredPost
from tests.support.ingest_scene import IngestScene

INJURY = "澄屿青柚茶里喝出玻璃渣，孩子嘴被划破了，必须给个说法"


async def test_a_bare_repost_inherits_when_the_original_comes(scene: IngestScene) -> None:
    original = scene.post(1, INJURY)
    repost = scene.post(2, "转发微博", repost_of="1")
    await scene.put(repost)
    assert (await scene.stored(repost)).monitors == ()
    await scene.put(original)
    first, late = await scene.stored(original), await scene.stored(repost)
    assert late.monitors == first.monitors == ("tea",)
    assert (late.copy_group, late.scenario) == (first.copy_group, first.scenario)
    assert late.sentiment == first.sentiment == "negative"
    assert late.severity == 0


async def test_the_order_makes_no_difference(scene: IngestScene, posts: PostStore) -> None:
    pairs = [("1", "2", True), ("3", "4", False)]
    for first, second, original_first in pairs:
        batch = [
            scene.post(first, INJURY),
            scene.post(second, "笑死，转给朋友看看", repost_of=first),
        ]
        for post in batch if original_first else reversed(batch):
            await scene.put(post)
    early = await scene.stored(scene.post("2", ""))
    late = await scene.stored(scene.post("4", ""))
    for name in ("monitors", "spared", "scenario", "sentiment", "copy_group", "severity"):
        assert getattr(early, name) == getattr(late, name), name


async def test_a_repost_of_a_repost_inherits_too_and_a_ring_ends(scene: IngestScene) -> None:
    await scene.put(scene.post(3, "转发微博", repost_of="2"))
    await scene.put(scene.post(2, "转发微博", repost_of="1"))
    await scene.put(scene.post(1, INJURY, repost_of="3"))
    assert (await scene.stored(scene.post(3, ""))).monitors == ("tea",)


async def test_a_repost_with_hits_of_its_own_keeps_its_group(scene: IngestScene) -> None:
    repost = scene.post(2, "我家的也喝出玻璃渣，全家投诉退款", repost_of="1")
    await scene.put(repost)
    before = await scene.stored(repost)
    await scene.put(scene.post(1, INJURY))
    after = await scene.stored(repost)
    assert (after.copy_group, after.scenario) == (before.copy_group, before.scenario)
    assert after.monitors == ("tea",)


async def test_a_late_repost_that_blames_the_rival_spares_us(scene: IngestScene) -> None:
    await scene.rivals()
    repost = scene.post(2, "转发微博", repost_of="1")
    await scene.put(repost)
    await scene.put(scene.post(1, "云帆汽车刹车失灵，极川的就没问题"))
    late, first = await scene.stored(repost), await scene.stored(scene.post(1, ""))
    assert late.monitors == first.monitors
    assert late.spared == first.spared


async def test_what_has_inherited_is_left_alone(scene: IngestScene, posts: PostStore) -> None:
    original, repost = scene.post(1, INJURY), scene.post(2, "转发微博", repost_of="1")
    await scene.put(repost)
    await scene.put(original)
    stored = await scene.stored(original)
    late = LateOriginals(posts, sides_of=lambda _: None)
    assert await late.hand_down([stored]) == 0


class Asked:
    """The store, and of whom it was asked for reposts."""

    def __init__(self, posts: PostStore) -> None:
        self._posts = posts
        self.asked: list[list[str]] = []
        self.down = False

    async def reposts_of(
        self, originals: Sequence[tuple[str, str]], *, after_id: str | None = None, limit: int = 500
    ) -> tuple[StoredPost, ...]:
        self.asked.append([native_id for _, native_id in originals])
        if self.down:
            raise StoreUnreachable("away")
        return await self._posts.reposts_of(originals, after_id=after_id, limit=limit)

    async def inherit(self, inheritances: Sequence[Inheritance]) -> None:
        await self._posts.inherit(inheritances)


async def test_an_original_that_is_only_read_again_is_looked_after_twice(
    scene: IngestScene, posts: PostStore
) -> None:
    await scene.put(scene.post(1, INJURY))
    original = await scene.stored(scene.post(1, ""))
    store = Asked(posts)
    late = LateOriginals(store, sides_of=lambda _: None)
    for likes in range(5):
        await late.hand_down([replace(original, likes=likes)], news=())
    assert store.asked == [["1"], ["1"]]
    await late.hand_down([original], news={original.id})
    await late.hand_down([replace(original, monitors=("tea", "juice"))], news=())
    assert len(store.asked) == 4


async def test_what_failed_is_done_at_the_next_look(scene: IngestScene, posts: PostStore) -> None:
    repost = scene.post(2, "转发微博", repost_of="1")
    await scene.put(scene.post(1, INJURY))
    original = await scene.stored(scene.post(1, ""))
    await scene.put(repost)
    await posts.set_monitors([repost.id], "tea", member=False)
    store = Asked(posts)
    late = LateOriginals(store, sides_of=lambda _: None)
    store.down = True
    for _ in range(3):
        with pytest.raises(StoreUnreachable):
            await late.hand_down([original], news=())
    store.down = False
    assert await late.hand_down([original], news=()) == 1
    assert (await scene.stored(repost)).monitors == ("tea",)


async def test_only_so_many_originals_are_remembered(scene: IngestScene, posts: PostStore) -> None:
    await scene.put(scene.post(1, INJURY))
    original = await scene.stored(scene.post(1, ""))
    store = Asked(posts)
    late = LateOriginals(store, sides_of=lambda _: None, remembered=2)
    others = [replace(original, id=f"other:{n}", native_id=f"o{n}") for n in range(2)]
    for _ in range(2):
        await late.hand_down([original], news=())
    await late.hand_down(others, news=())
    store.asked.clear()
    await late.hand_down([original], news=())
    assert store.asked == [["1"]]


async def test_reading_again_asks_for_no_reposts(scene: IngestScene, posts: PostStore) -> None:
    repost = scene.post(2, "转发微博", repost_of="1")
    await scene.put(scene.post(1, INJURY))
    await scene.put(scene.post(1, INJURY))
    await scene.put(repost)
    await posts.set_monitors([repost.id], "tea", member=False)
    await scene.put(scene.post(1, INJURY))
    assert (await scene.stored(repost)).monitors == ()
    await scene.put(scene.post(1, INJURY + "！"))
    assert (await scene.stored(repost)).monitors == ("tea",)


async def test_many_reposts_are_handed_down_page_by_page(
    scene: IngestScene, posts: PostStore
) -> None:
    ingest: Ingest = scene.ingest
    batch = [scene.post(f"r{number}", "转发微博", repost_of="1") for number in range(520)]
    report = await ingest.ingest(batch, via="push")
    assert report.count(PostChange.NEW) == 520
    await scene.put(scene.post(1, INJURY))
    found = await posts.get_many([post.id for post in batch])
    assert {post.monitors for post in found.values()} == {("tea",)}
