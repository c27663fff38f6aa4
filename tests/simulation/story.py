"""One run from a seed: days of deeds and faults in virtual time, then peace, then what is left."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import MutableMapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from tempfile import mkdtemp
from typing import Any, NoReturn

import structlog

from service.db.tables import metadata
from tests.simulation.deeds import Deeds
from tests.simulation.faults import Faults, Killed, SimulatedError
from tests.simulation.invariants import violations
from tests.simulation.world import World

DEEDS = 8
PEACE = timedelta(minutes=30)
"""After it what still waits must have a reason to: a page its next attempt, a timer its time."""
_WAITS = (0, 0, 0, 1, 1, 2, 5, 5, 10, 20)
"""Minutes between two deeds."""


@dataclass(slots=True)
class Story:
    """What happened (`trace`), which words the database had for it, and what is wrong with it."""

    seed: int
    deeds: int
    trace: list[str] = field(default_factory=list)
    digest: str = ""
    faults: dict[str, int] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)

    def report(self) -> str:
        """For a failing test: what is wrong, how to have it again, and what happened last."""
        lines = [
            f"seed {self.seed}: {len(self.violations)} violations",
            *self.violations[:20],
            f"replay: FENGSUI_SIMULATION_SEED={self.seed} FENGSUI_SIMULATION_DEEDS={self.deeds} "
            ".venv/bin/pytest -q tests/simulation/test_story.py -k one_seed",
            "the last deeds:",
            *self.trace[-15:],
        ]
        return "\n".join(lines)


async def live(seed: int, folder: Path, *, deeds: int = DEEDS) -> Story:
    """Live through the run of `seed`; the same seed lives the same run."""
    chance = Random(seed)
    story = Story(seed, deeds)
    broken: list[str] = []
    # Before the jobs are made: they bind what they log with.
    structlog.configure(processors=[_Unforeseen(broken)])
    # Every eighth run is one in which nothing breaks: there nothing may come twice.
    calm = seed % 8 == 0
    faults = Faults(chance, every=None if calm else chance.choice((150, 400, 1000)))
    world = World(
        Path(mkdtemp(dir=folder)),
        chance,
        faults=faults,
        trouble=0.0 if calm else chance.choice((0.05, 0.2, 0.5)),
        processes=1 + seed % 2,
    )
    try:
        await world.settle_in()
        with faults.armed():
            await _days(world, story, deeds)
        world.providers.trouble = 0.0
        await world.until(world.clock.now() + PEACE)
        story.violations = [*broken, *await violations(world)]
        story.digest = await _digest(world)
        story.faults = {
            **{fault.value: number for fault, number in faults.happened.items()},
            **{mood.value: number for mood, number in world.providers.moods.items()},
        }
    finally:
        structlog.reset_defaults()
        await world.close()
    return story


async def _days(world: World, story: Story, deeds: int) -> None:
    people = Deeds(world)
    for _ in range(deeds):
        now = world.clock.now()
        later = now + timedelta(minutes=world.chance.choice(_WAITS), seconds=1)
        if world.chance.random() < 0.1:
            # The machine has slept: nothing ran meanwhile.
            world.clock.advance_to(later)
        await world.until(later)
        process = world.chance.choice(world.processes)
        try:
            said = await people.any(process)
        except Killed:
            process.restart()
            said = "the process died of it"
        except SimulatedError as error:
            said = f"failed, {error.orig}"
        story.trace.append(f"{world.clock.now():%m-%d %H:%M:%S} {process.name} {said}")


async def _digest(world: World) -> str:
    """One for all rows of all tables."""
    sum_of_all = hashlib.sha256()
    for table in sorted(metadata.tables.values(), key=lambda table: table.name):
        if table.name == "channel":
            continue  # has a secret of its own in every run
        sum_of_all.update(repr(await world.rows(table)).encode())
    return sum_of_all.hexdigest()


class _Unforeseen:
    """Hears the service say that something broke which nobody broke on purpose."""

    def __init__(self, broken: list[str]) -> None:
        self._broken = broken

    def __call__(self, _: Any, __: str, event: MutableMapping[str, Any]) -> NoReturn:
        told = event.get("exc_info")
        error = told if isinstance(told, BaseException) else sys.exc_info()[1] if told else None
        if error is not None and not isinstance(error, SimulatedError):
            self._broken.append(f"unforeseen: {event['event']}: {type(error).__name__}: {error}")
        if event["event"] == "delivery.sender_broke":
            self._broken.append(f"unforeseen: {event['reason']}")
        raise structlog.DropEvent
