"""Hand-over: improvements and needs reports to a tracker, how they stand there, once more."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from service.api import cursor as cursors
from service.api.answer import Json, page
from service.api.deps import Body, Cursor, Instant, Limit, Me, Service
from service.api.views import plain
from service.api.window import window_of
from service.trackers import Handover, HandoverFilter, State, Tracker

router = APIRouter(prefix="/v1", tags=["handovers"])

HandoverId = Annotated[str, Path(max_length=40)]
_TrackerName = Annotated[str, Field(max_length=40, examples=["jira"])]


class HandoverBody(Body):
    tracker: _TrackerName


class NeedsBody(HandoverBody):
    """The last seven days up to the full hour, unless told otherwise."""

    monitor: str = Field(max_length=64)
    since: Instant | None = None
    until: Instant | None = None


@router.get("/trackers", summary="The trackers that this installation knows")
async def trackers(service: Service, me: Me) -> Response:
    """`ready` is whether its token is there; `webhook` is the path that its webhooks are sent to,
    null where the secret is missing or it is only polled.
    """
    found = service.handing_over.desk.trackers(me)
    return Json({"items": [_tracker(item) for item in found]})


@router.post(
    "/improvements/{improvement_id}/handover",
    summary="Hand an improvement over to a tracker",
    status_code=201,
)
async def improvement(
    improvement_id: Annotated[str, Path(max_length=40)],
    body: HandoverBody,
    service: Service,
    me: Me,
) -> Response:
    """By a lead or its owner. 200 with the first one where it is handed over there already."""
    made, first = await service.handing_over.desk.improvement(me, improvement_id, body.tracker)
    return Json(_view(made), status=201 if first else 200)


@router.post(
    "/indicators/needs/handover",
    summary="Hand the needs report of a window over to a tracker",
    status_code=201,
)
async def needs(body: NeedsBody, service: Service, me: Me) -> Response:
    """By a lead: its ranking as it is now, without quotes. The same window is one ticket."""
    # Two people who press the button mean the same window.
    hour = service.clock.now().replace(minute=0, second=0, microsecond=0)
    window = window_of(service, body.since, body.until or hour)
    made, first = await service.handing_over.desk.needs(me, body.monitor, window, body.tracker)
    return Json(_view(made), status=201 if first else 200)


@router.get("/handovers", summary="Hand-overs, the newest first")
async def every(
    service: Service,
    me: Me,
    state: Annotated[tuple[State, ...], Query()] = (),
    tracker: Annotated[tuple[str, ...], Query(max_length=20)] = (),
    subject: Annotated[str | None, Query(max_length=40)] = None,
    incident: Annotated[str | None, Query(max_length=40)] = None,
    troubled: bool | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """`troubled=true` finds those that need somebody."""
    wanted = HandoverFilter(
        states=state,
        trackers=tracker,
        subject_id=subject,
        incident_id=incident,
        troubled=troubled,
    )
    scope = ("handovers", wanted)
    found = await service.handing_over.desk.page(
        me, wanted, after=cursors.dated(scope, cursor), limit=limit
    )
    shown, following = found[:limit], None
    if len(found) > limit:
        last = shown[-1]
        following = cursors.encode(scope, [last.created_at.isoformat(), last.id])
    return page([_view(item) for item in shown], following)


@router.get("/handovers/{handover_id}", summary="One hand-over, with its tracker's last answer")
async def one(handover_id: HandoverId, service: Service, me: Me) -> Response:
    return Json(_view(await service.handing_over.desk.get(me, handover_id)))


@router.post("/handovers/{handover_id}/again", summary="Try again what has trouble")
async def again(handover_id: HandoverId, service: Service, me: Me) -> Response:
    """By a lead or the owner: what failed is sent again, what was deleted there is made anew, and a
    ticket that disagrees is brought to how the improvement stands.
    """
    return Json(_view(await service.handing_over.desk.again(me, handover_id)))


def _view(item: Handover) -> dict[str, Any]:
    view: dict[str, Any] = plain(item)
    view["subject"] = {"kind": view.pop("subject_kind"), "id": view.pop("subject_id")}
    view["monitor"], view["incident"] = view.pop("monitor_id"), view.pop("incident_id")
    for name in ("tried", "item_version"):
        del view[name]
    return view


def _tracker(item: Tracker) -> dict[str, Any]:
    return {
        "id": item.id,
        "address": item.form.address,
        "ready": item.token is not None,
        "webhook": None if item.proving is None else f"/hooks/trackers/{item.id}",
        "poll_minutes": item.form.poll_minutes,
        "states": {name.value: list(words) for name, words in item.form.states.items()},
    }
