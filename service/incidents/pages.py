"""Pages on the incident's timeline: what was sent where, what fails, what was given up."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncConnection

from service.delivery import DeliveryReport
from service.incidents import repository
from service.incidents.model import SYSTEM_ACTOR


async def note_page(connection: AsyncConnection, report: DeliveryReport) -> None:
    """Write the news of a delivery, in the transaction that records the attempt."""
    incident_id = report.event.incident_id
    if incident_id is None or await repository.find(connection, incident_id) is None:
        return
    await repository.add_event(
        connection,
        incident_id,
        at=report.at,
        kind=f"page_{report.news.value}",
        actor=SYSTEM_ACTOR,
        data={
            "channel": report.channel_id,
            "event": report.event.message.type.value,
            "message": report.event.message.id,
            "attempts": report.attempts,
            "reason": report.reason,
            **({} if report.handed_to is None else {"handed_to": report.handed_to}),
        },
    )
