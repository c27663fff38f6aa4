"""Recurring duties on the clock: asked, escalated, missed, done; the next from the due time."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from service.auth import SYSTEM, Role
from service.db import tables
from service.errors import Conflict, Forbidden, InvalidInput, NotFound
from service.oncall import ContactDraft
from service.oncall.model import ContactChannel, Target, TargetKind
from service.recurring import RecurringDraft, Round, RoundState
from tests.support.clock import START
from tests.support.drill_scene import DrillScene, open_drills
from tests.support.incident_scene import LEAD, RESPONDER, VIEWER, person

pytestmark = pytest.mark.asyncio(loop_scope="module")
LIN = Target(kind=TargetKind.PERSON, id="lin")
DUE = START + timedelta(days=12)
"""10:00 in Shanghai on the 13th of March."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[DrillScene]:
    async with open_drills(tmp_path_factory.mktemp("recurring")) as scene:
        channels = (ContactChannel(channel="real"),)
        await scene.container.contacts.put(
            SYSTEM, ContactDraft(id="lin", name="lin", channels=channels)
        )
        yield scene


def duty(**changes: Any) -> RecurringDraft:
    made = RecurringDraft(
        id="review",
        name="风险排查",
        owner=LIN,
        starts_on=date(2024, 3, 1),
        every_months=1,
        day=13,
    )
    return replace(made, **changes)


async def put(scene: DrillScene, **changes: Any) -> None:
    await scene.container.recurring.put(LEAD, duty(**changes))


async def rounds(scene: DrillScene, duty_id: str) -> tuple[Round, ...]:
    return await scene.container.recurring_desk.rounds(VIEWER, duty_id, limit=10)


def told(scene: DrillScene, duty_id: str) -> list[str]:
    """What was sent about a duty, and to whom."""
    return [
        f"{item.channel_id}:{item.message.type.value}"
        for item in scene.container.recorder.sent
        if item.message.data.get("recurring", {}).get("id") == duty_id
    ]


async def test_a_life_of_rounds(place: DrillScene) -> None:
    await put(place, id="a")
    (first,) = await rounds(place, "a")
    assert (first.due_at, first.state) == (DUE, RoundState.OPEN)
    await place.wait(days=4)
    assert told(place, "a") == []
    await place.wait(days=2)
    assert told(place, "a") == ["real:recurring.due_soon"]

    desk = place.container.recurring_desk
    done = await desk.do(
        RESPONDER, "a", first.id, note="查了五类", evidence="https://docs.example/1"
    )
    assert (done.state, done.done_by, done.is_late) == (RoundState.DONE, RESPONDER.id, False)
    assert await desk.do(LEAD, "a", first.id, note="again", evidence=None) == done
    following, _ = await rounds(place, "a")
    assert following.due_at == DUE + timedelta(days=31)

    await place.wait(days=46)
    assert told(place, "a")[-3:] == [
        "real:recurring.due_soon",
        "real:recurring.due",
        "real:recurring.escalated",
    ]
    late = await desk.do(RESPONDER, "a", following.id, note="迟了", evidence=None)
    assert late.is_late
    third = (await rounds(place, "a"))[0]
    assert third.due_at == DUE + timedelta(days=61)

    await place.wait(days=46)
    assert set(told(place, "a")[-2:]) == {"real:recurring.missed", "real:recurring.due_soon"}
    assert [item.state for item in await rounds(place, "a")][:2] == ["open", "missed"]
    assert place.container.recorder.sent[-1].message.data["recurring"]["missed"] == 1
    with pytest.raises(Conflict, match="missed"):
        await desk.do(RESPONDER, "a", third.id, note="x", evidence=None)


