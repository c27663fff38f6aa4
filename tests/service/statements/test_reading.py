from __future__ import annotations

import pytest

from playbooks.statements import Code
from service.db import tables
from service.errors import Forbidden, InvalidInput, NotFound
from service.incidents import Kind
from service.statements import Change, Fact, State, StatementFilter, StatementSort
from tests.support.incident_scene import person
from tests.support.statement_scene import CALM, FA, LIN, REFUND, RUI, WEI, StatementScene


async def test_lists_are_filtered_sorted_and_paged(scene: StatementScene) -> None:
    incident = await scene.crisis()
    first, second = await scene.draft(incident), await scene.draft(incident, REFUND)
    scene.clock.step(seconds=1)
    await scene.stating.desk.submit(RUI, first.id)
    page = scene.stating.reading.page
    mine = StatementFilter(incident_id=incident.id)

    newest = await page(LIN, mine)
    changed = await page(LIN, mine, sort=StatementSort.CHANGED)

    assert [item.id for item in newest] == [second.id, first.id]
    assert [item.id for item in changed] == [first.id, second.id]
    rest = await page(LIN, mine, after=(newest[0].created_at, newest[0].id), limit=1)
    assert [item.id for item in rest] == [first.id]
    waiting = await page(LIN, StatementFilter(states=(State.SUBMITTED,)))
    assert [item.id for item in waiting] == [first.id]
    assert await page(LIN, StatementFilter(kinds=(first.kind,), states=(State.APPROVED,))) == ()


async def test_who_is_limited_to_other_monitors_sees_none(local: StatementScene) -> None:
    incident = await local.crisis()
    statement = await local.draft(incident)
    stranger = person("yan", *LIN.roles, monitors=frozenset({"coffee"}))

    assert await local.stating.reading.page(stranger, StatementFilter()) == ()
    with pytest.raises(Forbidden):
        await local.stating.reading.file(stranger, statement.id)
    with pytest.raises(NotFound):
        await local.stating.reading.page(LIN, StatementFilter(incident_id="inc_none"))


async def test_a_private_one_is_listed_with_its_incident_and_audited(
    scene: StatementScene,
) -> None:
    incident = await scene.open(kind=Kind.PERSON_AT_RISK, scenario=None, subject="h")
    statement = await scene.draft(incident)

    everywhere = await scene.stating.reading.page(LIN, StatementFilter())
    there = await scene.stating.reading.page(LIN, StatementFilter(incident_id=incident.id))

    assert everywhere == ()
    assert [item.id for item in there] == [statement.id]
    reads = [
        row for row in await scene.rows(tables.audit_entry) if row["action"] == "incident.read"
    ]
    assert [row["actor"] for row in reads] == [LIN.id]
    with pytest.raises(Forbidden):
        await scene.stating.reading.page(FA, StatementFilter(incident_id=incident.id))


async def test_what_changed_between_two_wordings(scene: StatementScene) -> None:
    statement = await scene.draft(await scene.crisis())
    await scene.stating.desk.save(
        RUI, statement.id, Change(text=CALM.replace("核实", "调查"), title="新说明")
    )

    found = await scene.stating.reading.difference(WEI, statement.id, before=1, after=2)

    assert found.title == ("说明", "新说明")
    assert [(p.before, p.after) for p in found.pieces if p.op != "equal"] == [("核实", "调查")]
    with pytest.raises(NotFound, match="no version 9"):
        await scene.stating.reading.difference(WEI, statement.id, before=1, after=9)


async def test_a_trial_saves_nothing(local: StatementScene) -> None:
    statement = await local.draft(await local.crisis())

    linted = await local.stating.reading.trial(
        RUI, statement.id, "对不起，共 38 单、12 人。", (Fact(text="12 人", source="工单"),)
    )

    assert [item.surface for item in linted.findings if item.code is Code.UNVERIFIED_FACT] == ["38"]
    assert (await local.file(statement.id)).statement.edition == 1
    with pytest.raises(Forbidden):
        await local.stating.reading.trial(WEI, statement.id, "好")


async def test_advice_follows_the_posts_or_what_is_asked(local: StatementScene) -> None:
    incident = await local.crisis("red", "怕", "很怕", "怕了")

    read = await local.stating.reading.advice(LIN, incident.id)
    asked = await local.stating.reading.advice(LIN, incident.id, emotion="sad", intensity="mild")

    assert read is not None
    assert asked is not None
    assert (read.register.id, read.role.value, read.within.total_seconds()) == (
        "steadying",
        "executive",
        600,
    )
    assert asked.register.id == "consoling"
    with pytest.raises(InvalidInput):
        await local.stating.reading.advice(LIN, incident.id, emotion="bored")


async def test_without_posts_nobody_knows_the_mood(local: StatementScene) -> None:
    incident = await local.crisis()

    assert await local.stating.reading.advice(LIN, incident.id) is None
