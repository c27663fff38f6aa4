"""What stands around an item."""

from __future__ import annotations

import pytest

from service.db import tables
from service.errors import Forbidden
from service.moderation.review import AroundItems
from tests.support.clock import START
from tests.support.review_scene import ANNA, BO, VIEWER, ReviewScene, case


async def test_the_authors_other_texts_and_the_copies_of_the_hold(scene: ReviewScene) -> None:
    async with scene.database.write() as connection:
        await connection.execute(
            tables.hold.insert().values(
                id="hold_1",
                kind="post",
                blocking=True,
                state="pending",
                labels=[],
                risk_level="high",
                exact="e",
                simhash="0",
                bands=[],
                policy="default@1",
                caller="key",
                copies=7,
                created_at=START,
                updated_at=START,
            )
        )
    held = {"hold_id": "hold_1", "held": True, "author": "au_1"}
    item = await scene.filed(case("一", item_id="1", **held))
    await scene.filed(case("二", item_id="2", **held))
    await scene.filed(case("三", item_id="3", author="au_2"))
    around = AroundItems(database=scene.database, desk=scene.desk)
    found = await around.of(ANNA, item)
    assert [other.text for other in found.others] == ["二"]
    assert (found.copies, found.waiting) == (7, 1)
    with pytest.raises(Forbidden):
        await around.of(VIEWER, item)


async def test_a_second_opinion_is_not_told_by_what_stands_around_it(local: ReviewScene) -> None:
    local.chance = 0.01
    first = await local.decide(await local.filed(case(author="au_1")), ANNA)
    [twin] = await local.pending(BO)
    around = AroundItems(database=local.database, desk=local.desk)
    assert (await around.of(BO, twin)).others == ()
    assert (await around.of(BO, first)).others == ()
