"""Whatever breaks between two writes: nothing of a deed stays, or all of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from structlog.testing import capture_logs

from service.db import Database, tables
from service.incidents.lifecycle import Action
from service.oncall import Matcher
from tests.support.incident_scene import LEAD, LEGAL, RESPONDER
from tests.support.oncall_scene import OncallScene

TRACES = (
    tables.incident,
    tables.incident_event,
    tables.audit_entry,
    tables.outbox,
    tables.delivery,
    tables.run,
    tables.escalation,
    tables.page,
    tables.seat,
    tables.silence,
)
Deed = Callable[[OncallScene, str], Awaitable[object]]


class LineBroke(Exception):
    """The process is killed, as far as the database can tell."""


@contextmanager
def breaking(database: Database, at: int) -> Iterator[None]:
    """The write of that number, from 1, does not happen, and none after it in its transaction."""
    writes = 0

    def count(*arguments: Any) -> None:
        nonlocal writes
        statement = str(arguments[2]).lstrip().upper()
        if statement.startswith(("INSERT", "UPDATE", "DELETE")):
            writes += 1
            if writes == at:
                raise LineBroke

    engine = database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", count)


async def snapshot(scene: OncallScene) -> dict[str, list[Mapping[str, Any]]]:
    """Every row of every trace, and of timers all but how often their handler has failed."""
    found = {table.name: sorted(await scene.rows(table), key=repr) for table in TRACES}
    found["timer"] = [
        {name: row[name] for name in ("id", "state", "due_at", "payload")}
        for row in sorted(await scene.rows(tables.timer), key=lambda row: str(row["id"]))
    ]
    return found


async def acknowledge(scene: OncallScene, incident_id: str) -> None:
    await scene.desk.act(LEAD, incident_id, Action.ACKNOWLEDGE)


async def dismiss(scene: OncallScene, incident_id: str) -> None:
    await scene.desk.act(LEAD, incident_id, Action.MARK_FALSE_POSITIVE, reason="误报")


async def raise_tier(scene: OncallScene, incident_id: str) -> None:
    await scene.desk.set_tier(LEAD, incident_id, "red", reason="有人住院")


async def accept(scene: OncallScene, incident_id: str) -> None:
    await scene.responding.team.accept(LEGAL, incident_id, "legal")


async def decline(scene: OncallScene, incident_id: str) -> None:
    await scene.responding.team.decline(LEGAL, incident_id, "legal")


async def silence(scene: OncallScene, _: str) -> None:
    until = scene.clock.now() + timedelta(hours=1)
    await scene.responding.silences.make(
        RESPONDER, Matcher(monitors=("tea",)), reason="首发", until=until
    )


@pytest.mark.parametrize("deed", [acknowledge, dismiss, raise_tier, accept, decline, silence])
async def test_a_deed_is_done_whole_or_not_at_all(scene: OncallScene, deed: Deed) -> None:
    for name in ("fa", "fa2", "lin"):
        await scene.add_person(name, f"{name}-phone")
    await scene.name_duty("legal", "fa", deputy="fa2")
    await scene.name_duty("duty", "lin")
    scene.sender.refusing = {"fa-phone", "lin-phone"}
    incident = await scene.open("orange")
    before = await snapshot(scene)

    for number in range(1, 200):
        try:
            with breaking(scene.database, number):
                await deed(scene, incident.id)
        except LineBroke:
            assert await snapshot(scene) == before, f"write {number} left something behind"
            continue
        break

    assert number > 3
    assert await snapshot(scene) != before


@pytest.mark.parametrize("minutes", [15, 60], ids=["a step", "a lapse"])
async def test_a_timer_fires_whole_or_not_at_all(scene: OncallScene, minutes: int) -> None:
    await scene.add_person("lin", "lin-phone")
    await scene.name_duty("duty", "lin")
    incident = await scene.open("orange")
    if minutes == 60:
        await scene.act(incident.id, Action.ACKNOWLEDGE)
    async with scene.database.write() as connection:
        # Only the timers of paging are looked at here.
        await connection.execute(
            tables.timer.delete().where(tables.timer.c.kind.not_like("oncall.%"))
        )
        await connection.execute(tables.timer.delete().where(tables.timer.c.kind == "oncall.reach"))
    scene.clock.step(minutes=minutes)
    before = await snapshot(scene)

    for number in range(1, 100):
        with capture_logs(), breaking(scene.database, number):
            fired = await scene.engine.run(scene.clock.now())
        if fired:
            break
        assert await snapshot(scene) == before, f"write {number} left something behind"
        async with scene.database.write() as connection:
            await connection.execute(tables.timer.update().values(retry_at=None, failures=0))

    assert number > 3
    assert await snapshot(scene) != before
