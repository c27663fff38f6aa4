"""Drills are begun by leads, one at a time, stopped with their score, and cleared."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.auth import SYSTEM, Role
from service.db import tables
from service.drill import DrillState
from service.errors import Conflict, Forbidden, InvalidInput, NotFound
from service.incidents import State
from tests.support.drill_scene import LEAD, TEAM, DrillScene, limited, opens, rises, tape
from tests.support.incident_scene import VIEWER, person

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_there_is_one_at_a_time(scene: DrillScene) -> None:
    drill = await scene.begin()
    with pytest.raises(Conflict, match=drill.id):
        await scene.begin()


async def test_a_viewer_begins_none_and_stops_none(scene: DrillScene) -> None:
    with pytest.raises(Forbidden):
        await scene.office.begin(VIEWER, stream="x", speed=1, tape=tape())
    drill = await scene.begin()
    with pytest.raises(Forbidden):
        await scene.office.stop(VIEWER, drill.id)


async def test_a_lead_of_some_monitors_names_one_of_them(scene: DrillScene) -> None:
    lead = limited(LEAD, "juice")
    for monitor in (None, "tea"):
        with pytest.raises(Forbidden):
            await scene.office.begin(lead, stream="x", speed=1, monitor=monitor, tape=tape())
    drill = await scene.office.begin(lead, stream="x", speed=1, monitor="juice", tape=tape())
    assert (await scene.office.get(lead, drill.id)).monitor == "juice"
    assert [item.id for item in (await scene.office.page(lead, after=None, limit=5)).items] == [
        drill.id
    ]
    with pytest.raises(Forbidden):
        await scene.office.get(limited(VIEWER, "tea"), drill.id)


@pytest.mark.parametrize("speed", [0.0, 0.01, 5000.0, float("nan")])
async def test_a_speed_out_of_bounds_is_refused(scene: DrillScene, speed: float) -> None:
    with pytest.raises(InvalidInput) as caught:
        await scene.begin(speed=speed)
    assert caught.value.errors[0][0] == "speed"


async def test_a_tail_without_end_is_refused(scene: DrillScene) -> None:
    with pytest.raises(InvalidInput):
        await scene.begin(tail=timedelta(days=30))


async def test_it_knows_the_channels_for_drills(scene: DrillScene) -> None:
    assert (await scene.begin()).channels == ("practice",)


async def test_stopping_scores_and_cancels_what_is_pending(scene: DrillScene) -> None:
    drill = await scene.begin(opens(), rises(minutes=30))
    await scene.wait(minutes=5)
    stopped = await scene.office.stop(LEAD, drill.id, reason="a real one came")
    incident = await scene.incident(drill)
    assert stopped.state is DrillState.STOPPED
    assert (stopped.ended_by, stopped.reason) == (LEAD.id, "a real one came")
    assert incident.state is State.FALSE_POSITIVE
    assert stopped.sheet is not None
    assert stopped.sheet["incidents"][0]["steps"]
    timers = [row for row in await scene.rows(tables.timer) if row["incident_id"] == incident.id]
    assert timers
    assert {row["state"] for row in timers} <= {"cancelled", "fired"}
    await scene.wait(hours=1)
    assert (await scene.incident(drill)).tier == "yellow"


async def test_stopping_twice_changes_nothing(scene: DrillScene) -> None:
    drill = await scene.begin()
    first = await scene.office.stop(LEAD, drill.id)
    assert await scene.office.stop(TEAM, drill.id) == first


async def test_an_overlong_reason_is_refused(scene: DrillScene) -> None:
    drill = await scene.begin()
    with pytest.raises(InvalidInput):
        await scene.office.stop(LEAD, drill.id, reason="x" * 1001)


async def test_the_sheet_is_read_while_it_goes_on(scene: DrillScene) -> None:
    drill = await scene.begin()
    assert await scene.office.sheet(SYSTEM, drill.id) is None
    await scene.wait(minutes=40)
    sheet = await scene.office.sheet(SYSTEM, drill.id)
    assert sheet is not None
    assert "acknowledge" in sheet["incidents"][0]["missed"]
    assert (await scene.now(drill)).sheet is None


async def test_what_goes_on_is_not_cleared(scene: DrillScene) -> None:
    drill = await scene.begin()
    with pytest.raises(Conflict, match="stop it first"):
        await scene.office.clear(LEAD, drill.id)


async def test_a_responder_clears_nothing(scene: DrillScene) -> None:
    with pytest.raises(Forbidden):
        await scene.office.clear(person("rui", Role.RESPONDER), "drl_any")


async def test_the_newest_is_found_and_pages_follow_one_another(scene: DrillScene) -> None:
    for _ in range(2):
        drill = await scene.begin()
        await scene.over()
    assert (await scene.office.latest(SYSTEM)).id == drill.id
    first = await scene.office.page(SYSTEM, after=None, limit=1)
    last = first.items[-1]
    second = await scene.office.page(SYSTEM, after=(last.created_at, last.id), limit=1)
    assert first.next == drill.id
    assert second.items[0].created_at < last.created_at


async def test_one_that_is_not_there_is_not_found(scene: DrillScene) -> None:
    with pytest.raises(NotFound, match="drl_none"):
        await scene.office.get(SYSTEM, "drl_none")


async def test_every_deed_is_in_the_audit_trail(scene: DrillScene) -> None:
    drill = await scene.begin()
    await scene.office.stop(LEAD, drill.id)
    await scene.office.clear(LEAD, drill.id)
    rows = [row for row in await scene.rows(tables.audit_entry) if row["subject_id"] == drill.id]
    assert [row["action"] for row in rows] == ["drill.begun", "drill.stopped", "drill.cleared"]
