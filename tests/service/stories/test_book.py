from __future__ import annotations

from datetime import timedelta

import pytest

from nlp.stories import Merge, Story
from service.stories import StoryFilter, StoryNotFound, StorySort, repository
from tests.service.stories.scene import StoryScene


async def two_stories(scene: StoryScene) -> tuple[str, str]:
    """(glass, five posts, earlier; coupon, three posts, later, elsewhere)."""
    await scene.told(*(scene.glass(n) for n in range(1, 6)))
    await scene.told(*(scene.coupon(n, source="forum", monitors=("shop",)) for n in range(50, 53)))
    glass, coupon = await scene.home(1), await scene.home(50)
    assert glass is not None
    assert coupon is not None
    return glass, coupon


async def ids(scene: StoryScene, wanted: StoryFilter) -> list[str]:
    items, _ = await scene.book.page(wanted)
    return [item.id for item in items]


async def test_lists_are_sorted(scene: StoryScene) -> None:
    glass, coupon = await two_stories(scene)

    assert await ids(scene, StoryFilter(sort=StorySort.VOLUME)) == [glass, coupon]
    assert await ids(scene, StoryFilter(sort=StorySort.GROWTH)) == [coupon, glass]
    assert await ids(scene, StoryFilter(sort=StorySort.RECENCY)) == [coupon, glass]


async def test_lists_are_filtered(scene: StoryScene) -> None:
    glass, coupon = await two_stories(scene)
    middle = scene.clock.now() - timedelta(minutes=30)

    assert await ids(scene, StoryFilter(monitor="shop")) == [coupon]
    assert await ids(scene, StoryFilter(source="weibo")) == [glass]
    assert await ids(scene, StoryFilter(since=middle)) == [coupon]
    assert await ids(scene, StoryFilter(until=middle)) == [glass]
    assert await ids(scene, StoryFilter(monitor="shop", source="weibo")) == []


@pytest.mark.parametrize("sort", list(StorySort))
async def test_pages_go_on(scene: StoryScene, sort: StorySort) -> None:
    await two_stories(scene)
    whole = await ids(scene, StoryFilter(sort=sort))

    first, after = await scene.book.page(StoryFilter(sort=sort), limit=1)
    second, end = await scene.book.page(StoryFilter(sort=sort), limit=1, after=after)

    assert [item.id for item in (*first, *second)] == whole
    assert end is None


async def test_one_story_tells_where_it_began_and_how_it_grew(scene: StoryScene) -> None:
    glass, _ = await two_stories(scene)

    story = await scene.book.one(glass)

    assert story.first_post is not None
    assert story.first_post.native_id == "1"
    assert sum(point.posts for point in story.curve) == 5
    assert story.summary.sources == {"weibo": 5}
    assert story.summary.sentiments == {"neutral": 5}
    assert story.summary.pace > 0
    assert 1 <= len(story.representatives) <= 5


async def test_the_headline_is_picked_and_masked(scene: StoryScene) -> None:
    text = "青柚茶里喝出玻璃碎片，联系13812345678，孩子嘴唇被割破缝了两针"
    await scene.told(*(scene.post(n, text, copy_group="one") for n in range(1, 5)))

    (item,), _ = await scene.book.page(StoryFilter())

    assert item.headline is not None
    assert "13812345678" not in item.headline.text
    assert item.headline.text.startswith("青柚茶里喝出玻璃碎片")
    assert item.headline.post in {scene.post(n, text).id for n in range(1, 5)}


async def test_a_story_whose_posts_are_gone_has_no_headline(scene: StoryScene) -> None:
    glass, _ = await two_stories(scene)
    await scene.store.delete_before(scene.clock.now())

    story = await scene.book.one(glass)

    assert (story.summary.headline, story.first_post, story.representatives) == (None, None, ())


async def test_posts_are_paged_newest_first(scene: StoryScene) -> None:
    glass, _ = await two_stories(scene)

    first, after = await scene.book.posts(glass, limit=3)
    rest, end = await scene.book.posts(glass, limit=3, after=after)

    assert [post.native_id for post in (*first, *rest)] == ["5", "4", "3", "2", "1"]
    assert end is None


async def test_an_id_that_never_was(scene: StoryScene) -> None:
    with pytest.raises(StoryNotFound, match="sto_none"):
        await scene.book.one("sto_none")
    with pytest.raises(StoryNotFound):
        await scene.book.posts("sto_none")


async def merge(scene: StoryScene, gone: str, into: str) -> None:
    stories = [Story(id=name, space="test", founded=0.0, shown=True) for name in (gone, into)]
    for story in stories:
        story.tally.first_at = story.tally.last_at = scene.clock.now().timestamp()
    async with scene.database.write() as connection:
        await repository.regroup(connection, [Merge(stories[0], stories[1])], at=scene.clock.now())


async def test_the_id_of_a_merged_story_leads_on(scene: StoryScene) -> None:
    glass, coupon = await two_stories(scene)
    await merge(scene, coupon, glass)

    story = await scene.book.one(coupon)

    assert (story.asked, story.summary.id) == (coupon, glass)
    assert await ids(scene, StoryFilter()) == [glass]
    assert await scene.home(50) == glass


async def test_redirects_do_not_form_chains_and_go_with_time(scene: StoryScene) -> None:
    glass, coupon = await two_stories(scene)
    await merge(scene, "sto_before", coupon)
    await merge(scene, coupon, glass)
    assert (await scene.book.one("sto_before")).summary.id == glass

    scene.clock.step(days=40)
    await scene.forgetting.forget_before(scene.clock.now() - timedelta(days=30))

    with pytest.raises(StoryNotFound):
        await scene.book.one("sto_before")
