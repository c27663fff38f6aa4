"""Departments and their points: who they are, what they won and lost, losses made good."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from service.api import cursor as cursors
from service.api.answer import Json, NoContent, page
from service.api.catalogue import save
from service.api.deps import Body, Cursor, Instant, Limit, Me, Service, Version
from service.api.views import plain
from service.auth import Action, Resource
from service.reviews import DepartmentDraft, load_point_rules

router = APIRouter(prefix="/v1", tags=["reviews"])

DepartmentId = Annotated[str, Path(max_length=64)]


class DepartmentBody(Body):
    """`lead` is a user, by id or name: whose account speaks for the department."""

    name: str
    lead: str | None = None
    disabled: bool = False


class RedemptionBody(Body):
    """Which loss is made good, and the verified improvement that does."""

    row: int
    improvement: str
    note: str | None = None


@router.get("/departments", summary="Departments by id")
async def every(service: Service, me: Me, limit: Limit = 50, cursor: Cursor = None) -> Response:
    me.require(Action.READ, Resource.DEPARTMENT)
    scope = ("departments",)
    found = await service.reviewing.departments.page(
        after=cursors.after(scope, cursor), limit=limit
    )
    return page([plain(item) for item in found.items], cursors.following(scope, found.next))


@router.get("/departments/{department_id}", summary="One department")
async def one(department_id: DepartmentId, service: Service, me: Me) -> Response:
    me.require(Action.READ, Resource.DEPARTMENT)
    item = await service.reviewing.departments.get(department_id)
    return Json(plain(item), version=item.version)


@router.put("/departments/{department_id}", summary="Create or change a department")
async def put(
    department_id: DepartmentId, body: DepartmentBody, service: Service, me: Me, version: Version
) -> Response:
    draft = DepartmentDraft(id=department_id, **dict(body))
    return await save(service.reviewing.departments, me, draft, version=version, view=plain)


@router.delete("/departments/{department_id}", summary="Delete a department", status_code=204)
async def remove(
    department_id: DepartmentId,
    service: Service,
    me: Me,
    version: Version,
    heir: Annotated[str | None, Query(max_length=64, description="Takes over what is open")] = None,
) -> Response:
    """409 while it has open improvements or reviews and no `heir`. Its points stay."""
    await service.reviewing.departments.delete(me, department_id, version=version, heir=heir)
    return NoContent()


@router.get("/points", summary="Balances of departments")
async def balances(
    service: Service, me: Me, since: Instant | None = None, until: Instant | None = None
) -> Response:
    found = await service.reviewing.points.balances(me, since=since, until=until)
    return page([plain(item) for item in found], None, rules=plain(load_point_rules()))


@router.get("/departments/{department_id}/points", summary="The ledger, the newest row first")
async def rows(
    department_id: DepartmentId, service: Service, me: Me, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    scope = ("points", department_id)
    found = await service.reviewing.points.page(
        me, department_id, before=cursors.number(scope, cursor), limit=limit + 1
    )
    shown = found[:limit]
    following = cursors.encode(scope, [shown[-1].id]) if len(found) > limit else None
    return page([plain(item) for item in shown], following)


@router.post(
    "/departments/{department_id}/redemptions", summary="Make a loss good", status_code=201
)
async def redeem(
    department_id: DepartmentId, body: RedemptionBody, service: Service, me: Me
) -> Response:
    """By an improvement of the department that was verified after the loss: one makes good one."""
    made = await service.reviewing.points.redeem(
        me, department_id, body.row, body.improvement, note=body.note
    )
    return Json(plain(made), status=201)
