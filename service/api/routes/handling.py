"""How crises were handled: times, breaches, recurrences, complaints, and what each one cost."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from service.api import cursor as cursors
from service.api import examples, handling_examples
from service.api.answer import Json, page
from service.api.deps import Body, Cursor, Instant, Limit, Me, Service
from service.api.window import window_of
from service.auth import Action, Resource
from service.handling import Axis, CostDraft
from service.handling.cost import CostKind
from service.handling.ledger import HOURS
from service.handling.sheets import crises_csv, table_csv
from service.handling.views import definitions_json, file_json, handled_json, table_json
from service.risks.money import AMOUNT, CURRENCY, Money

router = APIRouter(prefix="/v1/handling", tags=["handling"])

QUARTER = timedelta(days=90)
Monitor = Annotated[str | None, Query(max_length=64)]
Scenario = Annotated[str | None, Query(max_length=64)]
Tier = Annotated[str | None, Query(max_length=32)]
IncidentId = Annotated[str, Path(max_length=40)]


class Format(StrEnum):
    JSON = "json"
    CSV = "csv"


AskedFormat = Annotated[Format, Query(alias="format")]


class CostBody(Body):
    """`role` and `hours`, or `amount` and `currency`, with the `promise` that compensation keeps.

    Numbers are decimal digits in quotes: a JSON number would be rounded.
    """

    kind: CostKind
    role: str | None = Field(default=None, max_length=32)
    hours: str | None = Field(default=None, pattern=f"^{HOURS}$")
    amount: str | None = Field(default=None, pattern=f"^{AMOUNT}$")
    currency: str | None = Field(default=None, pattern=f"^{CURRENCY}$")
    promise: str | None = Field(default=None, max_length=40)
    note: str = Field(default="", max_length=500)

    def draft(self, reporting: str) -> CostDraft:
        """Money without a currency is of the reporting one."""
        money = None
        if self.amount is not None:
            money = Money(amount=Decimal(self.amount), currency=self.currency or reporting)
        return CostDraft(
            kind=self.kind,
            role=self.role,
            hours=None if self.hours is None else Decimal(self.hours),
            money=money,
            promise=self.promise,
            note=self.note,
        )


class WithdrawalBody(Body):
    """Why it does not count."""

    reason: str = Field(max_length=500)


@router.get(
    "",
    summary="Times, breaches, recurrence and cost by tier, scenario and team",
    responses=examples.answer(handling_examples.TABLE),
)
async def table(
    service: Service,
    me: Me,
    monitor: Monitor = None,
    scenario: Scenario = None,
    tier: Tier = None,
    since: Instant | None = None,
    until: Instant | None = None,
    by: Annotated[tuple[Axis, ...], Query(description="All three where it is left out")] = (),
    form: AskedFormat = Format.JSON,
) -> Response:
    """Of real crises opened in the window, the last 90 days where it is left out: no drills, no
    false alarms, nothing merged. Fewer than five cases have no figure, and say so in `reason`.
    """
    board = service.handling.board
    me.require(Action.READ, Resource.INDICATOR, monitor=monitor)
    window = window_of(service, since, until, usual=QUARTER)
    wanted = board.wanted(me, window, monitor=monitor, scenario=scenario, tier=tier)
    found = await board.table(me, wanted, by or tuple(Axis))
    return _csv(table_csv(found), "handling") if form is Format.CSV else Json(table_json(found))


@router.get("/measures", summary="What each measure is, its target, and what an hour costs")
async def measures(service: Service, me: Me) -> Response:
    me.require(Action.READ, Resource.INDICATOR)
    return Json(definitions_json(service.handling.board.pricing))


@router.get("/incidents", summary="Crisis by crisis, the newest first")
async def incidents(
    service: Service,
    me: Me,
    monitor: Monitor = None,
    scenario: Scenario = None,
    tier: Tier = None,
    since: Instant | None = None,
    until: Instant | None = None,
    form: AskedFormat = Format.JSON,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """The crises behind the table. As CSV all of them at once."""
    board = service.handling.board
    me.require(Action.READ, Resource.INDICATOR, monitor=monitor)
    window = window_of(service, since, until, usual=QUARTER)
    wanted = board.wanted(me, window, monitor=monitor, scenario=scenario, tier=tier)
    if form is Format.CSV:
        return _csv(crises_csv(await board.page(me, wanted)), "crises")
    scope = ("handling", monitor, scenario, tier, since, until)
    found = await board.page(me, wanted, after=cursors.dated(scope, cursor), limit=limit + 1)
    items = found[:limit]
    following = None
    if len(found) > limit:
        following = cursors.encode(scope, [items[-1].opened_at.isoformat(), items[-1].id])
    return page([handled_json(item) for item in items], following)


@router.get(
    "/incidents/{incident_id}/cost",
    summary="What a crisis cost, and what it is made of",
    responses=examples.answer(handling_examples.COST),
)
async def cost(incident_id: IncidentId, service: Service, me: Me) -> Response:
    return Json(file_json(await service.handling.ledger.of(me, incident_id)))


@router.post(
    "/incidents/{incident_id}/cost",
    summary="Enter hours, what a promise costs, or a loss",
    status_code=201,
)
async def enter(incident_id: IncidentId, body: CostBody, service: Service, me: Me) -> Response:
    """Hours and losses add up; of a promise the last amount counts, while it is owed."""
    draft = body.draft(service.settings.reporting_currency)
    return Json(file_json(await service.handling.ledger.enter(me, incident_id, draft)), status=201)


@router.post(
    "/incidents/{incident_id}/cost/{number}/withdraw", summary="Take an entry out of the sum"
)
async def withdraw(
    incident_id: IncidentId,
    number: Annotated[int, Path(ge=1, le=2**53)],
    body: WithdrawalBody,
    service: Service,
    me: Me,
) -> Response:
    """It stays on the timeline, with the reason."""
    found = await service.handling.ledger.withdraw(me, incident_id, number, reason=body.reason)
    return Json(file_json(found))


def _csv(content: bytes, name: str) -> Response:
    headers = {
        "Content-Disposition": f'attachment; filename="{name}.csv"',
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)
