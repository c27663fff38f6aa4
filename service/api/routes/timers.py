"""Timers: which deadlines are set, which have fired, and how late."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from service.api import cursor as cursors
from service.api.answer import Json, page
from service.api.deps import Cursor, Limit, Me, Service
from service.api.views import plain
from service.auth import Action, Resource
from service.errors import NotFound
from service.incidents.privacy import hidden
from service.timers import Timer, TimerState

router = APIRouter(prefix="/v1/timers", tags=["timers"])


@router.get("", summary="Timers in due order, pending ones unless `state` says otherwise")
async def every(
    service: Service,
    me: Me,
    incident: Annotated[str | None, Query(max_length=40)] = None,
    state: Annotated[tuple[TimerState, ...], Query()] = (TimerState.PENDING,),
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Timers of incidents that are private to others are left out of a page."""
    me.require(Action.READ, Resource.TIMER)
    scope = ("timers", incident, state)
    after = cursors.after(scope, cursor)
    async with service.database.read() as connection:
        try:
            found = await service.timers.pending(
                connection, incident_id=incident, states=state, after=after, limit=limit
            )
        except NotFound as error:
            raise cursors.bad_cursor() from error
        private = await hidden(connection, me, (item.incident_id for item in found.items))
    items = [_view(item) for item in found.items if item.incident_id not in private]
    return page(items, cursors.following(scope, found.next))


@router.get("/{timer_id}", summary="One timer")
async def one(timer_id: Annotated[str, Path(max_length=40)], service: Service, me: Me) -> Response:
    me.require(Action.READ, Resource.TIMER)
    async with service.database.read() as connection:
        item = await service.timers.get(connection, timer_id)
        if await hidden(connection, me, [item.incident_id]):
            raise NotFound(f"there is no timer {timer_id!r}")
    return Json(_view(item))


def _view(item: Timer) -> dict[str, Any]:
    view: dict[str, Any] = plain(item)
    view["incident"] = view.pop("incident_id")
    view["late_by_s"] = view.pop("late_by")
    return view
