"""Incidents with their run on one database, and the desk of evidence."""

from __future__ import annotations

import pytest

from service.db import Database
from service.evidence import EvidenceDesk
from service.incidents import Evidence, Incident
from service.incidents.frozen import digest
from tests.support.clock import SteppingClock
from tests.support.incident_scene import IncidentScene

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


class EvidenceScene(IncidentScene):
    def __init__(self, database: Database, clock: SteppingClock) -> None:
        super().__init__(database, clock)
        self.evidence = EvidenceDesk(database=database, clock=clock)

    async def crisis(self) -> Incident:
        """A crisis with two posts whose hashes are those of their snapshots."""
        now = self.clock.now()
        frozen = tuple(
            Evidence(
                post_id=f"post{number}",
                at=now,
                copy_group=f"group{number}",
                snapshot=snapshot,
                sha256=digest(snapshot),
            )
            for number, snapshot in enumerate(
                ({"text": "杯子漏水", "likes": 3}, {"text": "\ud800 x", "severity": 0.5}), start=1
            )
        )
        return await self.open(evidence=frozen[:1] if self.is_postgres else frozen)

    @property
    def is_postgres(self) -> bool:
        """JSONB holds no lone surrogates; what is stored there has none by then."""
        return self.database.engine.dialect.name == "postgresql"


@pytest.fixture
def scene(database: Database, clock: SteppingClock) -> EvidenceScene:
    return EvidenceScene(database, clock)
