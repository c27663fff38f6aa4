"""The audit trail: who did what to which thing, and whether the chain still holds."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from service.api import cursor as cursors
from service.api.answer import Json, page
from service.api.deps import Cursor, Instant, Limit, Me, Service
from service.api.views import plain
from service.audit import AuditFilter, verify
from service.auth import Action, Resource
from service.incidents.audit_reading import read_trail

router = APIRouter(prefix="/v1/audit", tags=["audit"])

Name = Annotated[str | None, Query(max_length=128)]


@router.get("", summary="Rows of the trail, newest first")
async def every(
    service: Service,
    me: Me,
    actor: Name = None,
    action: Name = None,
    subject_type: Name = None,
    subject_id: Name = None,
    since: Instant | None = None,
    until: Instant | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Rows about incidents that are private to others come without their `data`."""
    me.require(Action.READ, Resource.AUDIT)
    where = AuditFilter(
        actor=actor,
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
        since=since,
        until=until,
    )
    scope = ("audit", where)
    place = cursors.number(scope, cursor, most=2**62)
    found = await read_trail(
        service.database,
        me,
        where=where,
        after=None if place is None else str(place),
        limit=limit,
    )
    following = None if found.next is None else cursors.encode(scope, [int(found.next)])
    return page(plain([row.entry for row in found.items]), following)


@router.get("/verify", summary="Walk the chain and name the first row that is not what was sealed")
async def verify_chain(service: Service, me: Me) -> Response:
    me.require(Action.READ, Resource.AUDIT)
    return Json(plain(await verify(service.database)))
