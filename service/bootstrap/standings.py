"""How it stands with what pages are about, asked at the moment of sending."""

from __future__ import annotations

from service.coverage import repository as feed_rows
from service.db import Database
from service.delivery.channels.alerts import Standing
from service.incidents import OPEN_STATES, State
from service.incidents import repository as incident_rows
from service.oncall import escalations


class StandingsNow:
    """Reads incidents, their escalations and feeds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def incident(self, incident_id: str) -> Standing | None:
        """None for one that is not there."""
        async with self._database.read() as connection:
            incident = await incident_rows.find(connection, incident_id)
            if incident is None:
                return None
            held = await escalations.is_held(connection, incident_id)
        if incident.state not in OPEN_STATES or (held and incident.state is State.RESOLVED):
            return Standing.OVER
        if held:
            return Standing.HELD
        return Standing.WAITING if incident.state is State.NEW else Standing.LAPSED

    async def feed(self, feed_id: str) -> Standing | None:
        """Over when it is seen again, or gone."""
        async with self._database.read() as connection:
            feed = await feed_rows.feed(connection, feed_id)
        dark = feed is not None and feed.gone_at is None and feed.condition.dark
        return Standing.WAITING if dark else Standing.OVER
