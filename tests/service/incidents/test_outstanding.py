"""How everything open stands, and what breaks next."""

from __future__ import annotations

from datetime import timedelta

from service.auth import Role
from service.incidents import Action, Kind, repository
from service.incidents.outstanding import Outstanding
from tests.support.incident_scene import LEAD, IncidentScene, person


async def due(scene: IncidentScene, incident_id: str, minutes: int | None) -> None:
    async with scene.writing(incident_id) as (connection, incident):
        now = scene.clock.now()
        instant = None if minutes is None else now + timedelta(minutes=minutes)
        await repository.change(connection, incident, now=now, next_due_at=instant)


async def standing(scene: IncidentScene) -> Outstanding:
    return await scene.desk.outstanding(LEAD)


async def test_nothing_open_is_nothing(scene: IncidentScene):
    assert await standing(scene) == Outstanding()


async def test_the_earliest_deadline_of_all_breaks_next_whatever_its_tier(scene: IncidentScene):
    red = await scene.open(scenario="outage", tier="red", tier_rank=4)
    yellow = await scene.open()
    await due(scene, red.id, 30)
    await due(scene, yellow.id, 10)
    assert (await standing(scene)).breaks_next == yellow.id
    await due(scene, red.id, 10)
    assert (await standing(scene)).breaks_next == red.id


async def test_what_can_still_be_saved_goes_before_what_is_late(scene: IncidentScene):
    late = await scene.open()
    await scene.pass_time(days=40)
    assert (await standing(scene)).breaks_next == late.id
    assert (await standing(scene)).overdue > 0
    saved = await scene.open(scenario="outage")
    await due(scene, late.id, None)
    assert (await standing(scene)).breaks_next == saved.id


async def test_counts_are_of_everything_open_and_only_that(scene: IncidentScene):
    first, second = await scene.open(), await scene.open(scenario="outage")
    over = await scene.open(monitor_id="m1", tier="red", tier_rank=4)
    red = await scene.open(monitor_id="m2", tier="red", tier_rank=4)
    await scene.act(first.id, Action.ACKNOWLEDGE)
    await scene.act(over.id, Action.MARK_FALSE_POSITIVE)
    found = await standing(scene)
    assert (found.open, found.unacknowledged, found.alarms) == (3, 2, (red.id,))
    assert second.id != red.id


async def test_what_is_out_of_sight_is_not_counted(scene: IncidentScene):
    await scene.open(kind=Kind.PERSON_AT_RISK, scenario=None, title="x", tier="red", tier_rank=4)
    await scene.open(monitor_id="m1")
    viewer = person("wei", Role.VIEWER)
    assert (await scene.desk.outstanding(viewer)).open == 1
    elsewhere = person("han", Role.LEAD, monitors=frozenset({"m2"}))
    assert await scene.desk.outstanding(elsewhere) == Outstanding()
