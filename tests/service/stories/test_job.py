from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from nlp.stories import Merge, Split, Story
from service.db.tables import lease, story, story_facet, story_knowledge, story_post
from service.stores.errors import StoreUnreachable
from service.stores.post_store import StoredPost
from service.stores.sqlite import SqlitePostStore
from service.stories import Embedded, StoryFilter, StoryNotFound, repository
from service.stories.job import EVERY, LEASE
from tests.service.stories.scene import StoryScene


def ordinary(scene: StoryScene, number: int) -> StoredPost:
    """A post about something else each time."""
    first, second = chr(0x4E00 + number), chr(0x5000 + number)
    return scene.post(number, f"第{number}号店今天上新了{first}味{second}果的蛋糕")


async def test_posts_of_one_thing_share_a_story(scene: StoryScene) -> None:
    await scene.told(
        *(scene.glass(n) for n in range(1, 5)), *(scene.coupon(n) for n in range(5, 9))
    )

    assert len({await scene.home(n) for n in range(1, 5)}) == 1
    assert len({await scene.home(n) for n in range(5, 9)}) == 1
    assert await scene.home(1) != await scene.home(5)


async def test_the_same_posts_twice_change_nothing(scene: StoryScene) -> None:
    batch = [scene.glass(n) for n in range(1, 5)]
    assert await scene.told(*batch) == 4
    assert await scene.told(*batch) == 0

    (item,), _ = await scene.book.page(StoryFilter())
    assert item.posts == 4


async def test_without_a_model_the_text_itself_is_compared(scene: StoryScene) -> None:
    posts = [scene.glass(n) for n in range(1, 5)]
    await scene.store.upsert(posts)
    await scene.inbox.offer([Embedded(post=p, vector=None) for p in posts], now=scene.clock.now())
    await scene.job.run(scene.clock.now())

    (item,), _ = await scene.book.page(StoryFilter())
    assert (item.posts, item.space) == (4, "ngrams-1/512")


async def test_another_process_goes_on_where_one_stopped(scene: StoryScene) -> None:
    await scene.told(*(scene.glass(n) for n in range(1, 5)))
    home = await scene.home(1)
    await scene.job.close()

    await scene.offered(scene.glass(6))
    assert await scene.process("two").run(scene.clock.now()) == 1

    assert await scene.home(6) == home
    (item,), _ = await scene.book.page(StoryFilter())
    assert (item.posts, item.texts) == (5, 5)


async def test_two_processes_do_not_place_at_once(scene: StoryScene) -> None:
    await scene.told(scene.glass(1))
    await scene.offered(scene.glass(2))

    assert await scene.process("two").run(scene.clock.now()) == 0
    assert await scene.waiting() == 1


async def test_who_lost_the_turn_unawares_reads_anew(scene: StoryScene) -> None:
    await scene.told(*(scene.glass(n) for n in range(1, 4)))
    async with scene.database.write() as connection:
        await connection.execute(
            update(lease).where(lease.c.name == LEASE).values(fence=lease.c.fence + 2)
        )

    assert await scene.told(scene.glass(4)) == 1
    assert await scene.home(4) == await scene.home(1)


async def test_a_repost_of_a_quiet_story_brings_it_back(scene: StoryScene) -> None:
    await scene.told(*(scene.glass(n) for n in range(1, 5)))
    home = await scene.home(1)
    scene.clock.step(days=4)
    for start in range(100, 164, 16):
        await scene.told(*(ordinary(scene, n) for n in range(start, start + 16)))
    assert home is not None
    assert (await scene.book.one(home)).summary.phase == "quiet"

    await scene.told(scene.post(59, "怎么还没道歉", repost_of="1"))

    assert await scene.home(59) == home
    assert (await scene.book.one(home)).summary.phase == "open"


async def test_a_post_that_was_erased_meanwhile_is_placed_nowhere(scene: StoryScene) -> None:
    await scene.offered(scene.glass(1), scene.glass(2))
    await scene.store.delete_by_author(f"au_{1:020x}")

    assert await scene.job.run(scene.clock.now()) == 1
    assert await scene.home(1) is None
    assert await scene.waiting() == 0


