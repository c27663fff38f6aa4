"""Promises: what statements have promised, who keeps it, by when, and that it is kept."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from playbooks.statements import PromiseKind
from service.api import cursor as cursors
from service.api import examples
from service.api.answer import Json, page
from service.api.deps import Body, Cursor, Instant, Limit, Me, Service, Version
from service.api.statement_views import PROMISES, promise_view
from service.statements import PromiseFilter, PromiseSort, PromiseState
from service.statements.promise_rows import position

router = APIRouter(prefix="/v1/promises", tags=["statements"])

PromiseId = Annotated[str, Path(max_length=40)]


class Assignment(Body):
    """`owner` is a person or a playbook role. Moving a date that is public takes a `reason`."""

    owner: str | None = None
    due_at: Instant | None = None
    reason: str | None = None


class Evidence(Body):
    """Words or an address that show it."""

    evidence: str


@router.get("", summary="The ledger of promises", responses=examples.answer(PROMISES))
async def ledger(
    service: Service,
    me: Me,
    incident: Annotated[str | None, Query(max_length=40)] = None,
    statement: Annotated[str | None, Query(max_length=40)] = None,
    state: Annotated[tuple[PromiseState, ...], Query()] = (),
    kind: Annotated[tuple[PromiseKind, ...], Query()] = (),
    owner: Annotated[tuple[str, ...], Query(max_length=50)] = (),
    overdue: bool | None = None,
    sort: PromiseSort = PromiseSort.DUE,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """What falls due next comes first, what has no date last. Those of a person at risk are listed
    with `incident` only.
    """
    wanted = PromiseFilter(
        incident_id=incident,
        statement_id=statement,
        states=state,
        kinds=kind,
        owners=owner,
        overdue=overdue,
    )
    scope = ("promises", wanted, sort)
    found = await service.statements.promises.page(
        me, wanted, sort=sort, after=cursors.dated(scope, cursor), limit=limit + 1
    )
    items = found[:limit]
    following = None
    if len(found) > limit:
        at, last = position(items[-1], sort)
        following = cursors.encode(scope, [at.isoformat(), last])
    return page([promise_view(item) for item in items], following)


@router.get("/{promise_id}", summary="One promise")
async def one(promise_id: PromiseId, service: Service, me: Me) -> Response:
    row = await service.statements.promises.get(me, promise_id)
    return Json(promise_view(row), version=row.version)


@router.patch("/{promise_id}", summary="Name who keeps it and by when")
async def assign(
    promise_id: PromiseId, body: Assignment, service: Service, me: Me, version: Version
) -> Response:
    """Another date of what waits for approval asks for approval again."""
    row = await service.statements.promises.assign(
        me,
        promise_id,
        owner=body.owner,
        due_at=body.due_at,
        reason=body.reason,
        version=version,
    )
    return Json(promise_view(row), version=row.version)


@router.post("/{promise_id}/keep", summary="It is kept, and this shows it")
async def keep(
    promise_id: PromiseId, body: Evidence, service: Service, me: Me, version: Version
) -> Response:
    row = await service.statements.promises.keep(
        me, promise_id, evidence=body.evidence, version=version
    )
    return Json(promise_view(row), version=row.version)
