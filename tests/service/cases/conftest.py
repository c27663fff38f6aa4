"""Incidents that page, people with accounts, and the desk of casework, on each engine."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import insert

from service.auth import Principal, Role
from service.cases import CaseDesk, Watching
from service.db import Database, tables
from service.incidents import Incident
from service.jobs import advance
from tests.support.clock import START, SteppingClock
from tests.support.incident_scene import evidence, person
from tests.support.oncall_scene import OncallScene

LIN = person("lin", Role.LEAD)
RUI = person("rui", Role.RESPONDER)
FA = person("fa", Role.RESPONDER)
WEI = person("wei", Role.VIEWER)


class CaseScene(OncallScene):
    """The same with accounts for `people`, each with a channel of their own."""

    def __init__(self, database: Database, clock: SteppingClock, folder: Path) -> None:
        super().__init__(database, clock, folder)
        self.cases: CaseDesk = self.responding.cases
        self.watching: Watching = self.responding.watching

    async def people(self, *people: Principal) -> None:
        """Accounts, contacts and channels of the same name."""
        for one in people:
            async with self.database.write() as connection:
                await connection.execute(
                    insert(tables.user).values(
                        id=one.id,
                        name=one.name,
                        password_hash="-",
                        roles=sorted(one.roles),
                        must_change_password=False,
                        disabled=False,
                        failures=0,
                        created_at=START,
                        version=1,
                    )
                )
            await self.add_person(one.name, one.name, user=one.name)

    async def crisis(self, posts: int = 4) -> Incident:
        """A yellow crisis with frozen posts."""
        now = self.clock.now()
        frozen = tuple(evidence(number, at=now) for number in range(1, posts + 1))
        return await self.open(evidence=frozen)

    async def heard(self, channel: str, event: str) -> int:
        """How many messages of that type a channel has taken by now."""
        await advance(self.clock, [self.watching, self.router, self.deliverer], self.clock.now())
        return self.pages(event).count((channel, event))

    async def kinds(self, incident_id: str) -> list[str]:
        """The timeline's kinds, in order."""
        file = await self.desk.file(LIN, incident_id)
        return [entry.kind for entry in file.timeline]


@pytest.fixture
def scene(database: Database, clock: SteppingClock, tmp_path: Path) -> CaseScene:
    return CaseScene(database, clock, tmp_path)


@pytest.fixture
def local(sqlite_database: Database, clock: SteppingClock, tmp_path: Path) -> CaseScene:
    """On SQLite alone, for logic that no engine changes."""
    return CaseScene(sqlite_database, clock, tmp_path)
