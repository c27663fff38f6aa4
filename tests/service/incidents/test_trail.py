from __future__ import annotations

from service.db import tables
from service.incidents.trail import trace
from tests.support.clock import START
from tests.support.incident_scene import IncidentScene


async def last_traces(local: IncidentScene) -> tuple[tuple[str, str], tuple[str, str]]:
    """(kind, actor) of the timeline's last row, (action, actor) of the audit trail's."""
    event = max(await local.rows(tables.incident_event), key=lambda row: row["id"])
    entry = max(await local.rows(tables.audit_entry), key=lambda row: row["id"])
    return (event["kind"], event["actor"]), (entry["action"], entry["actor"])


async def test_the_timeline_and_the_audit_trail_say_the_same(local: IncidentScene) -> None:
    incident = await local.open()
    data = {"text": "已联系"}
    async with local.database.write() as connection:
        await trace(connection, incident.id, "comment", data, now=START, actor="usr_1")
    assert await last_traces(local) == (("comment", "usr_1"), ("incident.comment", "usr_1"))


async def test_the_audit_trail_may_call_it_otherwise(local: IncidentScene) -> None:
    incident = await local.open()
    async with local.database.write() as connection:
        await trace(connection, incident.id, "step_done", {}, now=START, action="step.done")
    assert await last_traces(local) == (("step_done", "system"), ("step.done", "system"))
