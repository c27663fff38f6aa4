"""Drills: begun and stopped by a lead, watched by everybody, kept with their score sheets."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field, model_validator
from starlette.responses import Response

from service.api import cursor as cursors
from service.api.answer import Json, page
from service.api.deps import Body, Cursor, Instant, Limit, Me, Service
from service.drill import TAIL, drill_view
from service.drill.model import FASTEST, SLOWEST, TAIL_MAX

router = APIRouter(prefix="/v1/drills", tags=["drills"])

DrillId = Annotated[str, Path(max_length=64)]
_HOURS = timedelta(hours=1)


class Posts(StrEnum):
    """`bundled` is the stream that ships; `stored` are posts of this installation."""

    BUNDLED = "bundled"
    STORED = "stored"


class DrillBody(Body):
    """What is played, how fast, and for how long the team has it afterwards."""

    stream: Posts = Posts.BUNDLED
    since: Instant | None = Field(default=None, alias="from", description="Of stored posts")
    until: Instant | None = Field(default=None, alias="to", description="Of stored posts")
    of: str | None = Field(default=None, max_length=64, description="The monitor of stored posts")
    monitor: str | None = Field(
        default=None, max_length=64, description="Whose incidents they are; else as in the stream"
    )
    speed: float = Field(
        default=1.0,
        ge=SLOWEST,
        le=FASTEST,
        description="How much faster detection moves than it did; deadlines are never squeezed",
    )
    hours: float = Field(
        default=TAIL / _HOURS,
        ge=0.1,
        le=TAIL_MAX / _HOURS,
        description="It ends so long after detection's last move",
    )

    @model_validator(mode="after")
    def _whole(self) -> DrillBody:
        chosen = (self.since, self.until, self.of) != (None, None, None)
        if chosen and self.stream is Posts.BUNDLED:
            raise ValueError("`from`, `to` and `of` choose stored posts: give `stream` as `stored`")
        return self

    def asked(self) -> dict[str, Any]:
        """Which posts, for the job that makes the tape."""
        if self.stream is Posts.BUNDLED:
            return {}
        return {
            "from": None if self.since is None else self.since.isoformat(),
            "to": None if self.until is None else self.until.isoformat(),
            "of": self.of,
        }


class StopBody(Body):
    """Why it is stopped."""

    reason: str | None = Field(default=None, max_length=1000)


@router.post("", summary="Begin a drill; a job makes its tape and plays it", status_code=202)
async def begin(body: DrillBody, service: Service, me: Me) -> Response:
    """One at a time: 409 while another goes on. Only channels for drills are paged."""
    drill = await service.drills.begin(
        me,
        stream=body.stream.value,
        asked=body.asked(),
        speed=body.speed,
        monitor=body.monitor,
        tail=body.hours * _HOURS,
    )
    return Json(drill_view(drill), status=202, headers={"Location": f"/v1/drills/{drill.id}"})


@router.get("", summary="Drills, newest first, without their score sheets")
async def every(service: Service, me: Me, limit: Limit = 50, cursor: Cursor = None) -> Response:
    scope = ("drills",)
    found = await service.drills.page(me, after=cursors.dated(scope, cursor), limit=limit)
    following = None
    if found.next is not None:
        last = found.items[-1]
        following = cursors.encode(scope, [last.created_at.isoformat(), last.id])
    return page([drill_view(item) | {"sheet": None} for item in found.items], following)


@router.get("/{drill_id}", summary="How far a drill is, and its score sheet")
async def one(drill_id: DrillId, service: Service, me: Me) -> Response:
    """While it goes on the sheet is as of now: what is not done yet may still be in time."""
    drill = await service.drills.get(me, drill_id)
    return Json(drill_view(drill, await service.drills.sheet(me, drill_id)))


@router.post("/{drill_id}/stop", summary="Stop a drill: scored as it stands, the rest cancelled")
async def stop(body: StopBody, drill_id: DrillId, service: Service, me: Me) -> Response:
    """One that has ended stays as it is."""
    return Json(drill_view(await service.drills.stop(me, drill_id, reason=body.reason)))


@router.delete("/{drill_id}/incidents", summary="Delete the incidents of a drill that has ended")
async def clear(drill_id: DrillId, service: Service, me: Me) -> Response:
    """Its score sheet and the audit trail stay. 409 while it goes on."""
    return Json({"deleted": await service.drills.clear(me, drill_id)})
