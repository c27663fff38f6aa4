"""Monitors (监测方案): queries that say which posts belong together."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from service.api import cursor as cursors
from service.api import examples, risk_examples
from service.api.answer import Json, NoContent, page
from service.api.catalogue import save
from service.api.deps import Body, Cursor, Limit, Me, Service, Version
from service.api.views import plain
from service.auth import Action, Resource
from service.coverage.view import feed_view
from service.incidents.view import format_instant
from service.monitors import Monitor, MonitorDraft

router = APIRouter(prefix="/v1/monitors", tags=["monitors"])

MonitorId = Annotated[str, Path(max_length=64)]


class MonitorBody(Body):
    """A monitor; a bad query is refused with its column."""

    name: str = Field(examples=["山岚：食品安全"])
    query: str = Field(examples=["山岚 +(酸奶 | 牛奶) -招聘"])
    brand: str | None = Field(default=None, max_length=64)
    enabled: bool = True


@router.get("", summary="Monitors by id")
async def every(
    service: Service,
    me: Me,
    brand: Annotated[str | None, Query(max_length=64)] = None,
    enabled: bool | None = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    me.require(Action.READ, Resource.MONITOR)
    scope = ("monitors", brand, enabled)
    found = await service.monitors.page(
        after=cursors.after(scope, cursor), limit=limit, brand_id=brand, enabled=enabled
    )
    return page([_view(item) for item in found.items], cursors.following(scope, found.next))


@router.get("/{monitor_id}", summary="One monitor: the progress of its back-fill, and if it sees")
async def one(monitor_id: MonitorId, service: Service, me: Me) -> Response:
    """`sight.state` is `blind` while a feed that brings a tenth of its posts cannot be seen."""
    me.require(Action.READ, Resource.MONITOR)
    item = await service.monitors.get(monitor_id)
    dark = await service.outlook.dark_feeds(item.id, service.clock.now())
    sight = {"state": "blind" if dark else "seeing", "feeds": [feed_view(feed) for feed in dark]}
    return Json(_view(item) | {"sight": sight}, version=item.version)


@router.get(
    "/{monitor_id}/risk",
    summary="How much it is at risk now: 0 to 100, with its parts",
    responses=examples.answer(risk_examples.MONITOR_RISK),
)
async def risk(monitor_id: MonitorId, service: Service, me: Me) -> Response:
    """Of each segment with posts in the last day, the highest first; at most a minute old.

    The points of the parts sum to `score`; that of the monitor is the highest of its segments.
    """
    me.require(Action.READ, Resource.INDICATOR, monitor=monitor_id)
    item = await service.monitors.get(monitor_id)
    found = await service.risks.of(item, now=service.clock.now())
    segments = [{"scenario": one.scenario, **one.risk} for one in found.segments]
    return Json(
        {
            "monitor": item.id,
            "at": format_instant(found.at),
            "score": found.score,
            "segments": segments,
        }
    )


@router.put("/{monitor_id}", summary="Create or change a monitor; a new query is back-filled")
async def put(
    monitor_id: MonitorId, body: MonitorBody, service: Service, me: Me, version: Version
) -> Response:
    draft = MonitorDraft(
        id=monitor_id,
        name=body.name,
        query=body.query,
        brand_id=body.brand,
        enabled=body.enabled,
    )
    return await save(service.monitors, me, draft, version=version, view=_view)


@router.delete("/{monitor_id}", summary="Delete a monitor; its incidents stay", status_code=204)
async def remove(monitor_id: MonitorId, service: Service, me: Me, version: Version) -> Response:
    await service.monitors.delete(me, monitor_id, version=version)
    return NoContent()


def _view(item: Monitor) -> dict[str, Any]:
    view: dict[str, Any] = plain(item)
    view["brand"] = view.pop("brand_id")
    backfill = view["backfill"]
    if backfill is not None:
        view["backfill"] = {name: backfill.get(name) for name in ("state", "done", "of")}
    return view
