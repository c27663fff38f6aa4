"""The simulation sees what it is there to see: each of these faults in the service fails it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from service import audit
from service.delivery import router
from service.incidents import Action, Incident
from service.oncall import Matcher, pages
from service.oncall.escalation_timers import EscalationTimers
from service.response import repository
from service.response.effects import Effects
from service.timers import Timers
from tests.simulation.deeds import opening
from tests.simulation.faults import Faults
from tests.simulation.invariants import violations
from tests.simulation.providers import Mood
from tests.simulation.story import PEACE, live
from tests.simulation.world import World
from tests.support.incident_scene import LEAD, RESPONDER

_SEEDS = range(12)
"""A fault shows only where the story comes by the place: one of a few must."""


async def _not_done(*_: Any, **__: Any) -> int:
    return 0


# Replaced in place: the service has no seam for being wrong.
@pytest.mark.parametrize(
    ("owner", "name", "seen_by"),
    [
        (Timers, "cancel", "deadlines"),
        (Effects, "_schedule", "deadlines"),
        (repository, "write_next_due", "queues"),
        (EscalationTimers, "set_lease", "escalations"),
        (audit, "record", "audit"),
    ],
    ids=["timers stay", "no timer is set", "stale queue", "held for ever", "no audit"],
)
async def test_what_is_left_out_is_seen(
    owner: Any, name: str, seen_by: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(owner, name, _not_done)
    for seed in _SEEDS:
        story = await live(seed, tmp_path)
        if any(words.startswith(seen_by) for words in story.violations):
            return
    pytest.fail(f"none of {len(_SEEDS)} stories sees it, the last of them: {story.report()}")


Scene = Callable[[World], Awaitable[None]]


async def _opens(world: World, tier: str) -> Incident:
    now = world.clock.now()
    async with world.database.write() as connection:
        return await world.processes[0].responding.incidents.open(
            connection, opening("tea", "product_quality", tier, now, now=now), now=now
        )


async def _passes(world: World, **time: float) -> None:
    await world.until(world.clock.now() + timedelta(**time))


async def acknowledged_while_its_page_waits(world: World) -> None:
    """The duty's channel is down, and somebody else acknowledges meanwhile."""
    world.providers.forced = Mood.BROKEN
    incident = await _opens(world, "red")
    await _passes(world, minutes=2)
    await world.processes[0].responding.desk.act(RESPONDER, incident.id, Action.ACKNOWLEDGE)
    world.providers.forced = None


async def silence_that_ends_early(world: World) -> None:
    """A silence of an hour and a half is over after twenty minutes."""
    silences = world.processes[0].responding.silences
    silence = await silences.make(
        LEAD,
        Matcher(monitors=("tea",)),
        reason="a launch",
        until=world.clock.now() + timedelta(minutes=90),
        gravest=False,
    )
    await _opens(world, "orange")
    await _passes(world, minutes=20)
    await silences.end(LEAD, silence.id)


async def paged_by_the_pager_and_closed(world: World) -> None:
    """The pager chose next to nothing: it is told of the incident as the phone of a person."""
    incident = await _opens(world, "red")
    await _passes(world, minutes=40)
    desk = world.processes[0].responding.desk
    for action in (Action.ACKNOWLEDGE, Action.RESOLVE, Action.CLOSE):
        await desk.act(LEAD, incident.id, action, reason="done")


async def _nowhere(*_: Any, **__: Any) -> frozenset[str]:
    return frozenset()


async def _scene(scene: Scene, folder: Path) -> list[str]:
    chance = Random(1)
    world = World(folder, chance, faults=Faults(chance, every=None), trouble=0.0, processes=1)
    try:
        await world.settle_in()
        await scene(world)
        await world.until(world.clock.now() + PEACE)
        return await violations(world)
    finally:
        await world.close()


SCENES = [
    (acknowledged_while_its_page_waits, pages, "withdraw", _not_done, "arrivals"),
    (silence_that_ends_early, EscalationTimers, "wake", _not_done, "silences"),
    (paged_by_the_pager_and_closed, router, "_told_before", _nowhere, "alerts"),
]


@pytest.mark.parametrize("broken", [False, True], ids=["as it is", "left out"])
@pytest.mark.parametrize(
    ("scene", "owner", "name", "instead", "seen_by"), SCENES, ids=[each[2] for each in SCENES]
)
async def test_what_is_left_out_of_a_scene_is_seen(
    scene: Scene,
    owner: Any,
    name: str,
    instead: Any,
    seen_by: str,
    broken: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if broken:
        monkeypatch.setattr(owner, name, instead)
    found = await _scene(scene, tmp_path)
    assert {words.partition(":")[0] for words in found} == ({seen_by} if broken else set()), found
