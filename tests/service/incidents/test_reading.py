"""Who reads what is private leaves a row in the trail."""

from __future__ import annotations

import pytest

from service.db import tables
from service.errors import Forbidden, InvalidInput
from service.incidents import Action, Kind
from tests.support.incident_scene import LEAD, LEGAL, RESPONDER, IncidentScene


async def private(scene: IncidentScene) -> str:
    return (await scene.open(kind=Kind.PERSON_AT_RISK, scenario=None, subject="per_1")).id


async def readers(scene: IncidentScene) -> list[str]:
    rows = await scene.rows(tables.audit_entry)
    return [row["actor"] for row in rows if row["action"] == "incident.read"]


async def test_the_file_and_the_run_are_one_visit(scene: IncidentScene) -> None:
    incident = await private(scene)
    await scene.desk.file(RESPONDER, incident)
    await scene.response_desk.file(RESPONDER, incident)
    await scene.desk.file(LEAD, incident)
    assert await readers(scene) == [RESPONDER.id, LEAD.id]


async def test_a_visit_ends_after_ten_minutes(local: IncidentScene) -> None:
    incident = await private(local)
    await local.response_desk.file(LEAD, incident)
    local.clock.step(minutes=9)
    await local.desk.file(LEAD, incident)
    local.clock.step(minutes=1)
    await local.desk.file(LEAD, incident)
    assert await readers(local) == [LEAD.id, LEAD.id]


async def test_reading_wakes_no_job(local: IncidentScene) -> None:
    incident = await private(local)
    before = local.database.generation
    await local.desk.file(LEAD, incident)
    assert local.database.generation == before


async def test_reading_what_all_may_see_is_not_kept(local: IncidentScene) -> None:
    crisis = (await local.open()).id
    await local.desk.file(LEAD, crisis)
    await local.response_desk.file(LEAD, crisis)
    assert await readers(local) == []


async def test_who_is_refused_has_read_nothing(local: IncidentScene) -> None:
    incident = await private(local)
    for read in (local.desk.file, local.response_desk.file):
        with pytest.raises(Forbidden, match="not on the rota"):
            await read(LEGAL, incident)
    with pytest.raises(Forbidden):
        await local.desk.act(LEGAL, incident, Action.ACKNOWLEDGE)
    with pytest.raises(Forbidden):
        await local.response_desk.do(LEGAL, incident, "human_contact")
    assert await readers(local) == []


async def test_a_person_is_never_merged_with_a_crisis(local: IncidentScene) -> None:
    crisis, person = (await local.open()).id, await private(local)
    for one, other in ((crisis, person), (person, crisis)):
        with pytest.raises(InvalidInput, match="is not merged into"):
            await local.desk.act(LEAD, one, Action.MERGE, reason="同一件事", merge_into=other)


async def test_a_merge_tells_nothing_of_what_is_private(local: IncidentScene) -> None:
    crisis, person = (await local.open()).id, await private(local)
    with pytest.raises(Forbidden, match="not on the rota"):
        await local.desk.act(LEGAL, crisis, Action.MERGE, reason="同一件事", merge_into=person)


async def test_two_of_one_person_can_be_merged(local: IncidentScene) -> None:
    first = await private(local)
    other = await local.open(kind=Kind.PERSON_AT_RISK, scenario=None, subject="per_2")
    merged = await local.desk.act(LEAD, other.id, Action.MERGE, reason="同一人", merge_into=first)
    assert merged.merged_into == first
