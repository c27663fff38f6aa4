from __future__ import annotations

import pytest

from service.db import tables
from service.errors import IllegalTransition
from service.incidents.lifecycle import Action
from service.statements import Change, PromiseState
from tests.support.statement_scene import LIN, REFUND, RUI, StatementScene


async def test_a_sentence_that_stays_keeps_its_owner(scene: StatementScene) -> None:
    statement = await scene.draft(await scene.crisis(), REFUND)
    (row,) = await scene.promises(statement.id)
    await scene.stating.promises.assign(RUI, row.id, owner="service")

    await scene.stating.desk.save(RUI, statement.id, Change(text=f"{REFUND}我们向大家赠送优惠券。"))

    rows = {item.kind.value: item for item in await scene.promises(statement.id)}
    assert (rows["refund"].owner, rows["refund"].state) == ("service", PromiseState.PROPOSED)
    assert rows["gift"].owner is None


async def test_a_sentence_that_goes_drops_its_promise_and_comes_back_with_it(
    scene: StatementScene,
) -> None:
    statement = await scene.draft(await scene.crisis(), REFUND)

    await scene.stating.desk.save(RUI, statement.id, Change(text="我们正在核实，对不起。"))
    dropped = [row.state for row in await scene.promises(statement.id)]
    await scene.stating.desk.save(RUI, statement.id, Change(text=REFUND))

    assert dropped == [PromiseState.DROPPED]
    assert [row.state for row in await scene.promises(statement.id)] == [PromiseState.PROPOSED]


async def test_it_warns_falls_due_and_escalates_once_each(scene: StatementScene) -> None:
    statement = await scene.published(await scene.crisis(), REFUND)

    await scene.pass_time(days=7)
    early = await scene.told("promise.due_soon")
    await scene.pass_time(days=2)
    warned = await scene.told("promise.due_soon")
    await scene.pass_time(days=3)

    (row,) = await scene.promises(statement.id)
    assert (len(early), len(warned)) == (0, 1)
    assert warned[0]["promise"]["text"] == "同批次产品全额退款。"
    assert len(await scene.told("promise.due")) == 1
    assert len(await scene.told("promise.escalated")) == 1
    assert None not in (row.warned_at, row.overdue_at, row.escalated_at)
    ranks = {r["type"]: r["tier_rank"] for r in await scene.rows(tables.outbox)}
    assert (ranks["promise.due"], ranks["promise.escalated"]) == (1, 3)


async def test_kept_in_time_nobody_is_warned(scene: StatementScene) -> None:
    statement = await scene.published(await scene.crisis(), REFUND)
    (row,) = await scene.promises(statement.id)

    kept = await scene.stating.promises.keep(
        RUI, row.id, evidence="退款 312 单，财务导出 3 月 5 日"
    )
    await scene.pass_time(days=20)

    assert (kept.state, kept.kept_by) == (PromiseState.KEPT, RUI.id)
    assert await scene.told("promise.due_soon") == []
    assert len(await scene.told("promise.kept")) == 1
    with pytest.raises(IllegalTransition, match="kept"):
        await scene.stating.promises.keep(RUI, row.id, evidence="again")


async def test_a_promise_outlives_its_incident(scene: StatementScene) -> None:
    incident = await scene.crisis()
    await scene.published(incident, REFUND)
    await scene.act(incident.id, Action.ACKNOWLEDGE, Action.RESPOND, Action.RESOLVE, Action.CLOSE)

    await scene.pass_time(days=11)

    assert len(await scene.told("promise.due")) == 1


async def test_what_was_promised_in_public_stays_when_the_statement_goes(
    local: StatementScene,
) -> None:
    statement = await local.published(await local.crisis(), REFUND)

    await local.stating.desk.withdraw(LIN, statement.id, reason="说错了批次")

    assert [row.state for row in await local.promises(statement.id)] == [PromiseState.OPEN]
