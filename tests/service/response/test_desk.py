"""What people do with the steps of a run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from service.db import tables
from service.errors import Conflict, Forbidden, InvalidInput, NotFound
from service.response import ResponseDesk, RunFile
from tests.support.clock import START
from tests.support.incident_scene import LEAD, RESPONDER, VIEWER, IncidentScene

Deed = Callable[[ResponseDesk, str], Awaitable[RunFile]]
DEEDS: dict[str, Deed] = {
    "done": lambda desk, id_: desk.do(RESPONDER, id_, "first_response", note="链接"),
    "skipped": lambda desk, id_: desk.skip(RESPONDER, id_, "first_response", reason="店已答复"),
}


async def test_the_file_has_the_incident_and_its_run(local: IncidentScene) -> None:
    opened = await local.open()
    file = await local.response_desk.file(VIEWER, opened.id)
    assert file.incident == opened
    assert file.stored.incident_id == opened.id
    assert file.stored.run.step("detected").state.value == "done"


@pytest.mark.parametrize("deed", DEEDS)
async def test_each_deed_is_kept_whole_with_who_and_when(scene: IncidentScene, deed: str) -> None:
    opened = await scene.open()
    before = await scene.footprint()
    now = scene.clock.step(minutes=4)
    file = await DEEDS[deed](scene.response_desk, opened.id)
    step = (await scene.steps(opened.id))["first_response"]
    assert (step.state, step.done_at, step.done_by) == (deed, now, RESPONDER.id)
    assert file.stored.run.step("first_response").state.value == deed
    after = await scene.footprint()
    for table in ("incident_event", "audit_entry", "outbox"):
        assert after[table] == before[table] + 1, table
    (audited,) = [row for row in await scene.rows(tables.audit_entry) if row["at"] == now]
    assert (audited["action"], audited["actor"]) == (f"step.{deed}", RESPONDER.id)
    assert "first_response" not in await scene.pending_timers()


async def test_why_a_step_was_left_out_is_in_the_audit(local: IncidentScene) -> None:
    opened = await local.open()
    await DEEDS["skipped"](local.response_desk, opened.id)
    (audited,) = [
        row for row in await local.rows(tables.audit_entry) if row["action"] == "step.skipped"
    ]
    assert audited["data"]["note"] == "店已答复"


async def test_a_step_is_taken_back_with_its_deadline(scene: IncidentScene) -> None:
    opened = await scene.open()
    due = (await scene.due_times(opened.id))["first_response"]
    await DEEDS["done"](scene.response_desk, opened.id)
    await scene.response_desk.reopen(RESPONDER, opened.id, "first_response", note="发错了")
    step = (await scene.steps(opened.id))["first_response"]
    assert (step.state, step.due_at, step.done_at) == ("pending", due, None)
    assert "first_response" in await scene.pending_timers()
    assert (await scene.kinds())[-1] == "step_reopened"


async def test_a_second_click_leaves_no_second_trace(scene: IncidentScene) -> None:
    opened = await scene.open()
    for deed in DEEDS.values():
        await deed(scene.response_desk, opened.id)
        await scene.response_desk.reopen(RESPONDER, opened.id, "first_response")
    footprint = await scene.footprint()
    await scene.response_desk.reopen(RESPONDER, opened.id, "first_response")
    assert await scene.footprint() == footprint


async def test_skipping_twice_is_skipping_once(local: IncidentScene) -> None:
    opened = await local.open()
    await DEEDS["skipped"](local.response_desk, opened.id)
    footprint = await local.footprint()
    await DEEDS["skipped"](local.response_desk, opened.id)
    assert await local.footprint() == footprint


async def test_an_unknown_step_is_answered_with_those_there_are(local: IncidentScene) -> None:
    opened = await local.open()
    with pytest.raises(NotFound, match=r"no step 'dance'; it has: .*acknowledge"):
        await local.response_desk.do(LEAD, opened.id, "dance")


async def test_what_only_the_incident_can_do_is_refused(local: IncidentScene) -> None:
    opened = await local.open()
    footprint = await local.footprint()
    with pytest.raises(Conflict, match="acknowledged"):
        await local.response_desk.do(LEAD, opened.id, "acknowledge")
    assert await local.footprint() == footprint


async def test_a_mandatory_step_is_not_skipped_without_a_reason(local: IncidentScene) -> None:
    opened = await local.open()
    with pytest.raises(Conflict, match="mandatory"):
        await local.response_desk.skip(LEAD, opened.id, "first_response", reason="  ")


async def test_a_note_has_its_limit(local: IncidentScene) -> None:
    opened = await local.open()
    with pytest.raises(InvalidInput, match="at most 10000"):
        await local.response_desk.do(LEAD, opened.id, "first_response", note="x" * 10_001)


async def test_who_only_reads_works_no_step(local: IncidentScene) -> None:
    opened = await local.open()
    with pytest.raises(Forbidden):
        await local.response_desk.do(VIEWER, opened.id, "first_response")


async def test_the_next_step_of_each_incident(scene: IncidentScene) -> None:
    one = await scene.open()
    other = await scene.open(scenario="outage", tier="red", tier_rank=3)
    await scene.pass_time(minutes=6)
    following = await scene.response_desk.next_steps([one.id, other.id, "inc_none"])
    assert set(following) == {one.id, other.id}
    assert following[one.id].state == "pending"
    assert following[one.id].due_at == (await scene.get(one.id)).next_due_at
    due_at = following[one.id].due_at
    assert due_at is not None
    assert due_at > START
