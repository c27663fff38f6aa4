from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from service.db.alone import Alone, alone
from service.db.changes import announce
from service.db.tables import story_post
from service.stories import StoryFilter, StoryNotFound
from service.stories.job import CHANGE
from tests.service.stories.scene import StoryScene

AUTHOR = f"au_{1:020x}"


async def erase(scene: StoryScene, author: str) -> int:
    await scene.store.delete_by_author(author)
    return await scene.forgetting.forget_author(author)


async def test_an_erased_author_leaves_the_story(scene: StoryScene) -> None:
    await scene.told(
        scene.post(1, "秘密暗号鸳鸯蝴蝶梦，青柚茶里喝出玻璃碎片，孩子嘴唇被割破缝了两针")
    )
    await scene.told(*(scene.glass(n) for n in range(2, 6)))
    (before,), _ = await scene.book.page(StoryFilter())
    assert before.posts == 5

    assert await erase(scene, AUTHOR) == 1

    story = await scene.book.one(before.id)
    assert (story.summary.posts, story.summary.texts) == (4, 4)
    assert story.first_post is not None
    assert story.first_post.native_id == "2"
    assert "1" not in {post.native_id for post in story.representatives}
    assert not {"鸳鸯", "蝴蝶", "鸳鸯蝴蝶梦", "暗号"} & set(story.summary.terms)
    assert sum(point.posts for point in story.curve) == 4
    posts, _ = await scene.book.posts(before.id)
    assert [post.native_id for post in posts] == ["5", "4", "3", "2"]


async def test_a_story_of_one_author_is_gone_with_them(scene: StoryScene) -> None:
    await scene.told(*(scene.glass(n, author=AUTHOR) for n in range(1, 5)))
    (item,), _ = await scene.book.page(StoryFilter())

    assert await erase(scene, AUTHOR) == 4

    with pytest.raises(StoryNotFound):
        await scene.book.one(item.id)


async def test_the_job_learns_of_it(scene: StoryScene) -> None:
    await scene.told(*(scene.glass(n) for n in range(1, 5)))
    await erase(scene, AUTHOR)

    await scene.told(scene.glass(6))

    (item,), _ = await scene.book.page(StoryFilter())
    assert item.posts == 4


async def test_an_erasure_while_the_job_writes_is_not_undone(scene: StoryScene) -> None:
    leaver = f"au_{99:020x}"
    await scene.told(*(scene.glass(n) for n in range(1, 5)))
    await scene.offered(*(scene.glass(n, author=leaver) for n in range(5, 9)))
    async with scene.database.write() as connection:
        await alone(connection, Alone.WRITE_STORIES)
        job = asyncio.create_task(scene.job.run(scene.clock.now()))
        await asyncio.sleep(0.3)  # it has read the posts, and waits to write
        await scene.store.delete_by_author(leaver)
        await announce(connection, at=scene.clock.now(), kind=CHANGE, subject_id="forgotten")
    await job

    (item,), _ = await scene.book.page(StoryFilter())
    assert item.posts == 4
    async with scene.database.read() as connection:
        count = select(func.count()).where(story_post.c.author == leaver)
        assert await connection.scalar(count) == 0


async def test_old_posts_leave_and_evidence_stays(scene: StoryScene) -> None:
    await scene.told(*(scene.glass(n) for n in range(1, 5)))
    kept = scene.glass(2).id
    before = scene.glass(4).published_at

    assert await scene.forgetting.forget_before(before, keep=[kept]) == 2

    (item,), _ = await scene.book.page(StoryFilter())
    assert item.posts == 2
    assert await scene.home(1) is None
    assert await scene.home(2) == item.id


async def test_forgetting_twice_is_forgetting_once(scene: StoryScene) -> None:
    await scene.told(*(scene.glass(n) for n in range(1, 5)))
    await erase(scene, AUTHOR)

    assert await erase(scene, AUTHOR) == 0
    assert await scene.forgetting.forget_before(scene.clock.now() - timedelta(days=9)) == 0