async def test_a_round_is_left_out_with_a_reason(place: DrillScene) -> None:
    await put(place, id="c")
    (first,) = await rounds(place, "c")
    desk = place.container.recurring_desk
    with pytest.raises(InvalidInput) as refused:
        await desk.skip(RESPONDER, "c", first.id, reason=" ")
    assert [path for path, _ in refused.value.errors] == ["reason"]
    skipped = await desk.skip(RESPONDER, "c", first.id, reason="并入年度审查")
    assert (skipped.state, skipped.note) == (RoundState.SKIPPED, "并入年度审查")
    assert (skipped.done_by, skipped.is_late) == (RESPONDER.id, False)
    assert await desk.skip(LEAD, "c", first.id, reason="again") == skipped
    with pytest.raises(Conflict, match="was skipped"):
        await desk.do(RESPONDER, "c", first.id, note="x", evidence=None)
    (following, _) = await rounds(place, "c")
    assert (following.state, following.due_at > first.due_at) == (RoundState.OPEN, True)
    assert not [item for item in told(place, "c") if "done" in item]
    with pytest.raises(Forbidden):
        await desk.skip(VIEWER, "c", following.id, reason="x")


async def test_saving_again_moves_the_open_round(place: DrillScene) -> None:
    await put(place, id="b")
    (before,) = await rounds(place, "b")
    await put(place, id="b")
    await put(place, id="b", day=20)
    (after,) = await rounds(place, "b")
    assert after.id == before.id
    assert after.due_at.day == 20


async def test_a_duty_that_is_deleted_asks_nobody(place: DrillScene) -> None:
    await put(place, id="c")
    await place.container.recurring.delete(LEAD, "c")
    await place.wait(days=70)
    assert told(place, "c") == []
    assert await rounds(place, "c") == ()


async def test_an_owner_whom_nobody_fills_is_told_to_everybody(place: DrillScene) -> None:
    await put(place, id="d", owner=Target(kind=TargetKind.ROLE, id="pr"), warn_days=14)
    await place.wait(days=35)
    assert "real:recurring.due" in told(place, "d")
    assert not any(line.startswith("practice") for line in told(place, "d"))


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"every_months": 0}, "every_months"),
        ({"every_months": 37}, "every_months"),
        ({"day": 32}, "day"),
        ({"warn_days": 15}, "warn_days"),
        ({"escalate_days": 0}, "escalate_days"),
        ({"zone": "Mars"}, "zone"),
        ({"owner": Target(kind=TargetKind.PERSON, id="ghost")}, "owner"),
        ({"deputy": Target(kind=TargetKind.ROTA, id="ghost")}, "deputy"),
        ({"instructions": "x" * 4001}, "instructions"),
        ({"name": " "}, "name"),
    ],
)
async def test_mistakes_are_refused(place: DrillScene, changes: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await put(place, id="e", **changes)
    assert [where for where, _ in caught.value.errors] == [path]


@pytest.mark.parametrize(
    ("note", "evidence"), [("", None), ("x" * 4001, None), ("x", "javascript:alert(1)")]
)
async def test_a_round_is_done_with_a_note_and_a_real_link(
    place: DrillScene, note: str, evidence: str | None
) -> None:
    with pytest.raises(InvalidInput):
        await place.container.recurring_desk.do(LEAD, "b", "any", note=note, evidence=evidence)


async def test_who_may_do_what(place: DrillScene) -> None:
    desk = place.container.recurring_desk
    with pytest.raises(Forbidden):
        await desk.do(VIEWER, "b", "any", note="x", evidence=None)
    with pytest.raises(Forbidden):
        await place.container.recurring.put(person("x", Role.RESPONDER), duty())
    for duty_id in ("none", "b"):
        with pytest.raises(NotFound):
            await desk.do(LEAD, duty_id, "none", note="x", evidence=None)


async def test_those_that_ship_can_be_applied(place: DrillScene) -> None:
    path = Path("service/recurring/shipped.yaml")
    applied = await place.container.importer.apply(LEAD, path)
    assert len(applied.created) == 4
    assert (await place.container.importer.apply(LEAD, path)).created == ()
    rows = await place.rows(tables.recurring_round)
    assert {row["duty_id"] for row in rows} >= {"crisis-drill", "monthly-retrospective"}
