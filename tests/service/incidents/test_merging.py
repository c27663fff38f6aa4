"""What becomes of the one that goes on when two incidents turn out to be one."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from service.auth import Role
from service.errors import Conflict, Forbidden, InvalidInput
from service.incidents import Action, Incident, State, repository
from tests.support.incident_scene import LEAD, RESPONDER, IncidentScene, evidence, person


async def merged(scene: IncidentScene, one: Incident, other: Incident) -> Incident:
    """The one that goes on."""
    await scene.desk.act(RESPONDER, one.id, Action.MERGE, reason="同一件事", merge_into=other.id)
    return await scene.get(other.id)


async def test_what_goes_on_is_as_grave_as_either(scene: IncidentScene) -> None:
    red = await scene.open(tier="red", tier_rank=3)
    yellow = await scene.open(scenario="outage")

    kept = await merged(scene, red, yellow)

    assert (kept.tier, kept.tier_rank) == ("red", 3)
    assert kept.reasons[0]["clause"] == f"merged with {red.id}"
    assert "incident.tier_changed" in await scene.told()


async def test_a_lighter_one_changes_no_tier(local: IncidentScene) -> None:
    yellow = await local.open()
    red = await local.open(scenario="outage", tier="red", tier_rank=3)

    assert (await merged(local, yellow, red)).tier == "red"
    assert "tier_changed" not in await local.kinds()


async def test_its_evidence_and_first_post_go_along(scene: IncidentScene) -> None:
    now = scene.clock.now()
    first = now - timedelta(hours=2)
    one = await scene.open(
        first_post_at=first, first_post_id="old", evidence=(evidence(7, at=now),)
    )
    other = await scene.open(scenario="outage")
    due = await scene.due_times(other.id)

    kept = await merged(scene, one, other)

    assert (kept.first_post_at, kept.first_post_id) == (first, "old")
    assert await scene.due_times(other.id) == due, "an earlier first post moves no deadline"
    async with scene.database.read() as connection:
        frozen = await repository.evidence_of(connection, other.id)
        left = await repository.evidence_of(connection, one.id)
    assert {item.post_id for item in frozen} == {"post1", "post2", "post7"}
    assert {item.post_id for item in left} == {"post7"}, "what ended keeps its own"


async def test_both_timelines_say_so(local: IncidentScene) -> None:
    one, other = await local.open(), await local.open(scenario="outage")
    await merged(local, one, other)
    file = await local.desk.file(LEAD, other.id)
    (entry,) = [entry for entry in file.timeline if entry.kind == "merged_in"]
    assert entry.data["incident"] == one.id
    assert entry.actor == RESPONDER.id


async def test_a_drill_is_not_merged_with_what_is_real(local: IncidentScene) -> None:
    real, drill = await local.open(), await local.open(scenario="outage", drill=True)
    with pytest.raises(InvalidInput, match="a drill and what is real"):
        await merged(local, real, drill)


async def test_who_may_not_work_the_other_one_does_not_change_it(local: IncidentScene) -> None:
    one = await local.open()
    other = await local.open(scenario="outage", monitor_id="coffee")
    here = person("yi", Role.RESPONDER, monitors=frozenset({"tea"}))
    with pytest.raises(Forbidden):
        await local.desk.act(here, one.id, Action.MERGE, reason="x", merge_into=other.id)


async def test_of_two_merged_into_each_other_at_once_one_is_left(scene: IncidentScene) -> None:
    one, other = await scene.open(), await scene.open(scenario="outage")
    outcomes = await asyncio.gather(
        scene.desk.act(LEAD, one.id, Action.MERGE, reason="x", merge_into=other.id),
        scene.desk.act(LEAD, other.id, Action.MERGE, reason="x", merge_into=one.id),
        return_exceptions=True,
    )
    assert [type(item) for item in outcomes if isinstance(item, Exception)] == [Conflict]
    states = [(await scene.get(item.id)).state for item in (one, other)]
    assert sorted(states) == [State.MERGED, State.NEW]
