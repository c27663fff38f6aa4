"""Entries made, written anew, moved, retired, linked: permission, version, history, audit."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import insert

from service.auth import PrincipalKind, Role
from service.db import tables
from service.errors import Conflict, Forbidden, IllegalTransition, InvalidInput, NotFound
from service.incidents import Incident, Kind
from service.risks import LinkKind, Risk, Stage
from tests.support.incident_scene import LEAD, LEGAL, RESPONDER, VIEWER, person
from tests.support.risk_scene import RiskScene, cny, open_risks, usd

pytestmark = pytest.mark.asyncio(loop_scope="module")
ELSEWHERE = person("els", Role.LEAD, monitors=frozenset({"coffee"}))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def place(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RiskScene]:
    async with open_risks(Path(tmp_path_factory.mktemp("risks"))) as scene:
        yield scene


@pytest_asyncio.fixture(loop_scope="module")
async def risk(place: RiskScene) -> Risk:
    await place.scene.wait(minutes=1)
    return await place.enter(monitor="tea")


async def audited(place: RiskScene, risk: Risk) -> list[str]:
    rows = await place.scene.rows(tables.audit_entry)
    return [row["action"] for row in rows if row["subject_id"] == risk.id]


async def test_a_life_of_an_entry_is_in_its_history_and_in_the_audit_trail(
    place: RiskScene, risk: Risk
) -> None:
    desk = place.desk
    await desk.edit(LEGAL, risk.id, place.draft(monitor="tea", legal=5))
    for stage in (Stage.DO, Stage.CHECK, Stage.ACT, Stage.PLAN):
        moved = await desk.move(RESPONDER, risk.id, stage, note=f"到 {stage}")
    assert (moved.stage, moved.cycle, moved.version) == (Stage.PLAN, 2, 6)
    await desk.retire(LEAD, risk.id, reason="停产")
    reopened = await desk.reopen(LEAD, risk.id, reason="复产")
    assert (reopened.stage, reopened.cycle, reopened.retired) == (Stage.PLAN, 3, False)

    history = await place.register.history(VIEWER, risk.id, before=None, limit=20)
    assert [(item.version, item.kind.value) for item in reversed(history)] == [
        (1, "created"),
        (2, "edited"),
        (3, "moved"),
        (4, "moved"),
        (5, "moved"),
        (6, "moved"),
        (7, "retired"),
        (8, "reopened"),
    ]
    edited = history[-2]
    assert edited.data == {"changed": {"legal": {"before": 4, "after": 5}}}
    assert (edited.by, edited.draft.legal, history[-1].draft.legal) == (LEGAL.id, 5, 4)
    assert (history[2].note, history[2].by) == ("到 plan", RESPONDER.id)
    assert await place.register.history(VIEWER, risk.id, before=3, limit=20) == history[-2:]
    assert await audited(place, risk) == [f"risk.{item.kind}" for item in reversed(history)]


async def test_the_same_written_again_is_no_version(place: RiskScene, risk: Risk) -> None:
    same = await place.desk.edit(LEAD, risk.id, risk.draft, version=1)
    assert same == risk


async def test_an_older_version_is_told_what_changed(place: RiskScene, risk: Risk) -> None:
    await place.desk.edit(LEGAL, risk.id, place.draft(monitor="tea", user=5), version=1)
    with pytest.raises(Conflict, match=r"at version 2, not 1: usr_fa edited it"):
        await place.desk.edit(LEAD, risk.id, place.draft(monitor="tea", user=1), version=1)


async def test_a_stage_is_followed_by_the_next_alone(place: RiskScene, risk: Risk) -> None:
    with pytest.raises(IllegalTransition, match="do comes next, not check"):
        await place.desk.move(LEAD, risk.id, Stage.CHECK, note="跳")


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"title": " "}, "title"),
        ({"title": "\u200b\u3164"}, "title"),
        ({"title": "x" * 201}, "title"),
        ({"description": "x" * 4001}, "description"),
        ({"legal": 0}, "legal"),
        ({"technical": 6}, "technical"),
        ({"likelihood": 6}, "likelihood"),
        ({"review_months": 13}, "review_months"),
        ({"owner": "usr_ghost"}, "owner"),
        ({"monitor": "ghost"}, "monitor"),
        ({"scenario": "ghost"}, "scenario"),
        ({"loss": cny("-1")}, "loss"),
        ({"control_cost": replace(cny(1), currency="YUAN")}, "control_cost"),
        ({"compliance_cost": usd(1)}, "compliance_cost"),
    ],
)
async def test_mistakes_are_refused(place: RiskScene, changes: dict[str, Any], path: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        await place.enter(**changes)
    assert [where for where, _ in caught.value.errors] == [path]


async def test_a_note_is_something_to_read(place: RiskScene, risk: Risk) -> None:
    with pytest.raises(InvalidInput, match="note"):
        await place.desk.move(RESPONDER, risk.id, Stage.DO, note="\u200b \u2060")
    with pytest.raises(InvalidInput, match="reason"):
        await place.desk.retire(LEAD, risk.id, reason="\u200b")


async def test_who_may_do_what(place: RiskScene, risk: Risk) -> None:
    with pytest.raises(Forbidden):
        await place.desk.create(RESPONDER, place.draft())
    with pytest.raises(Forbidden):
        await place.desk.edit(RESPONDER, risk.id, place.draft())
    with pytest.raises(Forbidden):
        await place.desk.move(VIEWER, risk.id, Stage.DO, note="x")
    with pytest.raises(Forbidden):
        await place.desk.move(VIEWER, "rsk_none", Stage.DO, note="x")
    with pytest.raises(NotFound):
        await place.desk.move(LEAD, "rsk_none", Stage.DO, note="x")


async def test_an_owner_works_on_their_own_whatever_they_are(place: RiskScene, risk: Risk) -> None:
    owner = replace(person("mei", Role.VIEWER), id=place.owner)
    moved = await place.desk.move(owner, risk.id, Stage.DO, note="开始整改")
    assert moved.stage is Stage.DO
    with pytest.raises(Forbidden):
        await place.desk.retire(owner, risk.id, reason="x")
    key = replace(owner, kind=PrincipalKind.KEY)
    with pytest.raises(Forbidden):
        await place.desk.move(key, risk.id, Stage.CHECK, note="x")


async def test_who_works_on_other_monitors_sees_none_of_it(place: RiskScene, risk: Risk) -> None:
    with pytest.raises(NotFound):
        await place.desk.move(ELSEWHERE, risk.id, Stage.DO, note="x")
    with pytest.raises(NotFound):
        await place.register.get(ELSEWHERE, risk.id)
    with pytest.raises(NotFound):
        await place.register.history(ELSEWHERE, risk.id, before=None, limit=1)
    with pytest.raises(Forbidden):
        await place.desk.create(ELSEWHERE, place.draft(monitor="tea"))


async def test_a_retired_entry_waits_to_be_reopened(place: RiskScene, risk: Risk) -> None:
    with pytest.raises(IllegalTransition, match="not retired"):
        await place.desk.reopen(LEAD, risk.id, reason="x")
    await place.desk.retire(LEAD, risk.id, reason="x")
    with pytest.raises(IllegalTransition, match="reopen it first"):
        await place.desk.review(LEAD, risk.id, note="x", evidence=None)
    edited = await place.desk.edit(LEAD, risk.id, place.draft(monitor="tea", owner=place.other))
    assert edited.retired


@pytest.mark.parametrize(
    "evidence", ["javascript:alert(1)", "https://a.example/\n", "https://" + "a" * 2000]
)
async def test_a_review_shows_a_real_link(place: RiskScene, risk: Risk, evidence: str) -> None:
    with pytest.raises(InvalidInput):
        await place.desk.review(LEAD, risk.id, note="x", evidence=evidence)


@pytest.mark.parametrize("note", [" ", "x" * 4001])
async def test_a_note_says_something(place: RiskScene, risk: Risk, note: str) -> None:
    with pytest.raises(InvalidInput):
        await place.desk.move(LEAD, risk.id, Stage.DO, note=note)


async def test_the_same_entered_twice_at_once_is_refused(place: RiskScene) -> None:
    await place.scene.wait(minutes=1)
    await place.enter(title="一次")
    with pytest.raises(Conflict, match="a moment ago"):
        await place.enter(title="一次")


async def improvement_of(place: RiskScene, incident: Incident) -> str:
    """A row as reviews write it."""
    now = place.now
    async with place.container.database.write() as connection:
        await connection.execute(
            insert(tables.cause_review).values(
                id="rev_a",
                incident_id=incident.id,
                monitor_id=incident.monitor_id,
                state="open",
                due_at=now,
                whys=[],
                opened_at=now,
                updated_at=now,
                version=1,
            )
        )
        await connection.execute(
            insert(tables.improvement).values(
                id="imp_a",
                review_id="rev_a",
                incident_id=incident.id,
                monitor_id=incident.monitor_id,
                department_id="quality",
                title="换供应商",
                description="",
                kind="strategy",
                due_at=now,
                impact=3,
                urgency=3,
                effort=1,
                rank=9.0,
                state="doing",
                proposed_by="usr_lin",
                proposed_at=now,
                timed_from=now,
                updated_at=now,
                version=1,
            )
        )
    return "imp_a"


async def test_links_to_incidents_and_improvements(place: RiskScene, risk: Risk) -> None:
    incident = await place.incident()
    improvement = await improvement_of(place, incident)
    await place.desk.link(RESPONDER, risk.id, LinkKind.INCIDENT, incident.id)
    linked = await place.desk.link(RESPONDER, risk.id, LinkKind.IMPROVEMENT, improvement)
    again = await place.desk.link(LEAD, risk.id, LinkKind.IMPROVEMENT, improvement)
    assert again.version == linked.version == 3
    shown = {
        link.kind: (link.target_id, link.title, link.state)
        for link in (await place.entry(risk)).links
    }
    assert shown == {
        LinkKind.INCIDENT: (incident.id, "茶", "new"),
        LinkKind.IMPROVEMENT: ("imp_a", "换供应商", "doing"),
    }
    await place.desk.unlink(LEAD, risk.id, LinkKind.INCIDENT, incident.id)
    with pytest.raises(NotFound, match="is not linked"):
        await place.desk.unlink(LEAD, risk.id, LinkKind.INCIDENT, incident.id)
    assert (await audited(place, risk))[-3:] == ["risk.linked", "risk.linked", "risk.unlinked"]


async def test_what_cannot_be_linked(place: RiskScene, risk: Risk) -> None:
    drill = await place.incident(drill=True, scenario="food_safety")
    private = await place.incident(kind=Kind.PERSON_AT_RISK, scenario=None, subject="h")
    with pytest.raises(InvalidInput, match="drill"):
        await place.desk.link(LEAD, risk.id, LinkKind.INCIDENT, drill.id)
    with pytest.raises(InvalidInput, match="private"):
        await place.desk.link(LEAD, risk.id, LinkKind.INCIDENT, private.id)
    with pytest.raises(NotFound):
        await place.desk.link(LEGAL, risk.id, LinkKind.INCIDENT, private.id)
    for kind in LinkKind:
        with pytest.raises(NotFound):
            await place.desk.link(LEAD, risk.id, kind, "none")


async def test_a_link_tells_no_title_to_those_who_may_not_see_it(place: RiskScene) -> None:
    await place.scene.wait(minutes=1)
    risk = await place.enter(title="公司级")
    incident = await place.incident(scenario="labour_dispute")
    await place.desk.link(LEAD, risk.id, LinkKind.INCIDENT, incident.id)
    (link,) = (await place.register.get(ELSEWHERE, risk.id)).links
    assert (link.target_id, link.title, link.state) == (incident.id, None, None)
