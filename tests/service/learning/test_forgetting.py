"""Corrections go when the posts that they are of have gone."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from service.db.tables import correction
from service.learning.forgetting import CorrectionForgetting
from tests.support.learning_scene import LearningScene
from tests.support.stored_posts import NOON


async def kept(scene: LearningScene) -> list[str]:
    async with scene.database.read() as connection:
        return list(await connection.scalars(select(correction.c.post_id)))


async def test_what_was_said_of_an_erased_author_goes_with_the_posts(scene: LearningScene) -> None:
    forgetting = CorrectionForgetting(scene.database, store=scene.store)
    for number in (1, 2):
        await scene.corrected(number, "漏水")
    assert await forgetting.forget_author("au1") == 0
    await scene.store.delete_by_author("au1")
    assert await forgetting.forget_author("au1") == 1
    assert await kept(scene) == [f"p{2:023d}"]


async def test_what_was_said_of_posts_too_old_to_be_kept(local: LearningScene) -> None:
    forgetting = CorrectionForgetting(local.database, store=local.store)
    await local.corrected(1, "漏水")
    edge = NOON + timedelta(days=1)
    await local.store.delete_before(edge, keep=())
    assert await forgetting.forget_before(edge) == 1
    assert await kept(local) == []
