from __future__ import annotations

from functools import partial

import pytest

from service.db import tables
from service.errors import Conflict, Forbidden, IllegalTransition, InvalidInput, NotFound
from service.incidents import Kind
from service.incidents.lifecycle import Action
from service.statements import Change, NewStatement, State
from tests.support.incident_scene import LEAD
from tests.support.statement_scene import CALM, FA, LIN, MEI, REFUND, RUI, WEI, StatementScene


async def test_nothing_is_stated_about_what_never_was(local: StatementScene) -> None:
    incident = await local.crisis()
    await local.desk.act(LEAD, incident.id, Action.MARK_FALSE_POSITIVE, reason="no")

    with pytest.raises(Conflict, match="false_positive"):
        await local.draft(incident)


async def test_every_save_is_a_version_and_voids_the_approvals(scene: StatementScene) -> None:
    incident = await scene.crisis()
    statement = await scene.approved(incident)

    saved = await scene.stating.desk.save(
        RUI, statement.id, Change(text=f"{CALM}请等我们的消息。", note="加一句")
    )

    assert (saved.state, saved.edition, saved.approved_at) == (State.DRAFT, 2, None)
    file = await scene.file(statement.id)
    assert [item.void_reason for item in file.approvals] == ["the wording has changed"]
    assert [item.number for item in await scene.stating.reading.editions(LIN, statement.id)] == [
        1,
        2,
    ]
    assert "a lead" in file.missing


async def test_saving_the_same_words_changes_nothing(local: StatementScene) -> None:
    statement = await local.approved(await local.crisis())

    saved = await local.stating.desk.save(RUI, statement.id, Change(text=CALM))

    assert saved == statement


async def test_an_older_version_is_told_what_changed(scene: StatementScene) -> None:
    statement = await scene.draft(await scene.crisis())
    await scene.stating.desk.save(MEI, statement.id, Change(text="新的话。", note="重写"))

    with pytest.raises(Conflict, match=r"wording 2 is by usr_mei \(重写\)") as refused:
        await scene.stating.desk.save(
            RUI, statement.id, Change(text="旧的话。"), version=statement.version
        )

    assert [name for name, _ in refused.value.errors] == ["editions.2"]


async def test_new_values_fill_the_template_again(local: StatementScene) -> None:
    statement = await local.draft(await local.crisis(), None, template="closing")

    await local.stating.desk.save(RUI, statement.id, Change(values={"brand": "澄屿"}))

    assert (await local.file(statement.id)).edition.text.endswith("澄屿")


async def test_values_fill_nothing_that_was_written_freely(local: StatementScene) -> None:
    statement = await local.draft(await local.crisis())

    with pytest.raises(InvalidInput, match="no template to fill"):
        await local.stating.desk.save(RUI, statement.id, Change(values={"brand": "澄屿"}))


async def test_withdrawn_before_it_was_out_it_promises_nothing(scene: StatementScene) -> None:
    statement = await scene.draft(await scene.crisis(), REFUND)

    await scene.stating.desk.withdraw(RUI, statement.id, reason="重写")

    assert [row.state for row in await scene.promises(statement.id)] == ["dropped"]
    with pytest.raises(IllegalTransition, match="withdrawn"):
        await scene.stating.desk.save(RUI, statement.id, Change(text="好。"))


async def test_every_deed_is_on_timeline_trail_and_outbox(scene: StatementScene) -> None:
    incident = await scene.crisis()
    await scene.approved(incident)

    rows = await scene.rows(tables.audit_entry)
    deeds = [row["action"] for row in rows if row["action"].startswith("statement.")]
    assert deeds == ["statement.drafted", "statement.submitted", "statement.approved"]
    events = {row["kind"] for row in await scene.rows(tables.incident_event)}
    assert {"statement_drafted", "statement_submitted", "statement_approved"} <= events
    told = [
        data["statement"]["deed"]
        for data in await scene.told("incident.updated")
        if "statement" in data
    ]
    assert told == ["submitted", "approved"]


async def test_who_may_not_write_is_refused_first(local: StatementScene) -> None:
    incident = await local.crisis()

    with pytest.raises(Forbidden):
        await local.draft(incident, by=WEI)
    with pytest.raises(Forbidden):
        await local.stating.desk.submit(WEI, "stm_none")
    with pytest.raises(NotFound, match="no statement"):
        await local.stating.desk.submit(RUI, "stm_none")


async def test_a_person_at_risk_is_stated_to_nobody_outside(local: StatementScene) -> None:
    incident = await local.open(kind=Kind.PERSON_AT_RISK, scenario=None, subject="h")
    statement = await local.draft(incident)
    await local.stating.desk.submit(RUI, statement.id)

    with pytest.raises(Forbidden, match="rota"):
        await local.stating.reading.file(FA, statement.id)
    told = [data for data in await local.told("incident.updated") if "statement" in data]
    assert [data["statement"]["title"] for data in told] == [None]


async def test_of_two_at_once_one_is_told(scene: StatementScene) -> None:
    statement = await scene.draft(await scene.crisis())
    faster = partial(scene.stating.desk.save, MEI, statement.id, Change(text="先写完的。"))
    scene.reader.meanwhile = faster

    with pytest.raises(Conflict, match="has changed since version 1"):
        await scene.stating.desk.save(RUI, statement.id, Change(text="后写完的。"))


async def test_the_same_draft_at_the_same_instant_is_one(local: StatementScene) -> None:
    incident = await local.crisis()
    wanted = NewStatement(title="说明", text=CALM, emotion="angry")

    first = await local.stating.desk.draft(RUI, incident.id, wanted)

    assert await local.stating.desk.draft(RUI, incident.id, wanted) == first


async def test_what_is_merged_is_written_about_where_it_went(local: StatementScene) -> None:
    one, other = await local.crisis(), await local.crisis(scenario="outage")
    await local.desk.act(LIN, one.id, Action.MERGE, reason="同一件事", merge_into=other.id)
    with pytest.raises(Conflict, match=f"is merged; write it in {other.id}"):
        await local.draft(one)
