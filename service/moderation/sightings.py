"""Classified texts that speak of self-harm, on their way to whoever can reach their author."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncConnection

from service.clock import Clock
from service.db import Database
from service.moderation.at_risk import Sighting, text_sighting
from service.moderation.case import Case

_LABEL = "self_harm"


class People(Protocol):
    """Opens and feeds incidents of people at risk, inside the caller's transaction."""

    async def notice(
        self, connection: AsyncConnection, sighting: Sighting, *, now: datetime
    ) -> object: ...


class Sightings:
    """Reports a case in a transaction of its own; the same text again changes nothing."""

    def __init__(self, database: Database, *, clock: Clock, people: People) -> None:
        self._database = database
        self._clock = clock
        self._people = people

    async def report(self, case: Case) -> None:
        """Open an incident for the author of a text, or let the text join the open one."""
        now = self._clock.now()
        sources = {label.source for label in case.labels if label.label == _LABEL}
        sighting = text_sighting(
            case.text,
            rule=f"classify:{'pattern' if 'pattern' in sources else 'lexicon'}",
            caller=case.caller,
            item_id=case.item_id,
            author=case.author,
            now=now,
        )
        async with self._database.write() as connection:
            await self._people.notice(connection, sighting, now=now)
