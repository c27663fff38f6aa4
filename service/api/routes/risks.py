"""The risk register: entries, their stages and reviews, rates of exchange, the report."""

from __future__ import annotations

import datetime as dates
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from service.api import cursor as cursors
from service.api import examples
from service.api.answer import Json, NoContent, page
from service.api.deps import Body, Cursor, Limit, Me, Service, Version
from service.api.downloads import document_file
from service.api.risk_register_examples import RISK_ENTRY
from service.bootstrap import Container
from service.documents import Form
from service.risks import (
    LinkKind,
    Money,
    Risk,
    RiskDraft,
    RiskFilter,
    Sort,
    Stage,
    quarter_of,
    report_document,
)
from service.risks.money import AMOUNT, CURRENCY
from service.risks.register import Position, position
from service.risks.views import change_json, entry_json, link_json, rate_json

router = APIRouter(prefix="/v1/risks", tags=["risk register"])

RiskId = Annotated[str, Path(max_length=40)]
Currency = Annotated[str, Path(max_length=8)]
Level = Annotated[int, Field(ge=1, le=5)]
AskedForm = Annotated[Form, Query(alias="format")]


class MoneyBody(Body):
    """The amount as decimal digits in quotes: a JSON number would be rounded."""

    amount: str = Field(pattern=f"^{AMOUNT}$")
    currency: str = Field(pattern=f"^{CURRENCY}$")

    def money(self) -> Money:
        return Money(amount=Decimal(self.amount), currency=self.currency)


class RiskBody(Body):
    """`loss` when it happens; the costs are a year's, and nothing where they are left out."""

    title: str = Field(max_length=200)
    description: str = Field(default="", max_length=4_000)
    legal: Level
    user: Level
    technical: Level
    likelihood: Level
    loss: MoneyBody
    control_cost: MoneyBody | None = None
    compliance_cost: MoneyBody | None = None
    owner: str = Field(max_length=40, description="The id of an account")
    monitor: str | None = Field(default=None, max_length=64)
    scenario: str | None = Field(default=None, max_length=64)
    review_months: int = 3

    def draft(self, reporting: str) -> RiskDraft:
        nothing = Money(amount=Decimal(), currency=reporting)
        given = {name: getattr(self, name) for name in type(self).model_fields}
        for name in ("loss", "control_cost", "compliance_cost"):
            given[name] = nothing if given[name] is None else given[name].money()
        return RiskDraft(**given)


class StageBody(Body):
    """The next stage, and what was done."""

    to: Stage
    note: str = Field(max_length=4_000)


class ReviewBody(Body):
    """What was found, and where to see it."""

    note: str = Field(max_length=4_000)
    evidence: str | None = Field(default=None, max_length=2_000, description="A link")


class ReasonBody(Body):
    """Why."""

    reason: str = Field(max_length=4_000)


class RateBody(Body):
    """What one unit is worth in the reporting currency, as decimal digits, and where it is from."""

    rate: str = Field(pattern=r"^[0-9]{1,9}(\.[0-9]{1,10})?$")
    origin: str = Field(max_length=500)


