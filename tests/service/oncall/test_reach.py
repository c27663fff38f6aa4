from __future__ import annotations

from pathlib import Path

import pytest

from service.db import Database, tables
from service.incidents.lifecycle import Action
from service.metrics import incidents_unreached
from tests.support.clock import SteppingClock
from tests.support.oncall_scene import OncallScene


def counted() -> float:
    value: float = incidents_unreached._value.get()
    return value


async def test_an_incident_that_no_channel_takes_is_loud(scene: OncallScene) -> None:
    await scene.add_channel("desk", events=())
    scene.sender.refusing = {"desk"}
    before = counted()

    incident = await scene.open("red")
    assert not (await scene.get(incident.id)).reached_nobody_at
    await scene.pass_time(minutes=5)

    assert (await scene.get(incident.id)).reached_nobody_at == scene.clock.now()
    assert "reached_nobody" in await scene.kinds()
    cries = [row for row in await scene.rows(tables.outbox) if row["type"] == "incident.unreached"]
    assert [row["data"]["incident"]["reached_nobody"] for row in cries] == [True, True]
    assert counted() == before + 1


async def test_without_any_channel_nobody_is_reached_either(local: OncallScene) -> None:
    incident = await local.open("red")
    await local.pass_time(minutes=5)

    assert (await local.get(incident.id)).reached_nobody_at is not None


async def test_the_channel_of_last_resort_has_it_whatever_it_wants(
    sqlite_database: Database, clock: SteppingClock, tmp_path: Path
) -> None:
    scene = OncallScene(sqlite_database, clock, tmp_path, fallback="pager")
    await scene.add_channel("pager")
    await scene.add_channel("other")

    await scene.open("red")
    await scene.pass_time(minutes=5)

    assert scene.pages("incident.unreached") == [("pager", "incident.unreached")]


async def test_without_one_every_channel_has_it(local: OncallScene) -> None:
    await local.add_channel("one")
    await local.add_channel("two")

    await local.open("red")
    await local.pass_time(minutes=5)

    assert sorted(local.pages("incident.unreached")) == [
        ("one", "incident.unreached"),
        ("two", "incident.unreached"),
    ]


async def test_a_page_that_arrives_later_takes_the_flag_away(local: OncallScene) -> None:
    await local.add_channel("desk", events=())
    local.sender.refusing = {"desk"}
    incident = await local.open("red")
    await local.pass_time(minutes=5)

    local.sender.refusing = set()
    await local.pass_time(minutes=20)

    assert (await local.get(incident.id)).reached_nobody_at is None
    assert "reached_again" in await local.kinds()


async def test_a_page_that_arrived_is_enough(local: OncallScene) -> None:
    await local.add_channel("desk", events=())
    incident = await local.open("red")
    await local.pass_time(minutes=30)

    assert (await local.get(incident.id)).reached_nobody_at is None
    assert "reached_nobody" not in await local.kinds()


async def test_who_acknowledges_by_themselves_takes_the_flag_away(local: OncallScene) -> None:
    incident = await local.open("red")
    await local.pass_time(minutes=5)

    assert (await local.act(incident.id, Action.ACKNOWLEDGE)).reached_nobody_at is None


async def test_whoever_acknowledges_has_been_reached(local: OncallScene) -> None:
    incident = await local.open("red")
    await local.act(incident.id, Action.ACKNOWLEDGE)
    await local.pass_time(minutes=19)

    assert (await local.get(incident.id)).reached_nobody_at is None


@pytest.mark.parametrize("action", [Action.MARK_FALSE_POSITIVE])
async def test_the_flag_goes_with_the_incident(local: OncallScene, action: Action) -> None:
    incident = await local.open("red")
    await local.pass_time(minutes=5)

    assert (await local.act(incident.id, action)).reached_nobody_at is None


async def test_drills_are_not_counted(local: OncallScene) -> None:
    before = counted()

    await local.open("red", drill=True)
    await local.pass_time(minutes=5)

    assert "reached_nobody" in await local.kinds()
    assert counted() == before
