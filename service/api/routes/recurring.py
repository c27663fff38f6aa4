"""Recurring duties: what is due every so many months, who owns it, and each time that it was."""

from __future__ import annotations

from datetime import time
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from service.api import cursor as cursors
from service.api.answer import Json, NoContent, page
from service.api.catalogue import save
from service.api.deps import Body, Cursor, Limit, Me, Service, Version
from service.api.views import plain
from service.auth import Action, Resource
from service.incidents import format_instant
from service.oncall.model import Day, Target, TimeOfDay
from service.recurring import Recurring, RecurringDraft
from service.recurring.book import body_of

router = APIRouter(prefix="/v1/recurring", tags=["recurring duties"])

DutyId = Annotated[str, Path(max_length=64)]
RoundId = Annotated[str, Path(max_length=40)]


class RecurringBody(Body):
    """Due every `every_months` from `starts_on` on; with `working_day` on the n-th working day."""

    name: str
    owner: Target
    starts_on: Day
    every_months: int
    day: int = 1
    working_day: bool = False
    at: TimeOfDay = time(10)
    zone: str = Field(default="Asia/Shanghai", max_length=64)
    deputy: Target | None = None
    warn_days: int = 7
    escalate_days: int = 3
    instructions: str = Field(default="", max_length=4_000)


class DoneBody(Body):
    """What was done, and where to see it."""

    note: str = Field(max_length=4_000)
    evidence: str | None = Field(default=None, max_length=2_000, description="A link")


class SkipBody(Body):
    """Why it need not be done this time."""

    reason: str = Field(max_length=4_000)


@router.get("", summary="Recurring duties by id")
async def every(service: Service, me: Me, limit: Limit = 50, cursor: Cursor = None) -> Response:
    me.require(Action.READ, Resource.RECURRING)
    scope = ("recurring",)
    found = await service.recurring.page(after=cursors.after(scope, cursor), limit=limit)
    following = cursors.following(scope, found.next)
    return page([_view(item) for item in found.items], following)


@router.get("/{recurring_id}", summary="One duty")
async def one(recurring_id: DutyId, service: Service, me: Me) -> Response:
    me.require(Action.READ, Resource.RECURRING)
    item = await service.recurring.get(recurring_id)
    return Json(_view(item), version=item.version)


@router.put("/{recurring_id}", summary="Create or change a duty; its next round is planned")
async def put(
    recurring_id: DutyId, body: RecurringBody, service: Service, me: Me, version: Version
) -> Response:
    fields = {name: getattr(body, name) for name in type(body).model_fields}
    draft = RecurringDraft(id=recurring_id, **fields)
    return await save(service.recurring, me, draft, version=version, view=_view)


@router.delete("/{recurring_id}", summary="Delete a duty with its rounds", status_code=204)
async def remove(recurring_id: DutyId, service: Service, me: Me, version: Version) -> Response:
    await service.recurring.delete(me, recurring_id, version=version)
    return NoContent()


@router.get("/{recurring_id}/rounds", summary="Each time that it was due, the newest first")
async def rounds(recurring_id: DutyId, service: Service, me: Me, limit: Limit = 50) -> Response:
    found = await service.recurring_desk.rounds(me, recurring_id, limit=limit)
    return page([plain(item) | {"late": item.is_late} for item in found], None)


@router.post("/{recurring_id}/rounds/{round_id}/done", summary="Say that a round is done")
async def done(
    recurring_id: DutyId, round_id: RoundId, body: DoneBody, service: Service, me: Me
) -> Response:
    """Said twice is said once; 409 for one that was missed."""
    found = await service.recurring_desk.do(
        me, recurring_id, round_id, note=body.note, evidence=body.evidence
    )
    return Json(plain(found) | {"late": found.is_late})


@router.post("/{recurring_id}/rounds/{round_id}/skip", summary="Leave a round out, and say why")
async def skip(
    recurring_id: DutyId, round_id: RoundId, body: SkipBody, service: Service, me: Me
) -> Response:
    """Said twice is said once; 409 for one that was done or missed. The next one is planned."""
    found = await service.recurring_desk.skip(me, recurring_id, round_id, reason=body.reason)
    return Json(plain(found) | {"late": found.is_late})


def _view(item: Recurring) -> dict[str, Any]:
    return {
        "id": item.id,
        "name": item.name,
        **body_of(item),
        "created_at": format_instant(item.created_at),
        "updated_at": format_instant(item.updated_at),
        "version": item.version,
    }