@router.get("", summary="Risks, the gravest first")
async def every(
    service: Service,
    me: Me,
    stage: Annotated[tuple[Stage, ...], Query()] = (),
    owner: Annotated[tuple[str, ...], Query(max_length=50)] = (),
    monitor: Annotated[tuple[str, ...], Query(max_length=50)] = (),
    scenario: Annotated[tuple[str, ...], Query(max_length=50)] = (),
    band: Annotated[tuple[str, ...], Query(max_length=10)] = (),
    overdue: bool | None = None,
    owner_left: bool | None = None,
    retired: bool = False,
    q: Annotated[str, Query(max_length=200)] = "",
    sort: Sort = Sort.SCORE,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Money is converted at today's rates; what has none comes last where it is sorted by."""
    wanted = RiskFilter(
        stages=stage,
        owners=owner,
        monitors=monitor,
        scenarios=scenario,
        bands=band,
        overdue=overdue,
        owner_left=owner_left,
        retired=retired,
        q=q,
    )
    scope = ("risks", wanted, sort)
    register = service.risk_register.register
    found = await register.page(
        me, wanted, sort=sort, after=_position(scope, cursor, sort), limit=limit + 1
    )
    items = found[:limit]
    following = None
    if len(found) > limit:
        missing, value, last = position(items[-1], sort)
        following = cursors.encode(scope, [missing, str(value), last])
    reporting = register.rates.reporting
    return page([entry_json(item, reporting=reporting) for item in items], following)


@router.get("/formula", summary="How risks are measured: weights, scales, bands, reviews")
async def formula(service: Service, me: Me) -> Response:
    return Json(service.risk_register.register.shown(me))


@router.get("/report", summary="The report of a quarter as JSON, HTML or DOCX")
async def report(
    service: Service,
    me: Me,
    quarter: Annotated[str | None, Query(max_length=8, description="As in 2026-Q1")] = None,
    form: AskedForm = Form.JSON,
) -> Response:
    """Left out, the quarter is today's, as far as it is over. Top risks, movement since its
    beginning, what is overdue, cost against loss.
    """
    wanted = None if quarter is None else quarter_of(quarter)
    made = await service.risk_register.reports.of(me, wanted)
    made_at = service.clock.now()
    name = f"risks-{made['quarter']}"
    return await document_file(made, report_document, form, name=name, made_at=made_at)


@router.get("/rates", summary="Rates of exchange, by currency and day")
async def rates(service: Service, me: Me, limit: Limit = 50, cursor: Cursor = None) -> Response:
    scope = ("risk rates",)
    after = cursors.decode(scope, cursor)
    if after is not None and (len(after) != 2 or not all(isinstance(it, str) for it in after)):
        raise cursors.bad_cursor()
    found = await service.risk_register.rates.page(
        me, after=None if after is None else (after[0], after[1]), limit=limit + 1
    )
    items = [rate_json(item) for item in found[:limit]]
    more = len(found) > limit
    following = cursors.encode(scope, [items[-1]["currency"], items[-1]["day"]]) if more else None
    return page(items, following, reporting=service.risk_register.rates.reporting)


@router.put("/rates/{currency}/{day}", summary="Enter a rate that counts from a day on")
async def put_rate(
    currency: Currency,
    day: dates.date,
    body: RateBody,
    service: Service,
    me: Me,
    version: Version,
) -> Response:
    """Written anew, it corrects what that day's money comes to; both are in the audit trail."""
    kept = await service.risk_register.rates.put(
        me, currency, day, rate=Decimal(body.rate), origin=body.origin, version=version
    )
    return Json(rate_json(kept), status=201 if kept.version == 1 else 200, version=kept.version)


@router.delete("/rates/{currency}/{day}", summary="Take a rate away", status_code=204)
async def remove_rate(
    currency: Currency, day: dates.date, service: Service, me: Me, version: Version
) -> Response:
    """409 while it is the only one that an entry's money can be converted with."""
    await service.risk_register.rates.remove(me, currency, day, version=version)
    return NoContent()


@router.post("", summary="Enter a risk; its first review is planned", status_code=201)
async def create(body: RiskBody, service: Service, me: Me) -> Response:
    made = await service.risk_register.desk.create(me, _draft(body, service))
    return await _answer(service, made, status=201)


@router.get("/{risk_id}", summary="One risk with its links", responses=examples.answer(RISK_ENTRY))
async def one(risk_id: RiskId, service: Service, me: Me) -> Response:
    register = service.risk_register.register
    entry = await register.get(me, risk_id)
    shown = entry_json(entry, reporting=register.rates.reporting)
    shown["links"] = [link_json(link) for link in entry.links]
    return Json(shown, version=entry.risk.version)


@router.put("/{risk_id}", summary="Write a risk anew")
async def edit(
    risk_id: RiskId, body: RiskBody, service: Service, me: Me, version: Version
) -> Response:
    saved = await service.risk_register.desk.edit(
        me, risk_id, _draft(body, service), version=version
    )
    return await _answer(service, saved)


@router.get("/{risk_id}/history", summary="Its versions, the newest first")
async def history(
    risk_id: RiskId, service: Service, me: Me, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """Each with who, when, what for, and the entry as it was from then on."""
    scope = ("risk history", risk_id)
    found = await service.risk_register.register.history(
        me, risk_id, before=cursors.number(scope, cursor), limit=limit + 1
    )
    items = found[:limit]
    following = cursors.encode(scope, [items[-1].version]) if len(found) > limit else None
    return page([change_json(item) for item in items], following)


@router.post("/{risk_id}/stage", summary="Into the next stage: plan, do, check, act, plan …")
async def move(
    risk_id: RiskId, body: StageBody, service: Service, me: Me, version: Version
) -> Response:
    """By its owner, or whoever works on risks; 409 for any other than the next."""
    saved = await service.risk_register.desk.move(
        me, risk_id, body.to, note=body.note, version=version
    )
    return await _answer(service, saved)


@router.post("/{risk_id}/reviews", summary="Say that a risk was reviewed")
async def review(
    risk_id: RiskId, body: ReviewBody, service: Service, me: Me, version: Version
) -> Response:
    """From the warning on it is the review that waits, and the next one is planned from its due
    time; before, it is kept in the history alone.
    """
    saved = await service.risk_register.desk.review(
        me, risk_id, note=body.note, evidence=body.evidence, version=version
    )
    return await _answer(service, saved)


@router.post("/{risk_id}/retire", summary="It is no risk any more; say why")
async def retire(
    risk_id: RiskId, body: ReasonBody, service: Service, me: Me, version: Version
) -> Response:
    saved = await service.risk_register.desk.retire(
        me, risk_id, reason=body.reason, version=version
    )
    return await _answer(service, saved)


@router.post("/{risk_id}/reopen", summary="It is one again; say why")
async def reopen(
    risk_id: RiskId, body: ReasonBody, service: Service, me: Me, version: Version
) -> Response:
    saved = await service.risk_register.desk.reopen(
        me, risk_id, reason=body.reason, version=version
    )
    return await _answer(service, saved)


@router.put(
    "/{risk_id}/links/{link_kind}/{target_id}", summary="Link an incident or an improvement"
)
async def link(
    risk_id: RiskId, link_kind: LinkKind, target_id: RiskId, service: Service, me: Me
) -> Response:
    saved = await service.risk_register.desk.link(me, risk_id, link_kind, target_id)
    return await _answer(service, saved)


@router.delete(
    "/{risk_id}/links/{link_kind}/{target_id}", summary="Take a link away", status_code=204
)
async def unlink(
    risk_id: RiskId, link_kind: LinkKind, target_id: RiskId, service: Service, me: Me
) -> Response:
    await service.risk_register.desk.unlink(me, risk_id, link_kind, target_id)
    return NoContent()


def _draft(body: RiskBody, service: Container) -> RiskDraft:
    return body.draft(service.risk_register.rates.reporting)


async def _answer(service: Container, risk: Risk, *, status: int = 200) -> Response:
    """The entry as it stands now, with all that it comes to."""
    register = service.risk_register.register
    shown = entry_json(await register.entry(risk), reporting=register.rates.reporting)
    return Json(shown, status=status, version=risk.version)


def _position(scope: tuple[Any, ...], cursor: str | None, sort: Sort) -> Position | None:
    found = cursors.decode(scope, cursor)
    if found is None:
        return None
    try:
        missing, value, last = found
        if missing not in (0, 1) or not isinstance(value, str) or not isinstance(last, str):
            raise ValueError("no place in the register")
        if sort is Sort.TITLE:
            return (missing, value, last)
        # Without an order among them NaN and the infinite would be nowhere in the list.
        if not (number := Decimal(value)).is_finite():
            raise ValueError("no number of the register")
        return (missing, number, last)
    except (ValueError, InvalidOperation) as error:
        raise cursors.bad_cursor() from error
