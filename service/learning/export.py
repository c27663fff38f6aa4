"""The training set as bytes, after it was written down who took it."""

from __future__ import annotations

from datetime import datetime

from service.audit import record
from service.auth import Action, Principal, Resource
from service.clock import Clock
from service.db import Database
from service.incidents import format_instant
from service.learning.gathering import Gathering
from service.learning.training_set import TrainingSet


class SetExport:
    """Gathers and audits. The same database and the same `until` give the same bytes."""

    def __init__(self, database: Database, clock: Clock, *, gathering: Gathering) -> None:
        self._database = database
        self._clock = clock
        self._gathering = gathering

    async def start(self, principal: Principal, *, until: datetime | None = None) -> TrainingSet:
        """What was said up to `until`, that instant included, or up to now. Raises Forbidden."""
        principal.require(Action.EXPORT, Resource.MODEL)
        found = await self._gathering.gather(until=until)
        async with self._database.write() as connection:
            await record(
                connection,
                at=self._clock.now(),
                actor=principal.id,
                action="correction.exported",
                subject_type="correction",
                subject_id="all",
                data={
                    "sha256": found.sha256,
                    "rows": len(found.rows),
                    "until": format_instant(until),
                },
            )
        return found
