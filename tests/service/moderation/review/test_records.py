"""Verdicts are appended once a line, whatever comes between."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from service.errors import Conflict
from service.moderation.review import Line, Ruling, records
from service.moderation.review.model import HumanVerdict
from tests.support.clock import START
from tests.support.review_scene import ANNA, BLOCK, ReviewScene


async def test_the_database_refuses_a_second_verdict_of_a_line(scene: ReviewScene) -> None:
    item = await scene.filed()
    first = HumanVerdict(
        item_id=item.id,
        line=Line.SECOND,
        ruling=Ruling.BLOCK,
        labels=(),
        reason="fraud",
        note=None,
        rubric_version="1@0",
        reviewer=ANNA.id,
        at=START,
    )
    async with scene.database.write() as connection:
        await records.add_verdict(connection, first)
    with pytest.raises(Conflict, match="second line has decided"):
        async with scene.database.write() as connection:
            await records.add_verdict(connection, replace(first, ruling=Ruling.PASS))
    async with scene.database.read() as connection:
        assert await records.verdicts_of(connection, item.id) == (first,)


async def test_a_verdict_clicked_twice_is_made_once(scene: ReviewScene) -> None:
    item = await scene.filed()
    await scene.desk.claim(ANNA, item.id)
    done = await asyncio.gather(
        *(scene.desk.decide(ANNA, item.id, BLOCK) for _ in range(2)), return_exceptions=True
    )
    assert sorted(isinstance(answer, Conflict) for answer in done) == [False, True]
    assert len(await scene.outbox()) == 1
