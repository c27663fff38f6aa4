from __future__ import annotations

import pytest

from service.auth import Role
from service.errors import Conflict, Forbidden, IllegalTransition, InvalidInput
from service.statements import Capacity, State
from tests.support.incident_scene import person
from tests.support.statement_scene import FA, LIN, MEI, REFUND, RUI, StatementScene


async def test_one_person_approves_and_never_the_writer_alone(scene: StatementScene) -> None:
    incident = await scene.crisis("orange")
    statement = await scene.draft(incident, by=LIN)
    await scene.stating.desk.submit(LIN, statement.id)

    alone = await scene.stating.approvals.approve(LIN, statement.id, Capacity.LEAD)
    both = await scene.stating.approvals.approve(MEI, statement.id, Capacity.LEAD, note="可以")

    assert (alone.state, both.state) == (State.SUBMITTED, State.APPROVED)
    assert (alone.approved_at, both.approved_at) == (None, scene.clock.now())


async def test_red_takes_two_and_a_promise_legal_besides(scene: StatementScene) -> None:
    incident = await scene.crisis("red")
    statement = await scene.submitted(incident, REFUND)
    approve = scene.stating.approvals.approve

    states = [
        (await approve(LIN, statement.id, Capacity.LEAD)).state,
        (await approve(FA, statement.id, Capacity.LEGAL)).state,
        (await approve(MEI, statement.id, Capacity.LEAD)).state,
    ]

    assert states == [State.SUBMITTED, State.SUBMITTED, State.APPROVED]
    with pytest.raises(IllegalTransition, match="publish it"):
        await approve(person("third", Role.LEAD), statement.id, Capacity.LEAD)


async def test_nobody_approves_twice_or_in_a_role_not_theirs(local: StatementScene) -> None:
    statement = await local.submitted(await local.crisis("red"))
    await local.stating.approvals.approve(LIN, statement.id, Capacity.LEAD)

    with pytest.raises(Conflict, match="another person"):
        await local.stating.approvals.approve(LIN, statement.id, Capacity.LEAD)
    with pytest.raises(Forbidden, match="as legal"):
        await local.stating.approvals.approve(MEI, statement.id, Capacity.LEGAL)
    with pytest.raises(Forbidden, match="may not approve"):
        await local.stating.approvals.approve(RUI, statement.id, Capacity.LEAD)


async def test_a_promise_without_owner_or_date_is_not_approved(scene: StatementScene) -> None:
    statement = await scene.draft(await scene.crisis(), REFUND)
    await scene.stating.desk.submit(RUI, statement.id)

    with pytest.raises(Conflict, match=r"has no owner.*has no date"):
        await scene.stating.approvals.approve(LIN, statement.id, Capacity.LEAD)


async def test_sent_back_it_is_a_draft_with_the_reason(scene: StatementScene) -> None:
    statement = await scene.approved(await scene.crisis())

    back = await scene.stating.approvals.send_back(LIN, statement.id, reason="先问过家属")

    assert (back.state, back.submitted_at) == (State.DRAFT, None)
    assert [item.void_reason for item in (await scene.file(statement.id)).approvals] == [
        "先问过家属"
    ]
    with pytest.raises(InvalidInput, match="reason"):
        await scene.stating.approvals.send_back(LIN, statement.id, reason=" ")
