"""The outbox: what the outside is to be told, written in the transaction that makes it true."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import Enum
from math import isfinite
from typing import Any

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db.statement import insert
from service.db.storable import storable
from service.db.tables import outbox
from service.delivery.model import Message, OutboxEvent
from service.delivery.render import instant_text
from service.events import EventType
from service.ids import stable_id


async def enqueue(
    connection: AsyncConnection,
    *,
    type: EventType,  # noqa: A002 - the name that the wire has
    occurred_at: datetime,
    incident_id: str | None,
    tier_rank: int | None,
    drill: bool,
    data: Mapping[str, Any],
    parts: Sequence[str],
    only_channels: Sequence[str] | None = None,
    person: str | None = None,
) -> str:
    """Tell the outside of an event; answers its webhook-id, derived from `type` and `parts`.

    Doing it twice keeps the first. `tier_rank` is what channels' minimum is compared with: for a
    tier that falls pass the higher of the two, or those who were paged never hear of the fall.
    `data` may hold instants and enums; they become text.

    `only_channels` (ids) addresses the event: those channels have it, whatever events and minimum
    tier they chose, and no other does; None leaves it to what channels want. A drill still goes to
    channels for drills alone. `person` is the user whom it is meant for: pages name them, and who
    acknowledges from the page does so in their name. The address is no part of the id: for a second
    page about the same thing put a word of your own into `parts`.
    """
    message_id = stable_id("msg", type, *parts)
    await connection.execute(
        insert(connection, outbox)
        .values(
            id=message_id,
            type=type.value,
            occurred_at=occurred_at,
            incident_id=incident_id,
            tier_rank=tier_rank,
            drill=int(drill),
            data=_plain(storable(data)),
            only_channels=None if only_channels is None else list(only_channels),
            person=person,
            created_at=occurred_at,
        )
        .on_conflict_do_nothing(index_elements=["id"])
    )
    return message_id


def event_of(row: Row[tuple[object, ...]]) -> OutboxEvent:
    """The event in a row that has the columns of `outbox`, its id as `outbox_id`."""
    values = row._mapping
    only = values["only_channels"]
    return OutboxEvent(
        message=Message(
            id=values["outbox_id"],
            type=EventType(values["type"]),
            occurred_at=values["occurred_at"],
            data=values["data"],
            person=values["person"],
        ),
        incident_id=values["incident_id"],
        tier_rank=values["tier_rank"],
        drill=bool(values["drill"]),
        only_channels=None if only is None else tuple(only),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, float) and not isfinite(value):
        return None  # JSON has no such numbers, and PostgreSQL would refuse the whole transaction
    return value.value if isinstance(value, Enum) else value
