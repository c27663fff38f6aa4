"""Runs in the state database. The snapshot is what counts; the step rows are for queries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from playbooks import Run
from playbooks import from_json as run_from_json
from playbooks import to_json as run_to_json
from service.db import tables
from service.errors import Conflict, NotFound

_OPEN = ("pending", "breached")


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step as the queue and the API show it."""

    incident_id: str
    step_id: str
    position: int
    title: Mapping[str, str]
    role: str
    state: str
    due_at: datetime | None
    done_at: datetime | None
    done_by: str | None
    note: str | None
    breached_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRun:
    """A run with the version that a change must find unchanged; `playbook` is its own, as kept."""

    run: Run
    playbook: Mapping[str, Any]
    incident_id: str
    version: int


async def add(connection: AsyncConnection, run: Run, incident_id: str, *, now: datetime) -> None:
    """Insert a new run with its steps."""
    await connection.execute(
        insert(tables.run).values(
            id=run.id,
            incident_id=incident_id,
            playbook=run.playbook.id,
            content_version=run.version,
            tier=run.tier,
            snapshot=run_to_json(run),
            started_at=now,
            updated_at=now,
            version=1,
        )
    )
    await _insert(connection, list(_step_rows(run, incident_id).values()))


async def save(
    connection: AsyncConnection, stored: StoredRun, run: Run, *, now: datetime
) -> StoredRun:
    """Write a changed run; it as it is stored now. Raises Conflict when somebody was faster."""
    same = run.playbook is stored.run.playbook
    snapshot = run_to_json(run, playbook=stored.playbook if same else None)
    done = await connection.execute(
        update(tables.run)
        .where(tables.run.c.id == run.id, tables.run.c.version == stored.version)
        .values(
            playbook=run.playbook.id,
            content_version=run.version,
            tier=run.tier,
            snapshot=snapshot,
            updated_at=now,
            version=stored.version + 1,
        )
    )
    if done.rowcount == 0:
        raise Conflict(f"the run of incident {stored.incident_id} has just changed; load it again")
    before, after = (_step_rows(each, stored.incident_id) for each in (stored.run, run))
    # Most events change one step or, as a warning does, none that is shown.
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if changed:
        table = tables.step
        await connection.execute(
            delete(table).where(table.c.run_id == run.id, table.c.step_id.in_(changed))
        )
        await _insert(connection, [after[name] for name in changed if name in after])
    return StoredRun(
        run=run,
        playbook=snapshot["playbook"],
        incident_id=stored.incident_id,
        version=stored.version + 1,
    )


async def find(connection: AsyncConnection, incident_id: str) -> StoredRun | None:
    """The run of an incident, or None."""
    rows = await connection.execute(
        select(tables.run).where(tables.run.c.incident_id == incident_id)
    )
    row = rows.mappings().first()
    if row is None:
        return None
    snapshot = row["snapshot"]
    return StoredRun(
        run=run_from_json(snapshot),
        playbook=snapshot["playbook"],
        incident_id=incident_id,
        version=row["version"],
    )


async def get(connection: AsyncConnection, incident_id: str) -> StoredRun:
    """The run of an incident. Raises NotFound."""
    found = await find(connection, incident_id)
    if found is None:
        raise NotFound(f"incident {incident_id!r} has no run")
    return found


async def steps_of(connection: AsyncConnection, incident_id: str) -> tuple[StepRow, ...]:
    """The steps of an incident in the playbook's order."""
    table = tables.step
    rows = await connection.execute(
        select(table).where(table.c.incident_id == incident_id).order_by(table.c.position)
    )
    return tuple(_step(row) for row in rows.mappings())


async def next_steps(connection: AsyncConnection, incident_ids: list[str]) -> dict[str, StepRow]:
    """The open step of each incident that falls due next."""
    table = tables.step
    rows = await connection.execute(
        select(table)
        .where(
            table.c.incident_id.in_(incident_ids),
            table.c.state.in_(_OPEN),
            table.c.due_at.is_not(None),
        )
        .order_by(table.c.state.desc(), table.c.due_at, table.c.position)
    )
    following: dict[str, StepRow] = {}
    for row in rows.mappings():
        following.setdefault(row["incident_id"], _step(row))
    return following


async def write_next_due(connection: AsyncConnection, incident_id: str, *, now: datetime) -> None:
    """Keep the incident's own copy of its next deadline: the earliest of what is not late yet."""
    table = tables.step
    earliest = (
        select(func.min(table.c.due_at))
        .where(table.c.incident_id == incident_id, table.c.state == "pending")
        .scalar_subquery()
    )
    await connection.execute(
        update(tables.incident)
        .where(tables.incident.c.id == incident_id)
        .values(next_due_at=earliest, updated_at=now)
    )


async def _insert(connection: AsyncConnection, steps: list[dict[str, Any]]) -> None:
    if steps:
        await connection.execute(insert(tables.step), steps)


def _step_rows(run: Run, incident_id: str) -> dict[str, dict[str, Any]]:
    """What the table says of the steps of a run, by their ids."""
    return {
        step.id: {
            "run_id": run.id,
            "step_id": step.id,
            "incident_id": incident_id,
            "position": step.order,
            "title": {"zh": step.step.title.zh, "en": step.step.title.en},
            "role": step.step.role.value,
            "state": step.state.value,
            "due_at": step.due_at,
            "done_at": step.done_at,
            "done_by": step.by,
            "note": step.note,
            "breached_at": step.breached_at,
        }
        for step in run.steps
    }


def _step(row: Mapping[Any, Any]) -> StepRow:
    return StepRow(**{name: row[name] for name in StepRow.__dataclass_fields__})
