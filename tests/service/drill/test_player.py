"""Detection's moves come into the queue as drills, at the drill's speed, once each."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.db import tables
from service.drill import DrillState
from service.incidents import Action, State
from tests.support.drill_scene import TEAM, DrillScene, ends, joins, opens, rises

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_first_incident_opens_at_once_and_is_a_drill(scene: DrillScene) -> None:
    drill = await scene.begin()
    await scene.wait(seconds=1)
    incident = await scene.incident(drill)
    assert incident.drill
    assert incident.opened_at == drill.started_at
    assert incident.monitor_id == "tea"


async def test_the_first_post_is_as_long_before_it_as_it_was(scene: DrillScene) -> None:
    drill = await scene.begin(speed=60)
    await scene.wait(seconds=1)
    incident = await scene.incident(drill)
    assert incident.opened_at - incident.first_post_at == timedelta(minutes=8)


async def test_the_speed_squeezes_the_time_between_moves(scene: DrillScene) -> None:
    drill = await scene.begin(opens(), rises(minutes=30), speed=2)
    await scene.wait(minutes=14)
    assert (await scene.incident(drill)).tier == "yellow"
    await scene.wait(minutes=2)
    assert (await scene.incident(drill)).tier == "red"


async def test_posts_join_and_the_taking_ends(scene: DrillScene) -> None:
    drill = await scene.begin(opens(), joins(minutes=1), ends(minutes=2))
    await scene.wait(minutes=3)
    incident = await scene.incident(drill)
    assert incident.posts == 9
    assert incident.last_post_at == incident.opened_at + timedelta(minutes=1)
    assert incident.contained_at == incident.opened_at + timedelta(minutes=2)


async def test_only_channels_for_drills_hear_of_it(scene: DrillScene) -> None:
    await scene.begin(opens(), rises(minutes=1))
    await scene.wait(hours=2)
    sent = scene.container.recorder.sent
    assert {item.channel_id for item in sent} == {"practice"}
    assert all(item.message.data["incident"]["drill"] for item in sent)


async def test_the_incidents_are_of_the_monitor_that_is_named(scene: DrillScene) -> None:
    drill = await scene.begin(monitor="juice")
    await scene.wait(seconds=1)
    assert (await scene.incident(drill)).monitor_id == "juice"


async def test_what_the_team_has_closed_rises_no_more(scene: DrillScene) -> None:
    drill = await scene.begin(opens(), rises(minutes=30), opens("b", minutes=60))
    await scene.wait(minutes=1)
    incident = await scene.incident(drill)
    for action in (Action.ACKNOWLEDGE, Action.RESOLVE, Action.CLOSE):
        await scene.container.desk.act(TEAM, incident.id, action)
    await scene.wait(minutes=40)
    assert (await scene.incident(drill)).tier == "yellow"
    assert (await scene.now(drill)).state is DrillState.RUNNING


async def test_a_tier_that_a_person_raised_is_not_lowered(scene: DrillScene) -> None:
    drill = await scene.begin(opens(), rises(minutes=30, tier="orange", rank=2))
    await scene.wait(minutes=1)
    incident = await scene.incident(drill)
    await scene.container.desk.set_tier(TEAM, incident.id, "red", reason="grave")
    await scene.wait(minutes=40)
    assert (await scene.incident(drill)).tier == "red"


async def test_one_that_was_given_the_scenario_of_another_stops_taking(scene: DrillScene) -> None:
    drill = await scene.begin(
        opens(scenario="unclassified"), opens("b", minutes=10, scenario="outage")
    )
    await scene.wait(minutes=1)
    first = await scene.incident(drill)
    await scene.container.desk.name_scenario(TEAM, first.id, "outage")
    await scene.wait(minutes=15)
    assert (await scene.incident(drill)).taking_ended_at is not None
    assert (await scene.incident(drill, "b")).is_taking


async def test_it_ends_when_its_time_is_up(scene: DrillScene) -> None:
    drill = await scene.begin(opens(), joins(minutes=1), tail=timedelta(hours=1))
    await scene.wait(minutes=60)
    assert (await scene.now(drill)).state is DrillState.RUNNING
    await scene.wait(minutes=2)
    ended = await scene.now(drill)
    assert ended.state is DrillState.DONE
    assert ended.ended_at == ended.ends_at
    assert ended.sheet is not None
    assert (await scene.incident(drill)).state is State.FALSE_POSITIVE


async def test_it_ends_when_the_team_has_closed_everything(scene: DrillScene) -> None:
    drill = await scene.begin()
    await scene.wait(minutes=1)
    incident = await scene.incident(drill)
    for action in (Action.ACKNOWLEDGE, Action.RESOLVE, Action.CLOSE):
        await scene.container.desk.act(TEAM, incident.id, action)
    await scene.wait(minutes=1)
    ended = await scene.now(drill)
    assert ended.state is DrillState.DONE
    assert (await scene.incident(drill)).state is State.CLOSED
    assert not [
        row
        for row in await scene.rows(tables.timer)
        if row["incident_id"] == incident.id and row["state"] == "pending"
    ]


async def test_moves_that_were_missed_are_made_up_for_in_order(scene: DrillScene) -> None:
    drill = await scene.begin(opens(), joins(minutes=1), rises(minutes=2))
    now = scene.clock.step(minutes=30)
    player = next(job for job in scene.container.line if job.name == "drill")
    assert await player.run(now) == 3
    assert await player.run(now) == 0
    assert (await scene.now(drill)).played == 3
