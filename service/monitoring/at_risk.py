"""People at risk among the posts that come in: frozen as evidence, and handed to their rota."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import structlog

from service.clock import Clock
from service.db import Database
from service.incidents import Kind, subjects
from service.moderation.at_risk import NO_MONITOR, PeopleAtRisk, Sighting
from service.monitoring.evidence import freeze
from service.stores.post_store import StoredPost

log = structlog.get_logger(__name__)


class Found(Protocol):
    """A stored post in which somebody speaks of harming themselves."""

    @property
    def post(self) -> StoredPost: ...

    @property
    def rule(self) -> str: ...

    @property
    def shares(self) -> str | None: ...


class RiskWatch:
    """Opens and feeds the incidents of the people behind posts, one transaction a post."""

    def __init__(self, *, database: Database, clock: Clock, people: PeopleAtRisk) -> None:
        self._database = database
        self._clock = clock
        self._people = people

    async def notice(self, found: Sequence[Found]) -> None:
        """See to it that each post is in an incident; telling it again changes nothing."""
        for item in found:
            now = self._clock.now()
            post = item.post
            async with self._database.read() as connection:
                # A feed brings its posts again with each pull: that must wake nobody.
                if await subjects.holding_post(connection, Kind.PERSON_AT_RISK, post.id):
                    continue
            sighting = Sighting(
                evidence=freeze(post, now=now),
                said_at=post.published_at,
                author=post.author,
                rule=item.rule,
                monitor_id=post.monitors[0] if post.monitors else NO_MONITOR,
                shares=item.shares,
            )
            async with self._database.write() as connection:
                noticed = await self._people.notice(connection, sighting, now=now)
            incident = noticed.incident
            log.info(
                "risk.noticed",
                notice=noticed.notice.name.lower(),
                incident=None if incident is None else incident.id,
            )
