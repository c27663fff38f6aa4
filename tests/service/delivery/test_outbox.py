"""Telling the outside: once, cleanly, or not at all."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from service.db.tables import outbox
from service.delivery import enqueue
from service.events import EventType
from service.ids import stable_id
from tests.service.delivery.scene import Scene


async def rows(scene: Scene) -> list:
    async with scene.database.read() as connection:
        return list(await connection.execute(select(outbox)))


async def test_the_id_comes_from_type_and_parts(scene: Scene) -> None:
    made = await scene.tell("inc_1", "red", type_=EventType.INCIDENT_TIER_CHANGED)
    assert made == stable_id("msg", "incident.tier_changed", "inc_1", "red")
    assert "." not in made


async def test_telling_twice_keeps_the_first(scene: Scene) -> None:
    first = await scene.tell("inc_1", data={"title": "first"})
    second = await scene.tell("inc_1", data={"title": "second"})
    assert first == second
    assert [row.data for row in await rows(scene)] == [{"title": "first"}]


async def test_a_rollback_tells_nobody(scene: Scene) -> None:
    async def tell_and_fail() -> None:
        async with scene.database.write() as connection:
            await enqueue(
                connection,
                type=EventType.STEP_DUE,
                occurred_at=scene.clock.now(),
                incident_id=None,
                tier_rank=None,
                drill=False,
                data={},
                parts=["x"],
            )
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await tell_and_fail()
    assert await rows(scene) == []


async def test_data_is_made_plain_and_storable(scene: Scene) -> None:
    await scene.tell(
        data={
            "at": datetime(2024, 1, 1, tzinfo=UTC),
            "kind": EventType.STEP_DUE,
            "text": "a\x00b\ud800",
            "scores": [float("nan"), 0.5],
            "nested": {"at": datetime(2024, 1, 1, tzinfo=UTC)},
        }
    )
    (row,) = await rows(scene)
    assert row.data == {
        "at": "2024-01-01T00:00:00.000Z",
        "kind": "step.due",
        "text": "ab?",
        "scores": [None, 0.5],
        "nested": {"at": "2024-01-01T00:00:00.000Z"},
    }
