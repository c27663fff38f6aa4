"""From posts to stored posts: once, with monitors, copies and heritage."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawlers import Author, Channel, Engagement
from nlp import Analysis
from service.ingest import IngestReport
from service.moderation import Inline
from service.stores.post_store import PostChange, PostQuery, PostStore
from tests.support.clock import START, SteppingClock
from tests.support.database import open_database
from tests.support.ingest_scene import BrokenStore, IngestScene, open_posts, shipped_analyzer

COMPLAINT = "澄屿青柚茶里喝出虫子，太恶心了，要求赔偿"
RIVAL = "云帆汽车刹车异响，质量太差，投诉无门，早知道买极川"
OWN = "极川汽车刹车异响，质量太差，投诉无门，早知道买云帆"
LONG = "今天在江湾店买的澄屿青柚茶里喝出一只虫子，店员还不承认，投诉也没人理，大家千万别买了"


async def test_nothing_in_nothing_out(scene: IngestScene) -> None:
    assert await scene.put() == IngestReport()


async def test_a_post_is_stored_with_what_was_understood(scene: IngestScene) -> None:
    post = scene.post(
        1,
        COMPLAINT,
        author=Author(id="u1", name="小雨", followers=12, verified=True),
        engagement=Engagement(reposts=1, comments=2, likes=3, views=4),
        channel=Channel.NEWS,
        rating=1.0,
        url="https://weibo.example/1",
        extra={"region": "江湾"},
    )
    report = await scene.put(post)
    assert report.changes == {post.id: PostChange.NEW}
    stored = await scene.stored(post)
    assert (stored.via, stored.channel, stored.lang) == ("push", "news", "zh")
    assert (stored.sentiment, stored.scenario) == ("negative", "safety_incident")
    assert "contamination" in stored.categories
    assert stored.monitors == ("tea",)
    assert (stored.followers, stored.verified, stored.rating) == (12, True, 1.0)
    assert (stored.reposts, stored.comments, stored.likes, stored.views) == (1, 2, 3, 4)
    assert stored.extra == {"region": "江湾"}
    assert (stored.fetched_at, stored.published_at) == (START, START - timedelta(seconds=30))
    assert stored.analysis["hits"]


async def test_the_same_batch_twice_changes_nothing(scene: IngestScene) -> None:
    posts = [scene.post(number, f"{COMPLAINT}{number}") for number in range(5)]
    await scene.put(*posts)
    before = [await scene.stored(post) for post in posts]
    scene.clock.step(minutes=5)
    report = await scene.put(*posts)
    assert report.count(PostChange.UNCHANGED) == 5
    assert [await scene.stored(post) for post in posts] == before


async def test_a_repeat_inside_a_batch_counts_once_and_the_last_word_stands(
    scene: IngestScene,
) -> None:
    report = await scene.put(scene.post(1, "澄屿好喝"), scene.post(1, COMPLAINT))
    assert len(report.changes) == 1
    assert (await scene.stored(scene.post(1, ""))).text == COMPLAINT


async def test_other_words_are_a_new_version(scene: IngestScene) -> None:
    await scene.put(scene.post(1, "澄屿好喝"))
    scene.clock.step(minutes=5)
    edited = scene.post(1, COMPLAINT)
    report = await scene.put(edited)
    assert report.count(PostChange.EDITED) == 1
    stored = await scene.stored(edited)
    assert (stored.version, stored.sentiment) == (2, "negative")
    assert stored.published_at == START - timedelta(seconds=30)
    assert [item.text for item in await scene.store.versions(edited.id)] == ["澄屿好喝"]


async def test_other_counters_are_an_update(scene: IngestScene) -> None:
    await scene.put(scene.post(1, COMPLAINT, engagement=Engagement(likes=3)))
    scene.clock.step(minutes=5)
    report = await scene.put(scene.post(1, COMPLAINT, engagement=Engagement(likes=300)))
    assert report.count(PostChange.COUNTERS) == 1
    stored = await scene.stored(scene.post(1, ""))
    assert (stored.likes, stored.version) == (300, 1)


async def test_a_date_in_the_future_is_the_time_of_the_fetch(scene: IngestScene) -> None:
    post = scene.post(1, COMPLAINT, published_at=START + timedelta(days=400))
    await scene.put(post)
    assert (await scene.stored(post)).published_at == START


async def test_a_title_is_read_with_its_text_and_its_words_stand_in_it(
    scene: IngestScene,
) -> None:
    post = scene.post(1, "今天下午", title="青柚茶里喝出虫子")
    await scene.put(post)
    stored = await scene.stored(post)
    assert stored.monitors == ("tea",)
    assert (stored.title, stored.text) == ("青柚茶里喝出虫子", "今天下午")
    hits = stored.analysis["hits"]
    assert hits
    for hit in hits:
        assert hit["field"] == "title"
        assert "青柚茶里喝出虫子"[hit["start"] : hit["end"]] == hit["surface"]


async def test_only_the_monitors_that_ask_for_it_take_it(scene: IngestScene) -> None:
    await scene.monitor("news", "channel:news")
    post = scene.post(1, "今天天气不错", channel=Channel.NEWS)
    await scene.put(post)
    assert (await scene.stored(post)).monitors == ("news",)


async def test_a_monitor_made_since_is_heeded_at_the_next_batch(scene: IngestScene) -> None:
    await scene.put(scene.post(1, "咖啡凉了"))
    await scene.monitor("coffee", "咖啡")
    post = scene.post(2, "咖啡又凉了")
    await scene.put(post)
    assert (await scene.stored(post)).monitors == ("coffee",)


async def test_a_repost_takes_after_its_original(scene: IngestScene) -> None:
    original = scene.post(1, LONG)
    await scene.put(original)
    repost = scene.post(2, "转发微博", repost_of="1")
    await scene.put(repost)
    first, second = await scene.stored(original), await scene.stored(repost)
    assert second.monitors == first.monitors == ("tea",)
    assert second.copy_group == first.copy_group
    assert second.scenario == first.scenario


async def test_a_repost_with_words_of_its_own_keeps_their_meaning(scene: IngestScene) -> None:
    original = scene.post(1, "青柚茶买一送一，澄屿周年庆")
    repost = scene.post(2, "上次喝出虫子，恶心", repost_of="1")
    await scene.put(original, repost)
    first, second = await scene.stored(original), await scene.stored(repost)
    assert second.scenario == "safety_incident"
    assert second.copy_group != first.copy_group
    assert second.monitors == ("tea",)


async def test_a_repost_without_a_word_passes_the_anger_on_but_not_the_harm(
    scene: IngestScene,
) -> None:
    original = scene.post(1, COMPLAINT)
    bare = [
        scene.post(2, "转发微博", repost_of="1"),
        scene.post(3, "😀", repost_of="1"),
        scene.post(4, "转发微博", repost_of="2"),
    ]
    spoken = scene.post(5, "今天下午三点开会", repost_of="1")
    await scene.put(original, *bare, spoken)
    stored = [await scene.stored(post) for post in bare]
    assert [(post.sentiment, post.severity) for post in stored] == [("negative", 0)] * 3
    assert (await scene.stored(spoken)).sentiment == "neutral"


async def test_a_complaint_about_a_rival_spares_our_monitor(scene: IngestScene) -> None:
    await scene.rivals()
    theirs, ours = scene.post(1, RIVAL), scene.post(2, OWN)
    await scene.put(theirs, ours)
    blamed, answered = await scene.stored(theirs), await scene.stored(ours)
    assert (blamed.monitors, blamed.spared) == (("jichuan", "yunfan"), ("jichuan",))
    assert (answered.monitors, answered.spared) == (("jichuan", "yunfan"), ("yunfan",))
    assert blamed.sentiment == answered.sentiment == "negative"


async def test_brands_made_since_are_heeded_at_the_next_batch(scene: IngestScene) -> None:
    await scene.monitor("jichuan", "极川", brand=True)
    await scene.put(scene.post(1, RIVAL))
    assert (await scene.stored(scene.post(1, ""))).spared == ()
    await scene.rivals()
    await scene.put(scene.post(2, RIVAL))
    assert (await scene.stored(scene.post(2, ""))).spared == ("jichuan",)


async def test_a_repost_spares_whom_its_original_spares_unless_it_says_otherwise(
    scene: IngestScene,
) -> None:
    await scene.rivals()
    bare = scene.post(2, "转发微博", repost_of="1")
    joined = scene.post(3, "极川也是垃圾，刹车失灵没人管", repost_of="1")
    await scene.put(bare, joined, scene.post(1, RIVAL))
    later = scene.post(4, "转发微博", repost_of="2")
    await scene.put(later)
    found = [await scene.stored(post) for post in (bare, later, joined)]
    assert [post.spared for post in found] == [("jichuan",), ("jichuan",), ("yunfan",)]
    assert [post.sentiment for post in found] == ["negative"] * 3


async def test_a_repost_that_comes_again_after_its_original_spares_as_it_does(
    scene: IngestScene,
) -> None:
    await scene.rivals()
    repost = scene.post(2, "转发微博", repost_of="1")
    await scene.put(repost)
    await scene.put(scene.post(1, RIVAL))
    await scene.put(repost)
    assert (await scene.stored(repost)).spared == ("jichuan",)


async def test_an_edit_is_judged_anew(scene: IngestScene) -> None:
    await scene.rivals()
    await scene.put(scene.post(1, RIVAL))
    scene.clock.step(minutes=5)
    await scene.put(scene.post(1, OWN))
    assert (await scene.stored(scene.post(1, ""))).spared == ("yunfan",)


async def test_a_large_batch_is_stored_in_pieces_originals_first(
    scene: IngestScene, posts: PostStore
) -> None:
    sizes: list[int] = []

    class Counting(BrokenStore):
        async def upsert(self, posts: Any) -> Any:
            sizes.append(len(posts))
            return await super().upsert(posts)

    reposts = [scene.post(number, "转发微博", repost_of="0") for number in range(1, 1_101)]
    batch = [*reposts, scene.post(0, COMPLAINT)]
    report = await scene.over(Counting(posts)).ingest(batch, via="push")
    assert sizes == [500, 500, 101]
    assert list(report.changes) == [post.id for post in batch]
    assert await posts.count(PostQuery(monitors=("tea",), sentiments=("negative",))) == 1_101


async def test_others_get_their_turn_between_the_pieces(scene: IngestScene) -> None:
    stored: list[int] = []

    async def look() -> None:
        while not stored or stored[-1] < 600:
            stored.append(await scene.store.count(PostQuery()))
            await asyncio.sleep(0)

    watching = asyncio.create_task(look())
    await scene.put(*(scene.post(number, "好") for number in range(600)))
    await watching
    assert 500 in stored


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0), (2, 0, 1)])
async def test_reposts_of_one_batch_take_after_the_original_in_any_order(
    scene: IngestScene, order: tuple[int, ...]
) -> None:
    chain = [
        scene.post(1, LONG),
        scene.post(2, "转发微博", repost_of="1"),
        scene.post(3, "转发微博", repost_of="2"),
    ]
    await scene.put(*(chain[place] for place in order))
    groups = {(await scene.stored(post)).copy_group for post in chain}
    assert len(groups) == 1
    assert [(await scene.stored(post)).monitors for post in chain] == [("tea",)] * 3


async def test_reposts_in_a_ring_are_stored_all_the_same(scene: IngestScene) -> None:
    ring = [
        scene.post(1, "转发微博", repost_of="2"),
        scene.post(2, "转发微博", repost_of="1"),
        scene.post(3, "转发微博", repost_of="3"),
    ]
    assert (await scene.put(*ring)).count(PostChange.NEW) == 3


async def test_a_repost_of_what_nobody_has_seen_stands_alone(scene: IngestScene) -> None:
    repost = scene.post(2, "转发微博", repost_of="404")
    await scene.put(repost)
    stored = await scene.stored(repost)
    assert (stored.monitors, stored.scenario) == ((), None)
    assert stored.copy_group == repost.id


async def test_a_repost_that_comes_again_after_its_original_joins_its_monitors(
    scene: IngestScene,
) -> None:
    repost = scene.post(2, "转发微博", repost_of="1")
    await scene.put(repost)
    await scene.put(scene.post(1, LONG))
    await scene.put(repost)
    assert (await scene.stored(repost)).monitors == ("tea",)


async def test_near_copies_are_one_group_and_bare_texts_none(scene: IngestScene) -> None:
    one = scene.post(1, LONG)
    two = scene.post(2, LONG + "！！")
    bare = [scene.post(3, "😀"), scene.post(4, "😀")]
    await scene.put(one, two, *bare)
    groups = [(await scene.stored(post)).copy_group for post in (one, two, *bare)]
    assert groups[0] == groups[1]
    assert groups[2:] == [bare[0].id, bare[1].id]


async def test_a_store_that_fails_keeps_nothing_and_the_batch_can_come_again(
    scene: IngestScene,
) -> None:
    broken = BrokenStore(scene.store)
    broken.refusals = 1
    ingest = scene.over(broken)
    posts = [scene.post(number, COMPLAINT) for number in range(3)]
    with pytest.raises(OSError, match="no space"):
        await ingest.ingest(posts, via="push")
    assert await scene.store.count(PostQuery()) == 0
    report = await ingest.ingest(posts, via="push")
    assert report.count(PostChange.NEW) == 3


class Noting:
    """Reads as the real one does and notes who was patient."""

    def __init__(self) -> None:
        self.patience: list[bool] = []
        self._reader = Inline(shipped_analyzer())

    async def analyze(self, texts: Sequence[str], *, patient: bool = False) -> list[Analysis]:
        self.patience.append(patient)
        return await self._reader.analyze(texts)


async def test_crawled_posts_wait_for_room_instead_of_being_turned_away(
    scene: IngestScene,
) -> None:
    reader = Noting()
    ingest = scene.over(scene.store, reader=reader)
    assert await ingest.ingest([scene.post(1, COMPLAINT)], via="push")
    assert reader.patience == [True]


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.sampled_from(["好喝", LONG, "转发微博", ""])), max_size=10
    )
)
async def test_however_often_it_comes_a_post_is_stored_once(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, str]]
) -> None:
    folder = tmp_path_factory.mktemp("once")
    async with open_database("sqlite", folder) as database, open_posts(folder) as store:
        scene = IngestScene(database, SteppingClock(), store)
        for number, text in rows:
            scene.clock.step(minutes=1)
            await scene.put(scene.post(number, text))
        latest = dict(rows)
        assert await store.count(PostQuery()) == len(latest)
        for number, text in latest.items():
            assert (await scene.stored(scene.post(number, ""))).text == text


async def test_what_a_post_says_stands_among_its_categories(scene: IngestScene) -> None:
    threat = scene.post(1, "山岚的酸奶再不给我退款，我就去 12315 投诉并且起诉你们！")
    await scene.put(threat)
    stored = await scene.stored(threat)
    assert "pattern:legal_threat" in stored.categories
    assert not [name for name in stored.categories if name == "legal_threat"]
