"""Being loud: the event `incident.unreached`, and the channel of last resort."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from service.db.committed import when_committed
from service.delivery import outbox
from service.events import EventType
from service.incidents import Incident
from service.incidents import repository as incident_rows
from service.incidents.view import told_view
from service.oncall import escalations
from service.oncall.books import load_roster
from service.oncall.roster import asleep

log = structlog.get_logger(__name__)


class Unreached(StrEnum):
    """What has happened."""

    NOT_DELIVERED = "not_delivered"
    """No page was taken by its receiver in time."""
    UNANSWERED = "unanswered"
    """Every step of the chain has fired, and nobody has acknowledged."""


class Outcry:
    """Tells whoever wants such news, and the channel of last resort whatever it wants."""

    def __init__(self, *, fallback: str | None, public_url: str) -> None:
        """`fallback` is the channel of last resort; None: then every channel is."""
        self._fallback = fallback
        self._public_url = public_url

    async def cry(
        self, connection: AsyncConnection, incident_id: str, why: Unreached, *, now: datetime
    ) -> None:
        """Send it; the log says it as an error, of a drill as information."""
        incident = await incident_rows.get(connection, incident_id)
        last = await self._last_resort(connection, incident, now=now)
        for only, part in ((None, "all"), (last, "fallback")):
            await outbox.enqueue(
                connection,
                type=EventType.INCIDENT_UNREACHED,
                occurred_at=now,
                incident_id=incident.id,
                tier_rank=incident.tier_rank,
                drill=incident.drill,
                data={
                    "incident": told_view(incident, public_url=self._public_url),
                    "unreached": {"why": why.value},
                },
                parts=[incident.id, why.value, now.isoformat(), part],
                only_channels=only,
            )
        name = "oncall.unanswered" if why is Unreached.UNANSWERED else "oncall.reached_nobody"
        say = log.info if incident.drill else log.error
        when_committed(
            connection,
            lambda: say(name, incident=incident.id, tier=incident.tier, drill=incident.drill),
        )

    async def _last_resort(
        self, connection: AsyncConnection, incident: Incident, *, now: datetime
    ) -> tuple[str, ...]:
        """The channel of last resort while it is there; without it every channel.

        But for those of people who are left in peace at this hour, if their chain does that.
        """
        roster = await load_roster(connection, drill=incident.drill)
        if self._fallback in roster.channels:
            return (self._fallback,)
        if self._fallback is not None and not incident.drill:
            name = self._fallback
            when_committed(
                connection, lambda: log.error("oncall.fallback_channel_missing", channel=name)
            )
        live = [
            each
            for each in await escalations.of_incident(connection, incident.id)
            if not each.is_over
        ]
        wakes = not live or live[-1].chain.ignores_quiet
        return tuple(sorted(roster.channels - (frozenset() if wakes else asleep(roster, at=now))))
