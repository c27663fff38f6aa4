"""Metrics of incidents count what was kept, and no drill."""

from __future__ import annotations

from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from service.db import Database
from service.incidents import Action
from tests.support.clock import SteppingClock
from tests.support.oncall_scene import OncallScene


@pytest.fixture
def scene(sqlite_database: Database, clock: SteppingClock, tmp_path: Path) -> OncallScene:
    return OncallScene(sqlite_database, clock, tmp_path)


def counted() -> tuple[float, float, float]:
    """Openings, acknowledgements and breaches since the process began, of any scenario and role."""
    sums = {"opened": 0.0, "acknowledged": 0.0, "breached": 0.0}
    for metric in REGISTRY.collect():
        for sample in metric.samples:
            if sample.name == "fengsui_incidents_opened_total":
                sums["opened"] += sample.value
            elif sample.name == "fengsui_steps_breached_total":
                sums["breached"] += sample.value
            elif (sample.name, sample.labels.get("to_state")) == (
                "fengsui_incident_transitions_total",
                "acknowledged",
            ):
                sums["acknowledged"] += sample.value
    return sums["opened"], sums["acknowledged"], sums["breached"]


async def opened_too_late(scene: OncallScene) -> None:
    async with scene.database.write() as connection:
        await scene.incidents.open(connection, scene.opening(), now=scene.clock.now())
        raise RuntimeError("too late")


async def test_an_opening_a_move_and_a_missed_deadline_count_once(scene: OncallScene) -> None:
    before = counted()

    incident = await scene.open("red")
    await scene.act(incident.id, Action.ACKNOWLEDGE, Action.ACKNOWLEDGE)
    at_first = counted()
    await scene.pass_time(hours=2)

    assert (at_first[0] - before[0], at_first[1] - before[1]) == (1, 1)
    assert counted()[2] > at_first[2]


async def test_a_drill_counts_nothing(scene: OncallScene) -> None:
    before = counted()

    incident = await scene.open("red", drill=True)
    await scene.act(incident.id, Action.ACKNOWLEDGE)
    await scene.pass_time(hours=2)

    assert counted() == before


async def test_what_is_rolled_back_is_not_counted(scene: OncallScene) -> None:
    before = counted()

    with pytest.raises(RuntimeError, match="too late"):
        await opened_too_late(scene)

    assert counted() == before
