"""Cheap questions to the state database."""

from __future__ import annotations

import pytest

from service.auth import SYSTEM, Role
from service.console.readings import Names, Pulse, overdue_steps
from service.incidents import Action
from tests.support.console_scene import ConsoleScene


@pytest.fixture
def pulse(scene: ConsoleScene) -> Pulse:
    return Pulse(scene.container.database, scene.clock)


async def test_the_stamp_stands_while_nothing_happens(scene: ConsoleScene, pulse: Pulse):
    await scene.open()
    before = await pulse.stamp()
    scene.clock.step(seconds=1)
    assert await pulse.stamp() == before


async def test_the_stamp_moves_with_an_opened_and_with_a_moved_incident(
    scene: ConsoleScene, pulse: Pulse
):
    stamps = [await pulse.stamp()]
    incident = await scene.open()
    scene.clock.step(seconds=1)
    stamps.append(await pulse.stamp())
    await scene.act(incident.id, Action.ACKNOWLEDGE)
    scene.clock.step(seconds=1)
    stamps.append(await pulse.stamp())
    assert len(set(stamps)) == 3


async def test_many_pages_share_one_question(scene: ConsoleScene, pulse: Pulse):
    before = await pulse.stamp()
    await scene.open()
    scene.clock.step(seconds=0.1)
    assert await pulse.stamp() == before


async def test_overdue_steps_are_counted_by_incident(scene: ConsoleScene):
    incident = await scene.open()
    assert await overdue_steps(scene.database, [incident.id]) == {}
    await scene.pass_time(minutes=31)
    assert (await overdue_steps(scene.database, [incident.id]))[incident.id] >= 1
    assert await overdue_steps(scene.database, []) == {}


async def test_people_are_told_by_name_and_others_by_id(scene: ConsoleScene):
    made = await scene.container.users.create(SYSTEM, name="林", roles=[Role.LEAD])
    names = Names(scene.container)
    await names.learn(made.user.id, "key_1", "system", None)
    assert [names.of(actor) for actor in (made.user.id, "key_1", "system")] == [
        "林",
        "key_1",
        "system",
    ]
