from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.db import tables
from service.errors import Conflict, Forbidden, IllegalTransition, InvalidInput, NotFound
from service.incidents import Kind
from service.statements import Capacity, PromiseFilter, PromiseSort, PromiseState, State
from tests.support.statement_scene import FA, LIN, MEI, REFUND, RUI, WEI, StatementScene


async def test_another_date_asks_for_the_approvals_again(scene: StatementScene) -> None:
    statement = await scene.approved(await scene.crisis(), REFUND)
    (row,) = await scene.promises(statement.id)

    await scene.stating.promises.assign(RUI, row.id, due_at=scene.clock.now() + timedelta(days=30))

    file = await scene.file(statement.id)
    assert file.statement.state is State.SUBMITTED
    assert {item.void_reason for item in file.approvals} == {"a promise has another date"}
    await scene.stating.approvals.approve(MEI, statement.id, Capacity.LEAD)


async def test_another_owner_does_not(local: StatementScene) -> None:
    statement = await local.approved(await local.crisis(), REFUND)
    (row,) = await local.promises(statement.id)

    await local.stating.promises.assign(RUI, row.id, owner="legal")

    assert (await local.file(statement.id)).statement.state is State.APPROVED


async def test_a_public_date_is_moved_by_those_who_approve_with_a_reason(
    scene: StatementScene,
) -> None:
    statement = await scene.published(await scene.crisis(), REFUND)
    (row,) = await scene.promises(statement.id)
    later = scene.clock.now() + timedelta(days=20)
    assign = scene.stating.promises.assign

    with pytest.raises(Forbidden):
        await assign(RUI, row.id, due_at=later, reason="银行慢")
    with pytest.raises(InvalidInput, match="reason"):
        await assign(LIN, row.id, due_at=later)
    await assign(LIN, row.id, due_at=later, reason="银行慢")
    await scene.pass_time(days=11)

    assert await scene.told("promise.due") == []
    await scene.pass_time(days=10)
    assert len(await scene.told("promise.due")) == 1


@pytest.mark.parametrize(
    ("changes", "path"),
    [({}, "owner"), ({"owner": " "}, "owner"), ({"owner": "x", "reason": "好" * 5_001}, "reason")],
)
async def test_what_cannot_be_meant_is_refused_by_name(
    local: StatementScene, changes: dict[str, Any], path: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        await local.stating.promises.assign(RUI, "prm_none", **changes)

    assert [name for name, _ in refused.value.errors] == [path]


async def test_a_date_that_has_passed_is_refused(local: StatementScene) -> None:
    statement = await local.draft(await local.crisis(), REFUND)
    (row,) = await local.promises(statement.id)

    with pytest.raises(InvalidInput, match="falls due later"):
        await local.stating.promises.assign(RUI, row.id, due_at=local.clock.now())


async def test_a_date_beyond_all_calendars_is_refused(local: StatementScene) -> None:
    """Its timers could not be set, and the statement never go out."""
    statement = await local.draft(await local.crisis(), REFUND)
    (row,) = await local.promises(statement.id)
    late = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)

    with pytest.raises(InvalidInput, match="falls due sooner"):
        await local.stating.promises.assign(RUI, row.id, due_at=late)


async def test_an_older_version_is_told_what_changed(local: StatementScene) -> None:
    statement = await local.draft(await local.crisis(), REFUND)
    (row,) = await local.promises(statement.id)
    await local.stating.promises.assign(RUI, row.id, owner="legal")

    with pytest.raises(Conflict, match="owner legal, no date, version 2"):
        await local.stating.promises.assign(RUI, row.id, owner="service", version=1)


async def test_only_an_open_promise_is_kept(local: StatementScene) -> None:
    statement = await local.draft(await local.crisis(), REFUND)
    (row,) = await local.promises(statement.id)

    with pytest.raises(IllegalTransition, match="proposed"):
        await local.stating.promises.keep(RUI, row.id, evidence="done")
    with pytest.raises(InvalidInput, match="evidence"):
        await local.stating.promises.keep(RUI, row.id, evidence=" ")
    with pytest.raises(NotFound):
        await local.stating.promises.keep(RUI, "prm_none", evidence="done")


