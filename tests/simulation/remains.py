"""What a simulated run leaves behind, read once for all that is asked of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from playbooks import Run, from_json
from service.db import tables
from tests.simulation.faults import Fault
from tests.simulation.providers import Mood, Taken
from tests.simulation.world import World

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Remains:
    """Everything that a run left behind."""

    now: datetime
    timers: Sequence[Row]
    history: Sequence[Row]
    incidents: Sequence[Row]
    events: Mapping[str, Sequence[Row]]
    runs: Mapping[str, Run]
    steps: Sequence[Row]
    outbox: Sequence[Row]
    deliveries: Sequence[Row]
    attempts: Sequence[Row]
    escalations: Sequence[Row]
    pages: Sequence[Row]
    silences: Sequence[Row]
    taken: Sequence[Taken]
    alerts: Mapping[str, Sequence[str]]
    """At the pager, by their keys: each state that they went through."""
    disturbances: int
    """How often a message may have been sent again because nobody knew that it had arrived."""


async def remains_of(world: World) -> Remains:
    """Read everything, in the order of its keys."""
    events: dict[str, list[Row]] = defaultdict(list)
    for row in await world.rows(tables.incident_event):
        events[row["incident_id"]].append(row)
    blind = {Mood.MUTE, Mood.HANGS, Mood.KILLS_AFTER}
    happened, moods = world.faults.happened, world.providers.moods
    return Remains(
        now=world.clock.now(),
        timers=await world.rows(tables.timer),
        history=await world.timer_history(),
        incidents=await world.rows(tables.incident),
        events=events,
        runs={
            row["incident_id"]: from_json(row["snapshot"]) for row in await world.rows(tables.run)
        },
        steps=await world.rows(tables.step),
        outbox=await world.rows(tables.outbox),
        deliveries=await world.rows(tables.delivery),
        attempts=await world.rows(tables.delivery_attempt),
        escalations=await world.rows(tables.escalation),
        pages=await world.rows(tables.page),
        silences=await world.rows(tables.silence),
        taken=world.providers.taken,
        alerts=world.providers.pager.alerts,
        disturbances=sum(happened[fault] for fault in Fault) + sum(moods[mood] for mood in blind),
    )
