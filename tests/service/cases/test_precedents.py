"""Past incidents that are like one, with what came of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from service.auth import Role
from service.cases import Precedents
from service.cases.likeness import Part
from service.db import Database, tables
from service.errors import Forbidden, NotFound
from service.incidents import Action, Evidence, Incident, Kind
from service.incidents.frozen import digest
from tests.support.clock import SteppingClock
from tests.support.incident_scene import VIEWER, IncidentScene, person

DAY = timedelta(days=1)


class PastScene(IncidentScene):
    """Crises of other days, one a call of `past`, and one of today."""

    def __init__(self, database: Database, clock: SteppingClock) -> None:
        super().__init__(database, clock)
        self.precedents = Precedents(database=database, clock=clock, ranks=3)

    async def past(self, *, text: str = "杯子漏水", term: str = "漏水", **changes: Any) -> Incident:
        """One that was closed four hours after it was opened, and the day after it."""
        opened = await self.today(text=text, term=term, **changes)
        await self.act(opened.id, Action.ACKNOWLEDGE)
        await self.pass_time(hours=4)
        await self.act(opened.id, Action.RESOLVE, Action.CLOSE)
        self.clock.advance_to(self.clock.now() + DAY)
        return await self.get(opened.id)

    async def today(
        self, *, text: str = "杯子漏水", term: str = "漏水", **changes: Any
    ) -> Incident:
        """One that is open."""
        snapshot = {"text": text}
        frozen = Evidence(
            post_id="post1",
            at=self.clock.now(),
            copy_group="g",
            snapshot=snapshot,
            sha256=digest(snapshot),
        )
        terms = [{"term": term, "posts": 5, "background": 0}]
        return await self.open(evidence=(frozen,), explanation={"terms": terms}, **changes)


@pytest.fixture
def scene(database: Database, clock: SteppingClock) -> PastScene:
    return PastScene(database, clock)


async def test_the_likest_stands_first_with_its_parts(scene: PastScene) -> None:
    same = await scene.past()
    other = await scene.past(scenario="rumour_smear", term="造谣", text="有人造谣")
    opened = await scene.today()
    first, second = await scene.precedents.like(VIEWER, opened.id)
    assert (first.incident.id, second.incident.id) == (same.id, other.id)
    assert first.likeness.shared_terms == ("漏水",)
    assert first.likeness.parts[Part.SCENARIO] == 1.0
    assert second.likeness.parts[Part.SCENARIO] == 0.0


async def test_causes_are_read_from_what_was_frozen(scene: PastScene) -> None:
    await scene.past(text="果茶里喝出虫子")
    opened = await scene.today(text="刚买的果茶吃出异物")
    (found,) = await scene.precedents.like(VIEWER, opened.id)
    assert found.likeness.shared_causes


async def test_it_shows_what_came_of_it(scene: PastScene) -> None:
    past = await scene.past()
    async with scene.database.write() as connection:
        await connection.execute(
            insert(tables.statement).values(
                id="stm_1",
                incident_id=past.id,
                kind="holding",
                lang="zh",
                title="情况说明",
                state="published",
                edition=1,
                blocking=0,
                promises=0,
                created_by="usr_lin",
                created_at=past.opened_at,
                published_at=past.opened_at,
                updated_at=past.opened_at,
                version=1,
            )
        )
    await scene.response_desk.do(
        person("lin", Role.LEAD), past.id, "five_why_review", note="改抽检"
    )
    opened = await scene.today()
    (found,) = await scene.precedents.like(VIEWER, opened.id)
    assert found.outcome.handling == timedelta(hours=4)
    assert found.outcome.acknowledged_after == timedelta(0)
    assert [row["title"] for row in found.outcome.statements] == ["情况说明"]
    assert found.outcome.breached
    assert found.outcome.review == "改抽检"


async def test_drills_open_ones_and_later_ones_are_no_precedents(scene: PastScene) -> None:
    await scene.past(drill=True)
    opened = await scene.today()
    scene.clock.advance_to(scene.clock.now() + DAY)
    later = await scene.past(monitor_id="milk")
    assert await scene.precedents.like(VIEWER, opened.id) == ()
    assert await scene.precedents.like(VIEWER, later.id) == ()


async def test_other_kinds_have_none(scene: PastScene) -> None:
    await scene.past()
    opened = await scene.open(kind=Kind.BACKLOG, scenario=None, subject="review")
    assert await scene.precedents.like(VIEWER, opened.id) == ()


async def test_only_what_is_in_sight_is_shown(scene: PastScene) -> None:
    await scene.past(monitor_id="milk")
    opened = await scene.today()
    bound = person("su", Role.VIEWER, monitors=frozenset({"tea"}))
    assert await scene.precedents.like(bound, opened.id) == ()
    other = person("su", Role.VIEWER, monitors=frozenset({"milk"}))
    with pytest.raises(Forbidden):
        await scene.precedents.like(other, opened.id)
    with pytest.raises(NotFound):
        await scene.precedents.like(VIEWER, "inc_none")
