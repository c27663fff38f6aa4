"""Clearing takes every row of a drill's incidents, and none of a real one."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from service.cases.links import LinkKind
from service.cases.topics import Topic
from service.db import tables
from service.drill.clearing import clear
from service.incidents import Incident
from service.statements import NewStatement
from tests.support.drill_scene import LEAD, TEAM, DrillScene, opening, opens, rises

pytestmark = pytest.mark.asyncio(loop_scope="module")
_KEPT = {"audit_entry", "drill", "drill_move", "change_event"}


async def real_incident(scene: DrillScene, **changes: Any) -> Incident:
    """One that the rules opened, with all that opening does."""
    async with scene.container.database.write() as connection:
        return await scene.incidents.open(connection, opening(**changes), now=scene.clock.now())


async def mentions(scene: DrillScene, *needles: str) -> set[str]:
    """Tables with a row that names one of them anywhere."""
    found = set()
    async with scene.container.database.read() as connection:
        for table in tables.metadata.sorted_tables:
            rows = (await connection.execute(select(table))).all()
            if any(needle in str(tuple(row)) for row in rows for needle in needles):
                found.add(table.name)
    return found


async def test_nothing_of_a_worked_drill_stays_but_sheet_and_audit(scene: DrillScene) -> None:
    real = await real_incident(scene)
    drill = await scene.begin(opens(), rises(minutes=1), opens("b", scenario="misconduct"))
    await scene.wait(minutes=20)
    incident, other = await scene.incident(drill), await scene.incident(drill, "b")
    cases, statements = scene.container.cases, scene.container.statements
    await scene.container.desk.comment(TEAM, incident.id, "已看")
    await cases.watch(TEAM, incident.id, list(Topic))
    await cases.link(TEAM, incident.id, other.id, LinkKind.RELATED)
    wanted = NewStatement(text="对不起，同批次产品全额退款。", title="说明", emotion="angry")
    statement = await statements.desk.draft(TEAM, incident.id, wanted)
    assert {"statement", "promise", "page", "incident_link"} <= await mentions(scene, incident.id)
    await scene.office.stop(LEAD, drill.id)

    assert await scene.office.clear(LEAD, drill.id) == 2
    assert await mentions(scene, incident.id, other.id, statement.id) <= _KEPT
    assert {"incident", "incident_post", "outbox"} <= await mentions(scene, real.id)
    again = await scene.now(drill)
    assert again.sheet is not None
    assert again.incidents == {}


async def test_a_real_incident_is_never_cleared(scene: DrillScene) -> None:
    real = await real_incident(scene, scenario="outage")
    async with scene.container.database.write() as connection:
        assert await clear(connection, [real.id]) == 0
    assert "incident" in await mentions(scene, real.id)
