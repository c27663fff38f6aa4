"""Silences: no pages about some incidents for a while, with a reason; deadlines run on."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from service.api import cursor as cursors
from service.api.answer import Json, page
from service.api.deps import Body, Cursor, Instant, Limit, Me, Service
from service.api.views import plain
from service.oncall import Matcher

router = APIRouter(prefix="/v1/silences", tags=["on call"])

SilenceId = Annotated[str, Path(max_length=40)]


class SilenceBody(Body):
    """`gravest` confirms that the gravest tier is not paged either, which takes a lead."""

    matcher: Matcher
    reason: str = Field(examples=["春晚投放，预期内的讨论"])
    until: Instant
    since: Instant | None = None
    gravest: bool = False


@router.get("", summary="Silences, newest first")
async def every(
    service: Service,
    me: Me,
    over: bool | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    scope = ("silences", over)
    found = await service.silences.page(
        me, over=over, after=cursors.after(scope, cursor), limit=limit
    )
    return page([plain(item) for item in found.items], cursors.following(scope, found.next))


@router.post("", summary="Page nobody about some incidents for a while", status_code=201)
async def make(body: SilenceBody, service: Service, me: Me) -> Response:
    """At most a week; its end is announced. Deadlines run on, and everything is written down."""
    made = await service.silences.make(
        me,
        body.matcher,
        reason=body.reason,
        until=body.until,
        since=body.since,
        gravest=body.gravest,
    )
    return Json(plain(made), status=201)


@router.get("/{silence_id}", summary="One silence")
async def one(silence_id: SilenceId, service: Service, me: Me) -> Response:
    return Json(plain(await service.silences.get(me, silence_id)))


@router.post("/{silence_id}/end", summary="End it now; pages that waited go out")
async def end(silence_id: SilenceId, service: Service, me: Me) -> Response:
    return Json(plain(await service.silences.end(me, silence_id)))
