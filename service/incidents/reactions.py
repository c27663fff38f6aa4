"""What must happen in the same transaction when an incident changes; bootstrap says who reacts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from service.incidents.lifecycle import Transition
from service.incidents.model import Incident


class Reactions(Protocol):
    """Called inside the transaction that changes the incident; raising undoes the change."""

    async def opened(self, connection: AsyncConnection, incident: Incident) -> None: ...

    async def tier_changed(
        self, connection: AsyncConnection, incident: Incident, *, now: datetime
    ) -> None: ...

    async def scenario_named(
        self, connection: AsyncConnection, incident: Incident, *, now: datetime
    ) -> None: ...

    async def moved(
        self,
        connection: AsyncConnection,
        incident: Incident,
        transition: Transition,
        *,
        actor: str,
        now: datetime,
    ) -> None: ...

    async def contained(
        self, connection: AsyncConnection, incident: Incident, *, now: datetime
    ) -> None: ...


class Acted(Protocol):
    """Told of each deed of a person on an incident, in the same transaction, after it."""

    async def __call__(
        self, connection: AsyncConnection, incident_id: str, *, actor: str, now: datetime
    ) -> None: ...


async def unnoticed(
    connection: AsyncConnection, incident_id: str, *, actor: str, now: datetime
) -> None:
    """Nobody counts deeds."""


class Taken(Protocol):
    """Somebody says that they have an incident which is past that state.

    True when pages were going out for it, and stop; False when there is nothing to take.
    """

    async def __call__(
        self, connection: AsyncConnection, incident: Incident, *, actor: str, now: datetime
    ) -> bool: ...


async def nothing_to_take(
    connection: AsyncConnection, incident: Incident, *, actor: str, now: datetime
) -> bool:
    """Nobody is paged."""
    return False


Hush = Callable[[AsyncConnection, Incident, datetime], Awaitable[str | None]]
"""The id of the silence that keeps news of an incident from being sent, None when it is sent."""


async def aloud(connection: AsyncConnection, incident: Incident, now: datetime) -> str | None:
    """Nothing is silenced."""
    return None
