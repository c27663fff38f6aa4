"""Deliveries: what was sent to whom, what came back, and sending it again."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from service.api import cursor as cursors
from service.api.answer import Json, page
from service.api.deps import Cursor, Limit, Me, Service
from service.api.private import hidden
from service.api.views import plain
from service.audit import record
from service.auth import Action, Resource
from service.delivery import Deliveries, Delivery, DeliveryState
from service.errors import NotFound

router = APIRouter(prefix="/v1/deliveries", tags=["deliveries"])

DeliveryId = Annotated[str, Path(max_length=40)]
_deliveries = Deliveries()


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
    async with service.database.read() as connection:
        try:
            found = await _deliveries.page(
                connection,
                incident_id=incident,
                channel_id=channel,
                states=state or None,
                after=after,
                limit=limit,
            )
        except NotFound as error:
            raise cursors.bad_cursor() from error
        private = await hidden(connection, me, (item.incident_id for item in found.items))
    items = [_view(item) for item in found.items if item.incident_id not in private]
    return page(items, cursors.following(scope, found.next))


@router.get("/{delivery_id}", summary="One delivery with every attempt")
async def one(delivery_id: DeliveryId, service: Service, me: Me) -> Response:
    me.require(Action.READ, Resource.DELIVERY)
    async with service.database.read() as connection:
        item = await _deliveries.get(connection, delivery_id)
        if await hidden(connection, me, [item.incident_id]):
            raise NotFound(f"there is no delivery {delivery_id!r}")
        attempts = await _deliveries.attempts(connection, delivery_id)
    return Json(_view(item) | {"log": plain(attempts)})


@router.post("/{delivery_id}/replay", summary="Send it again at once")
async def replay(delivery_id: DeliveryId, service: Service, me: Me) -> Response:
    me.require(Action.RUN, Resource.DELIVERY)
    now = service.clock.now()
    async with service.database.write() as connection:
        found = await _deliveries.get(connection, delivery_id)
        if await hidden(connection, me, [found.incident_id]):
            raise NotFound(f"there is no delivery {delivery_id!r}")
        item = await _deliveries.replay(connection, delivery_id, now=now)
        await record(
            connection,
            at=now,
            actor=me.id,
            action="delivery.replayed",
            subject_type="delivery",
            subject_id=delivery_id,
            data={"channel": item.channel_id, "message": item.message_id},
        )
    return Json(_view(item))


def _view(item: Delivery) -> dict[str, Any]:
    view: dict[str, Any] = plain(item)
    view["incident"] = view.pop("incident_id")
    view["channel"] = view.pop("channel_id")
    view["message"] = view.pop("message_id")
    return view
