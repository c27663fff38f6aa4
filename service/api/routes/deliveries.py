"""Deliveries: what was sent to whom, what came back, and sending it again."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from service.api import cursor as cursors
from service.api.answer import Json, page
from service.api.deps import Cursor, Limit, Me, Service
from service.api.views import plain
from service.auth import Action, Resource
from service.delivery import Delivery, DeliveryState
from service.errors import NotFound

router = APIRouter(prefix="/v1/deliveries", tags=["deliveries"])

DeliveryId = Annotated[str, Path(max_length=40)]


@router.get("", summary="Deliveries, newest first; `state=dead` are the dead letters")
async def every(
    service: Service,
    me: Me,
    incident: Annotated[str | None, Query(max_length=40)] = None,
    channel: Annotated[str | None, Query(max_length=64)] = None,
    state: Annotated[tuple[DeliveryState, ...], Query()] = (),
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """Deliveries of incidents that are private to others are left out of a page."""
    me.require(Action.READ, Resource.DELIVERY)
    scope = ("deliveries", incident, channel, state)
    after = cursors.after(scope, cursor)
    try:
        found = await service.deliveries.page(
            me,
            incident_id=incident,
            channel_id=channel,
            states=state or None,
            after=after,
            limit=limit,
        )
    except NotFound as error:
        raise cursors.bad_cursor() from error
    return page([_view(item) for item in found.items], cursors.following(scope, found.next))


@router.get("/{delivery_id}", summary="One delivery with every attempt")
async def one(delivery_id: DeliveryId, service: Service, me: Me) -> Response:
    found = await service.deliveries.file(me, delivery_id)
    return Json(_view(found.delivery) | {"log": plain(found.attempts)})


@router.post("/{delivery_id}/replay", summary="Send it again at once")
async def replay(delivery_id: DeliveryId, service: Service, me: Me) -> Response:
    return Json(_view(await service.deliveries.replay(me, delivery_id)))


def _view(item: Delivery) -> dict[str, Any]:
    view: dict[str, Any] = plain(item)
    view["incident"] = view.pop("incident_id")
    view["channel"] = view.pop("channel_id")
    view["message"] = view.pop("message_id")
    return view
