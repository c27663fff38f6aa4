"""Deliveries for people: who sees them, who sends them again, and what that leaves behind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import update

from service.auth import Role
from service.db import tables
from service.delivery import DeliveryState
from service.errors import Forbidden, NotFound
from service.incidents import Kind
from service.incidents.deliveries import DeliveryDesk
from service.monitors import ChannelDraft, ChannelKind
from tests.support.console_scene import ConsoleScene, open_console
from tests.support.incident_scene import LEAD, RESPONDER, VIEWER, person

OPS = ChannelDraft(id="ops", kind=ChannelKind.RECORDING, name="值班群")
LEGAL = person("fa", Role.LEGAL)


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[ConsoleScene]:
    async with open_console(tmp_path) as opened:
        yield opened


async def test_what_was_sent_is_read_with_every_attempt(scene: ConsoleScene):
    incident = await scene.open()
    await scene.deliver(OPS)
    desk = scene.container.deliveries
    found = await desk.page(VIEWER, incident_id=incident.id, limit=1)
    assert found.next is not None
    file = await desk.file(VIEWER, found.items[0].id)
    assert (file.delivery.state, len(file.attempts)) == (DeliveryState.SENT, 1)


async def test_only_who_may_sends_again_and_it_is_audited_with_its_channel(scene: ConsoleScene):
    incident = await scene.open()
    await scene.deliver(OPS)
    desk = scene.container.deliveries
    (item, *_) = (await desk.page(LEAD, incident_id=incident.id)).items
    with pytest.raises(Forbidden):
        await desk.replay(RESPONDER, item.id)
    again = await desk.replay(LEAD, item.id)
    assert (again.state, again.reason) == (DeliveryState.PENDING, "replayed")
    (row,) = [
        row for row in await scene.rows(tables.audit_entry) if row["action"] == "delivery.replayed"
    ]
    assert (row["actor"], row["data"]["channel"]) == (LEAD.id, "ops")


async def test_what_tells_of_a_person_at_risk_is_not_there_for_others(scene: ConsoleScene):
    incident = await scene.open()
    await scene.deliver(OPS)
    async with scene.database.write() as connection:
        await connection.execute(update(tables.incident).values(kind=Kind.PERSON_AT_RISK.value))
    desk: DeliveryDesk = scene.container.deliveries
    assert (await desk.page(LEGAL, incident_id=incident.id)).items == ()
    (item, *_) = (await desk.page(RESPONDER, incident_id=incident.id)).items
    with pytest.raises(NotFound):
        await desk.file(LEGAL, item.id)
    lead_of_legal = person("both", Role.LEGAL, Role.ADMIN)
    with pytest.raises(NotFound):
        await desk.replay(lead_of_legal, item.id)
