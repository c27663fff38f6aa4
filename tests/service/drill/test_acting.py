"""Scripts are played through the doors of people, each act once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from service.auth import SYSTEM
from service.drill import Acting, Doors, Drill, Script
from service.incidents import State
from service.jobs import advance
from tests.support.drill_scene import DrillScene, opens

pytestmark = pytest.mark.asyncio(loop_scope="module")


def acting(scene: DrillScene, drill: Drill, *acts: dict[str, Any]) -> Acting:
    container = scene.container
    people = [{"id": "anna", "name": "安娜", "roles": ["lead", "responder"]}]
    return Acting(
        container.database,
        office=scene.office,
        drill_id=drill.id,
        script=Script.model_validate(
            {"people": people, "acts": [{"by": "anna", **act} for act in acts]}
        ),
        doors=Doors(desk=container.desk, response=container.response_desk, team=container.team),
    )


async def play(scene: DrillScene, job: Acting, **duration: float) -> None:
    until = scene.clock.now() + timedelta(**duration)
    await advance(scene.clock, (*scene.container.line, job), until)


async def test_acts_happen_in_time_and_are_scored(scene: DrillScene) -> None:
    drill = await scene.begin(opens())
    job = acting(
        scene,
        drill,
        {"at": "40m", "act": "done", "step": "first_response", "note": "已回"},
        {"at": "12m", "act": "acknowledge"},
        {"at": "13m", "act": "comment", "note": "看帖"},
        {"at": "14m", "act": "respond"},
    )
    await play(scene, job, hours=1)
    incident = await scene.incident(drill)
    assert incident.acknowledged_at == incident.opened_at + timedelta(minutes=12)
    assert incident.state is State.RESPONDING
    assert job.refused == []
    sheet = await scene.office.sheet(SYSTEM, drill.id)
    assert sheet is not None
    first = sheet["incidents"][0]
    clocks = {clock["step"]: clock for clock in first["clocks"]}
    assert clocks["acknowledge"]["took_s"] == 12 * 60
    assert clocks["first_response"]["verdict"] == "in_time"
    assert sheet["people"][0]["steps_done"] == 2


async def test_what_is_refused_is_remembered_and_the_rest_goes_on(scene: DrillScene) -> None:
    drill = await scene.begin(opens())
    job = acting(
        scene,
        drill,
        {"at": "1m", "act": "close"},
        {"at": "2m", "act": "skip", "step": "none_such", "note": "x"},
        {"at": "2m", "act": "take_seat", "role": "pr"},
        {"at": "3m", "act": "acknowledge"},
    )
    await play(scene, job, minutes=10)
    assert [item.act.act.value for item in job.refused] == ["close", "skip", "take_seat"]
    assert job.refused[0].to_json()["by"] == "anna"
    assert (await scene.incident(drill)).state is State.ACKNOWLEDGED


async def test_a_number_is_the_place_in_the_order_of_opening(scene: DrillScene) -> None:
    drill = await scene.begin(opens("x"), opens("b", minutes=5, scenario="outage"))
    job = acting(scene, drill, {"at": "1m", "act": "acknowledge", "incident": 2})
    await play(scene, job, minutes=10)
    assert (await scene.incident(drill, "x")).acknowledged_at is None
    second = await scene.incident(drill, "b")
    assert second.acknowledged_at == second.opened_at + timedelta(minutes=1)