async def test_seeds_are_not_shown_and_leave_no_rows(scene: StoryScene) -> None:
    await scene.told(scene.glass(1))
    home = await scene.home(1)
    assert home is not None
    with pytest.raises(StoryNotFound):
        await scene.book.one(home)
    scene.clock.step(days=2)
    for start in range(100, 164, 16):
        await scene.told(*(ordinary(scene, n) for n in range(start, start + 16)))

    async with scene.database.read() as connection:
        for table, column in (
            (story, story.c.id),
            (story_post, story_post.c.story_id),
            (story_facet, story_facet.c.story_id),
        ):
            query = select(func.count()).select_from(table).where(column == home)
            assert await connection.scalar(query) == 0


async def test_it_is_idle_between_and_keeps_what_it_learnt(scene: StoryScene) -> None:
    now = scene.clock.now()
    assert await scene.job.next_at() is None
    await scene.told(*(scene.glass(n) for n in range(1, 4)))
    assert await scene.job.next_at() is None
    await scene.offered(scene.glass(4))
    assert await scene.job.next_at() == now + EVERY

    async with scene.database.read() as connection:
        names = set(await connection.scalars(select(story_knowledge.c.name)))
    assert names == {"words", "test/64"}


class Away(SqlitePostStore):
    """Cannot be reached."""

    async def get_many(self, post_ids: Sequence[str]) -> Mapping[str, StoredPost]:
        raise StoreUnreachable("away")


async def test_a_store_that_is_away_loses_nothing(scene: StoryScene, tmp_path: Path) -> None:
    await scene.told(scene.glass(1))
    await scene.job.close()
    await scene.offered(scene.glass(2), scene.glass(3))
    failing = scene.process("two", store=Away(tmp_path / "away.db", query_phrases=lambda _: ()))
    with pytest.raises(StoreUnreachable):
        await failing.run(scene.clock.now())
    await failing.close()

    assert await scene.process("three").run(scene.clock.now()) == 2
    assert await scene.home(3) == await scene.home(1)


async def test_a_story_of_another_version_is_left_alone(scene: StoryScene) -> None:
    await scene.told(*(scene.glass(n) for n in range(1, 4)))
    async with scene.database.write() as connection:
        row = (await connection.execute(select(story.c.data))).one()
        await connection.execute(update(story).values(data=dict(row.data) | {"version": 99}))

    await scene.job.close()
    await scene.offered(scene.coupon(4))

    assert await scene.process("two").run(scene.clock.now()) == 1


async def test_a_split_moves_the_posts_of_its_texts(scene: StoryScene) -> None:
    await scene.told(*(scene.glass(n) for n in range(1, 6)))
    home = await scene.home(1)
    assert home is not None
    origin = Story(id=home, space="test", founded=0.0)
    part = Story(id="sto_part", space="test", founded=0.0, origin=home)

    async with scene.database.write() as connection:
        groups = tuple(scene.glass(n).copy_group for n in (2, 4))
        changes = [Split(origin, part, groups)]
        await repository.regroup(connection, changes, at=scene.clock.now())

    assert [await scene.home(n) for n in range(1, 6)] == [home, "sto_part", home, "sto_part", home]


async def test_a_seed_that_is_merged_leaves_no_id_behind(scene: StoryScene) -> None:
    await scene.told(*(scene.glass(n) for n in range(1, 4)), scene.coupon(9))
    home, seed = await scene.home(1), await scene.home(9)
    assert home is not None
    assert seed is not None
    change = Merge(
        Story(id=seed, space="test", founded=0.0), Story(id=home, space="test", founded=0.0)
    )

    async with scene.database.write() as connection:
        await repository.regroup(connection, [change], at=scene.clock.now())

    assert await scene.home(9) == home
    with pytest.raises(StoryNotFound):
        await scene.book.one(seed)
