"""Incidents that are closed and reviewed, departments with leads, on each engine, virtual time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert

from service.auth import SYSTEM, KeyRing, Principal
from service.db import Database, tables
from service.incidents import Action, Incident
from service.reviews import (
    DepartmentDraft,
    Departments,
    Form,
    ImprovementDesk,
    ItemDraft,
    ItemKind,
    PointDesk,
    RecurrenceReading,
    Review,
    ReviewDesk,
    Why,
    rows,
)
from service.reviews.model import Improvement
from tests.support.clock import START, SteppingClock
from tests.support.incident_scene import LEAD, VIEWER, evidence
from tests.support.oncall_scene import OncallScene

DAY = timedelta(days=1)
WHYS = tuple(Why(question=f"为什么{n}？", answer=f"因为{n}") for n in range(1, 6))


def form(cause: str = "inspection", **changes: Any) -> Form:
    """A finished one."""
    values: dict[str, Any] = {"whys": WHYS, "root_cause": "抽检只看首件", "cause_class": cause}
    return Form(**(values | changes))


class ReviewScene(OncallScene):
    """The same with the desks of reviews."""

    def __init__(self, database: Database, clock: SteppingClock, folder: Path) -> None:
        super().__init__(database, clock, folder)
        clocks, telling = self.responding.review_clocks, self.responding.review_telling
        self.departments = Departments(database, clock, KeyRing.from_secret("reviews-test-" * 4))
        self.reviews = ReviewDesk(
            database=database,
            clock=clock,
            clocks=clocks,
            telling=telling,
            response_desk=self.responding.response_desk,
        )
        self.improvements = ImprovementDesk(
            database=database, clock=clock, clocks=clocks, telling=telling
        )
        self.points = PointDesk(database=database, clock=clock)
        self.recurrences = RecurrenceReading(database=database, clock=clock)

    async def account(self, person: Principal, *, disabled: bool = False) -> None:
        """Somebody who may sign in, with a contact and channel of their name."""
        async with self.database.write() as connection:
            await connection.execute(
                insert(tables.user).values(
                    id=person.id,
                    name=person.name,
                    password_hash="-",
                    roles=sorted(person.roles),
                    must_change_password=False,
                    disabled=disabled,
                    failures=0,
                    created_at=START,
                    version=1,
                )
            )
        if not disabled:
            await self.add_person(person.name, person.name, user=person.name)

    async def department(self, name: str, lead: Principal | None = None) -> None:
        lead_id = None if lead is None else lead.id
        await self.departments.put(SYSTEM, DepartmentDraft(id=name, name=name, lead=lead_id))

    async def closed(self, **changes: Any) -> Incident:
        """One that was open for an hour."""
        now = self.clock.now()
        frozen = tuple(evidence(number, at=now) for number in (1, 2))
        opened = await self.open(evidence=frozen, **changes)
        await self.act(opened.id, Action.ACKNOWLEDGE)
        self.clock.step(hours=1)
        return await self.act(opened.id, Action.RESOLVE, Action.CLOSE)

    async def review_of(self, incident_id: str) -> Review:
        async with self.database.read() as connection:
            found = await rows.of_incident(connection, incident_id)
        assert found is not None
        return found

    async def reviewed(self, incident_id: str, *departments: str, cause: str = "inspection") -> str:
        """Fill everything in and close the review; its id."""
        review = await self.review_of(incident_id)
        await self.reviews.save(LEAD, review.id, form(cause))
        for name in departments:
            await self.reviews.involve(LEAD, review.id, name)
            await self.propose(review.id, name)
        await self.reviews.close(LEAD, review.id)
        return review.id

    def draft(self, **changes: Any) -> ItemDraft:
        values: dict[str, Any] = {
            "title": "批次全检",
            "description": "每批抽检十件",
            "kind": ItemKind.USER,
            "owner": None,
            "due_at": self.clock.now() + 10 * DAY,
            "impact": 4,
            "urgency": 3,
            "effort": 2,
        }
        return ItemDraft(**(values | changes))

    async def propose(
        self, review_id: str, department: str, by: Principal = LEAD, **changes: Any
    ) -> Improvement:
        return await self.improvements.propose(by, review_id, department, self.draft(**changes))

    async def balance(self, department: str) -> int:
        found = {item.department_id: item for item in await self.points.balances(VIEWER)}
        return found[department].points if department in found else 0

    async def told(self, event: str) -> list[str]:
        """Who hears of an event, by user id; `*` where every channel may."""
        found = await self.rows(tables.outbox)
        return sorted(row["person"] or "*" for row in found if row["type"] == event)


@pytest.fixture
def scene(database: Database, clock: SteppingClock, tmp_path: Path) -> ReviewScene:
    return ReviewScene(database, clock, tmp_path)


@pytest.fixture
def local(sqlite_database: Database, clock: SteppingClock, tmp_path: Path) -> ReviewScene:
    """On SQLite alone, for logic that no engine changes."""
    return ReviewScene(sqlite_database, clock, tmp_path)
