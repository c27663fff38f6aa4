"""More time for a step, kept: timers move with it, and everybody can read who said so."""

from __future__ import annotations

from datetime import timedelta

import pytest

from playbooks import DelayKind
from service.auth import Principal, PrincipalKind, Role
from service.db import tables
from service.errors import Conflict, Forbidden
from service.incidents import Action
from tests.support.incident_scene import LEAD, RESPONDER, IncidentScene

STEP = "first_response"
KEY = Principal(id="key_1", kind=PrincipalKind.KEY, name="bot", roles=frozenset({Role.LEAD}))


async def ask(scene: IncidentScene, incident: str, *, pause: bool = False) -> None:
    await scene.response_desk.ask_delay(
        RESPONDER,
        incident,
        STEP,
        kind=DelayKind.PAUSE if pause else DelayKind.EXTEND,
        lasting=timedelta(hours=1),
        reason="店长在路上",
    )


async def due_timer(scene: IncidentScene, kind: str) -> list[object]:
    rows = await scene.rows(tables.timer)
    return [
        row["due_at"]
        for row in rows
        if row["kind"] == kind and row["state"] == "pending" and row["payload"]["step"] == STEP
    ]


async def test_what_is_granted_moves_the_timer_and_is_told(scene: IncidentScene) -> None:
    opened = await scene.open()
    due = (await scene.due_times(opened.id))[STEP]
    assert due is not None
    await ask(scene, opened.id)
    assert (await scene.due_times(opened.id))[STEP] == due

    await scene.response_desk.decide_delay(LEAD, opened.id, STEP, granted=True, note="可以")

    later = due + timedelta(hours=1)
    assert (await scene.due_times(opened.id))[STEP] == later
    assert await due_timer(scene, "step.due") == [later]
    assert (await scene.kinds())[-2:] == ["step_delay_asked", "step_delay_granted"]
    granted = [
        row["data"]
        for row in await scene.rows(tables.audit_entry)
        if row["action"] == "step.delay_granted"
    ]
    assert [(item["reason"], item["asked_by"], item["note"]) for item in granted] == [
        ("店长在路上", RESPONDER.id, "可以")
    ]
    assert (await scene.told()).count("incident.updated") == 2


async def test_what_is_refused_moves_nothing(local: IncidentScene) -> None:
    opened = await local.open()
    due = await local.due_times(opened.id)
    await ask(local, opened.id)

    await local.response_desk.decide_delay(LEAD, opened.id, STEP, granted=False)

    assert await local.due_times(opened.id) == due
    assert (await local.kinds())[-1] == "step_delay_refused"


async def test_a_paused_step_leaves_the_queue_and_comes_back_by_itself(
    scene: IncidentScene,
) -> None:
    opened = await scene.open()
    due = (await scene.due_times(opened.id))[STEP]
    assert due is not None
    await ask(scene, opened.id, pause=True)
    await scene.response_desk.decide_delay(LEAD, opened.id, STEP, granted=True)

    assert (await scene.due_times(opened.id))[STEP] is None
    assert await due_timer(scene, "step.due") == []
    assert len(await due_timer(scene, "step.resume")) == 1

    await scene.pass_time(hours=1)

    assert (await scene.due_times(opened.id))[STEP] == due + timedelta(hours=1)
    assert await due_timer(scene, "step.due") == [due + timedelta(hours=1)]
    assert "step_resumed" in await scene.kinds()


async def test_a_person_lets_it_go_on(local: IncidentScene) -> None:
    opened = await local.open()
    due = (await local.due_times(opened.id))[STEP]
    assert due is not None
    await ask(local, opened.id, pause=True)
    await local.response_desk.decide_delay(LEAD, opened.id, STEP, granted=True)
    local.clock.step(minutes=10)

    await local.response_desk.resume(RESPONDER, opened.id, STEP)

    assert (await local.due_times(opened.id))[STEP] == due + timedelta(minutes=10)
    assert await due_timer(local, "step.resume") == []


async def test_an_incident_that_was_none_leaves_no_clock(local: IncidentScene) -> None:
    opened = await local.open()
    await ask(local, opened.id, pause=True)
    await local.response_desk.decide_delay(LEAD, opened.id, STEP, granted=True)

    await local.act(opened.id, Action.MARK_FALSE_POSITIVE)

    assert await due_timer(local, "step.resume") == []


async def test_two_people_are_needed(local: IncidentScene) -> None:
    opened = await local.open()
    await local.response_desk.ask_delay(
        LEAD, opened.id, STEP, kind=DelayKind.EXTEND, lasting=timedelta(hours=1), reason="因"
    )

    with pytest.raises(Conflict, match="whoever asks"):
        await local.response_desk.decide_delay(LEAD, opened.id, STEP, granted=True)
    with pytest.raises(Forbidden):
        await local.response_desk.decide_delay(RESPONDER, opened.id, STEP, granted=True)
    with pytest.raises(Forbidden, match="no account"):
        await local.response_desk.decide_delay(KEY, opened.id, STEP, granted=True)
