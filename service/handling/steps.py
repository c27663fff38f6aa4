"""What the steps of incidents say: whose measure it is, what is done, what is still open."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import StepState
from service.db import tables
from service.handling.definition import DEFINITIONS, Measure

_INCIDENT, _STEP = tables.incident.c, tables.step.c
_LEFT = (StepState.SKIPPED.value, StepState.CANCELLED.value)


@dataclass(slots=True)
class Steps:
    """Of one incident. `by_role` counts the steps that people of each role did."""

    teams: dict[Measure, str] = field(default_factory=dict)
    done: dict[Measure, datetime] = field(default_factory=dict)
    open: set[Measure] = field(default_factory=set)
    by_role: Counter[str] = field(default_factory=Counter)


async def steps_of(
    connection: AsyncConnection, where: Sequence[ColumnElement[bool]]
) -> defaultdict[str, Steps]:
    """By incident. What was skipped or called off is nobody's wait."""
    rows = await connection.execute(
        select(tables.step)
        .join(tables.incident, _INCIDENT.id == _STEP.incident_id)
        .where(*where)
        .order_by(_STEP.position)
    )
    measures = {step: item for item in Measure for step in DEFINITIONS[item].steps}
    found: defaultdict[str, Steps] = defaultdict(Steps)
    for row in rows:
        steps = found[row.incident_id]
        is_done = row.state == StepState.DONE.value
        # What the service ticks off by itself took nobody's time.
        if is_done and row.done_by is not None:
            steps.by_role[row.role] += 1
        measure = measures.get(row.step_id)
        if measure is None:
            continue
        steps.teams.setdefault(measure, row.role)
        if is_done:
            end = earliest(steps.done.get(measure), row.done_at)
            if end is not None:
                steps.done[measure] = end
        elif row.state not in _LEFT:
            steps.open.add(measure)
    return found


def earliest(*instants: datetime | None) -> datetime | None:
    """None where there is none."""
    return min((item for item in instants if item is not None), default=None)
