from __future__ import annotations

from datetime import timedelta

from service.coverage import CANARY
from tests.service.stories.scene import StoryScene


async def test_a_post_waits_once(scene: StoryScene) -> None:
    assert await scene.offered(scene.glass(1), scene.glass(2)) == 2
    assert await scene.offered(scene.glass(1), scene.glass(1)) == 0
    assert await scene.waiting() == 2


async def test_what_is_in_a_story_does_not_come_back(scene: StoryScene) -> None:
    await scene.told(scene.glass(1))

    assert await scene.offered(scene.glass(1)) == 0


async def test_old_posts_and_the_canary_stay_out(scene: StoryScene) -> None:
    old = scene.clock.now() - timedelta(days=4)

    assert await scene.offered(scene.glass(1, published_at=old), scene.glass(2, via=CANARY)) == 0


async def test_the_vector_goes_with_the_row(scene: StoryScene) -> None:
    await scene.told(scene.glass(1))

    assert await scene.waiting() == 0


async def test_nothing_is_nothing(scene: StoryScene) -> None:
    assert await scene.inbox.offer([], now=scene.clock.now()) == 0
