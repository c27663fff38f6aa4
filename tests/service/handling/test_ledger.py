"""What people enter of a cost, what is refused, and what is withdrawn."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from service.auth import Role
from service.db import tables
from service.errors import Forbidden, InvalidInput, NotFound
from service.handling import CostDraft
from service.handling.cost import CostKind
from service.handling.ledger import CostFile
from service.incidents import Kind, State
from service.risks import Money
from tests.service.handling.conftest import HandlingScene
from tests.support.clock import START
from tests.support.incident_scene import LEAD, person

HOUR = timedelta(hours=1)
VIEWER = person("wei", Role.VIEWER)
HOURS = CostDraft(kind=CostKind.HOURS, role="pr", hours=Decimal("2.5"))


def loss(amount: str = "100", currency: str = "CNY") -> CostDraft:
    return CostDraft(kind=CostKind.LOSS, money=Money(amount=Decimal(amount), currency=currency))


def compensation(promise: str, amount: str = "800") -> CostDraft:
    return CostDraft(
        kind=CostKind.COMPENSATION,
        promise=promise,
        money=Money(amount=Decimal(amount), currency="CNY"),
    )


async def mistakes(scene: HandlingScene, incident: str, draft: CostDraft) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refused:
        await scene.ledger.enter(LEAD, incident, draft)
    return dict(refused.value.errors)


def amount(file: CostFile) -> str:
    return f"{file.cost.amount:f}"


async def test_entries_make_the_cost(scene: HandlingScene) -> None:
    incident = await scene.crisis()
    await scene.statement(incident, published_at=START)
    await scene.promise(incident, "prm_1")
    assert (await scene.ledger.of(VIEWER, incident)).cost.unpriced == ("prm_1",)
    for draft in (HOURS, loss("0.5"), compensation("prm_1")):
        await scene.ledger.enter(LEAD, incident, draft)
    found = await scene.ledger.of(VIEWER, incident)
    assert amount(found) == "1250.50"
    assert found.cost.is_whole
    assert [(item.kind, item.by) for item in found.entries] == [
        (CostKind.HOURS, LEAD.id),
        (CostKind.LOSS, LEAD.id),
        (CostKind.COMPENSATION, LEAD.id),
    ]
    (crisis,) = await scene.crises()
    assert crisis.cost == found.cost


async def test_steps_that_people_did_are_counted(scene: HandlingScene) -> None:
    incident = await scene.crisis()
    done = {"state": "done", "done_at": START}
    await scene.step(incident, "a", due_at=START, role="duty", done_by="rui", **done)
    await scene.step(incident, "detected", due_at=START, role="duty", **done)
    await scene.step(incident, "c", due_at=START, role="duty", done_by="rui", state="pending")
    assert (await scene.ledger.of(LEAD, incident)).cost.working == (
        "duty: 0.5 h × 120 CNY = 60.00 CNY"
    )


async def test_what_was_wrong_is_withdrawn_and_stays_to_be_read(scene: HandlingScene) -> None:
    incident = await scene.crisis()
    made = await scene.ledger.enter(LEAD, incident, loss("77"))
    number = made.entries[0].id
    left = await scene.ledger.withdraw(LEAD, incident, number, reason="记重了")
    assert (amount(left), left.entries) == ("0", ())
    with pytest.raises(NotFound):
        await scene.ledger.withdraw(LEAD, incident, number, reason="再来")
    event, entry = tables.incident_event.c, tables.audit_entry.c
    async with scene.database.read() as connection:
        told = list(await connection.scalars(select(event.kind).order_by(event.id)))
        trail = list(await connection.scalars(select(entry.action).order_by(entry.id)))
    assert told == ["cost_entered", "cost_withdrawn"]
    assert trail[-2:] == ["incident.cost_entered", "incident.cost_withdrawn"]


async def test_an_entry_of_another_incident_is_not_withdrawn(scene: HandlingScene) -> None:
    one, other = await scene.crisis(), await scene.crisis(scenario="outage")
    made = await scene.ledger.enter(LEAD, one, loss())
    with pytest.raises(NotFound):
        await scene.ledger.withdraw(LEAD, other, made.entries[0].id, reason="x")


@pytest.mark.parametrize("reason", ["", "  ", "x" * 501])
async def test_a_withdrawal_says_why(scene: HandlingScene, reason: str) -> None:
    incident = await scene.crisis()
    with pytest.raises(InvalidInput, match="reason"):
        await scene.ledger.withdraw(LEAD, incident, 1, reason=reason)


@pytest.mark.parametrize(
    ("draft", "wrong"),
    [
        (CostDraft(kind=CostKind.HOURS), {"role", "hours"}),
        (CostDraft(kind=CostKind.LOSS, role="pr"), {"role", "amount"}),
        (CostDraft(kind=CostKind.COMPENSATION), {"amount", "promise"}),
        (CostDraft(kind=CostKind.HOURS, role="chef", hours=Decimal(1)), {"role"}),
        (CostDraft(kind=CostKind.HOURS, role="pr", hours=Decimal(0)), {"hours"}),
        (CostDraft(kind=CostKind.HOURS, role="pr", hours=Decimal("NaN")), {"hours"}),
        (CostDraft(kind=CostKind.HOURS, role="pr", hours=Decimal("0.001")), {"hours"}),
        (loss("-1"), {"amount"}),
        (loss("1", "yuan"), {"amount"}),
        (CostDraft(kind=CostKind.HOURS, role="pr", hours=Decimal(1), note="x" * 501), {"note"}),
    ],
)
async def test_what_is_no_entry(scene: HandlingScene, draft: CostDraft, wrong: set[str]) -> None:
    assert set(await mistakes(scene, await scene.crisis(), draft)) == wrong


async def test_money_without_a_rate_is_refused_with_what_to_do(scene: HandlingScene) -> None:
    incident = await scene.crisis()
    found = await mistakes(scene, incident, loss("10", "USD"))
    assert "PUT /v1/risks/rates/USD/" in found["currency"]
    today = scene.rates.day_of(START)
    await scene.rates.put(LEAD, "USD", today, rate=Decimal("7.1"), origin="银行")
    assert amount(await scene.ledger.enter(LEAD, incident, loss("10", "USD"))) == "71.00"
    await scene.rates.remove(LEAD, "USD", today)
    left = await scene.ledger.of(LEAD, incident)
    assert (amount(left), [item.currency for item in left.cost.left_out]) == ("0", ["USD"])
    total, _ = await scene.total()
    assert total.cost is not None
    assert total.cost.partial == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "date"}, "no money"),
        ({"kind": "remedy"}, "no money"),
        ({"state": "dropped"}, "dropped"),
    ],
)
async def test_what_is_not_owed_has_no_amount(
    scene: HandlingScene, changes: dict[str, Any], said: str
) -> None:
    incident = await scene.crisis()
    await scene.statement(incident, published_at=START)
    await scene.promise(incident, "prm_1", **changes)
    assert said in (await mistakes(scene, incident, compensation("prm_1")))["promise"]


async def test_a_promise_of_another_incident_or_none(scene: HandlingScene) -> None:
    one, other = await scene.crisis(), await scene.crisis(scenario="outage")
    await scene.statement(one, published_at=START)
    await scene.promise(one, "prm_1")
    found = await mistakes(scene, other, compensation("prm_1"))
    assert "another incident" in found["promise"]
    assert "prm_none" in (await mistakes(scene, other, compensation("prm_none")))["promise"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"drill": True}, "drill"),
        ({"kind": Kind.COVERAGE}, "no crisis"),
        ({"state": State.FALSE_POSITIVE}, "false alarm"),
        ({"state": State.MERGED, "merged_into": "inc_9"}, "inc_9"),
    ],
)
async def test_what_is_counted_nowhere_has_no_cost(
    scene: HandlingScene, changes: dict[str, Any], said: str
) -> None:
    incident = await scene.crisis(**changes)
    with pytest.raises(InvalidInput, match=said):
        await scene.ledger.enter(LEAD, incident, HOURS)


async def test_who_only_reads_enters_nothing(scene: HandlingScene) -> None:
    incident = await scene.crisis()
    with pytest.raises(Forbidden):
        await scene.ledger.enter(VIEWER, incident, HOURS)
    with pytest.raises(Forbidden):
        await scene.ledger.withdraw(VIEWER, incident, 1, reason="x")
    with pytest.raises(NotFound):
        await scene.ledger.of(VIEWER, "inc_none")


async def test_what_was_merged_costs_where_it_went(scene: HandlingScene) -> None:
    into = await scene.crisis()
    middle = await scene.crisis(scenario="outage")
    part = await scene.crisis(scenario="misconduct")
    made = await scene.ledger.enter(LEAD, part, loss("77"))
    await scene.ledger.enter(LEAD, part, loss("5"))
    await scene.statement(part, published_at=START)
    await scene.promise(part, "prm_1")
    done = {"state": "done", "done_at": START, "done_by": "rui"}
    await scene.step(part, "a", due_at=START, role="duty", **done)
    await scene.merge(part, middle)
    await scene.merge(middle, into)

    found = await scene.ledger.enter(LEAD, into, compensation("prm_1", "100"))
    assert amount(found) == "242.00"
    left = await scene.ledger.withdraw(LEAD, into, made.entries[0].id, reason="记重了")
    assert amount(left) == "165.00"
    (crisis,) = await scene.crises()
    assert crisis.cost == left.cost