async def test_the_ledger_is_filtered_sorted_and_paged(scene: StatementScene) -> None:
    incident = await scene.crisis()
    statement = await scene.published(incident, f"{REFUND}我们承担全部检测费用。")
    await scene.draft(incident, "对不起。我们向大家赠送优惠券。")
    page = scene.stating.promises.page
    rows = await page(LIN, PromiseFilter())

    assert {row.kind.value for row in rows[:2]} == {"refund", "compensation"}
    assert rows[-1].due_at is None
    last = rows[0]
    assert last.due_at is not None
    rest = await page(LIN, PromiseFilter(), after=(last.due_at, last.id), limit=1)
    assert rest == rows[1:2]
    newest = await page(LIN, PromiseFilter(), sort=PromiseSort.NEWEST)
    assert newest[0].kind.value == "gift"
    assert (
        await page(
            LIN,
            PromiseFilter(),
            sort=PromiseSort.NEWEST,
            after=(newest[0].created_at, newest[0].id),
        )
        == newest[1:]
    )
    open_ones = await page(LIN, PromiseFilter(states=(PromiseState.OPEN,), owners=("service",)))
    assert {row.statement_id for row in open_ones} == {statement.id}
    await scene.pass_time(days=11)
    assert len(await page(LIN, PromiseFilter(overdue=True, incident_id=incident.id))) == 2
    assert len(await page(LIN, PromiseFilter(overdue=False))) == 1
    kinds = await page(LIN, PromiseFilter(kinds=(rows[0].kind,)))
    assert {row.kind for row in kinds} == {rows[0].kind}


async def test_whoever_may_not_is_refused(local: StatementScene) -> None:
    statement = await local.draft(await local.crisis(), REFUND)
    (row,) = await local.promises(statement.id)

    assert (await local.stating.promises.get(WEI, row.id)) == row
    with pytest.raises(Forbidden):
        await local.stating.promises.keep(WEI, row.id, evidence="done")
    with pytest.raises(Forbidden):
        await local.stating.promises.assign(WEI, row.id, owner="me")


async def test_legal_sees_it_on_the_trail(local: StatementScene) -> None:
    statement = await local.published(await local.crisis(), REFUND)
    (row,) = await local.promises(statement.id)
    await local.stating.promises.keep(FA, row.id, evidence="退款单")

    rows = await local.rows(tables.audit_entry)
    deeds = [item["action"] for item in rows if item["action"].startswith("promise.")]
    assert deeds == ["promise.assigned", "promise.kept"]


async def test_approvals_that_fall_with_a_date_are_on_the_timeline(local: StatementScene) -> None:
    statement = await local.approved(await local.crisis(), REFUND)
    (row,) = await local.promises(statement.id)

    await local.stating.promises.assign(RUI, row.id, due_at=local.clock.now() + timedelta(days=20))

    assert "statement_reconsidered" in await local.kinds()
    told = [item["statement"]["deed"] for item in (await local.told("incident.updated"))[-1:]]
    assert told == ["reconsidered"]
    assert (await local.file(statement.id)).statement.state is State.SUBMITTED


async def test_reading_the_ledger_of_a_private_incident_is_kept(local: StatementScene) -> None:
    incident = await local.crisis(kind=Kind.PERSON_AT_RISK, scenario=None, subject="x")
    await local.stating.promises.page(LIN, PromiseFilter(incident_id=incident.id))

    rows = await local.rows(tables.audit_entry)
    assert [item["actor"] for item in rows if item["action"] == "incident.read"] == [LIN.id]
    with pytest.raises(Forbidden):
        await local.stating.promises.page(WEI, PromiseFilter(incident_id=incident.id))
