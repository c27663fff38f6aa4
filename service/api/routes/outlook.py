"""Who writes, what is to be expected, and what people want."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import FiniteFloat
from starlette.responses import Response

from service.api import examples, indicator_examples
from service.api.answer import Json
from service.api.deps import Instant, Limit, Me, Service
from service.api.routes.causes import MonitorId, cause_view
from service.api.views import plain
from service.api.window import monitor_of, window_of
from service.indicators.outlook import Staffing

router = APIRouter(prefix="/v1/indicators", tags=["indicators"])


@router.get(
    "/authors",
    summary="Who writes: new and returning, posts each, hours, followers",
    responses=examples.answer(indicator_examples.AUTHORS),
)
async def authors(
    service: Service,
    me: Me,
    monitor: MonitorId = None,
    since: Instant | None = None,
    until: Instant | None = None,
) -> Response:
    """The last seven days, unless told otherwise, beside the time of equal length before. Numbers
    only: no author is named.
    """
    monitor = monitor_of(me, monitor)
    window = window_of(service, since, until)
    found = await service.indicators.authors.report(me, monitor, window)
    return Json({"monitor": monitor, **plain(window), **plain(found)})


@router.get(
    "/outlook",
    summary="Posts a day for the next 90 days, with intervals, and the people that they take",
    responses=examples.answer(indicator_examples.OUTLOOK),
)
async def outlook(
    service: Service,
    me: Me,
    monitor: MonitorId = None,
    minutes: Annotated[
        FiniteFloat | None, Query(description="Of a person for a post that needs one")
    ] = None,
    shift_h: Annotated[int | None, Query(description="Hours of a shift: 4, 6, 8, 12, 24")] = None,
) -> Response:
    """`served` is the model that was less wrong when both were tested on what is known by now;
    needs 84 days of posts. `people` of a shift carry the interval of the posts.
    """
    monitor = monitor_of(me, monitor)
    usual = service.indicators.outlooks.staffing
    asked = Staffing(
        minutes=usual.minutes if minutes is None else minutes,
        shift_h=usual.shift_h if shift_h is None else shift_h,
        busy=usual.busy,
    )
    found = await service.indicators.outlooks.ahead(me, monitor, staffing=asked)
    return Json({"monitor": monitor, **plain(found)})


@router.get(
    "/needs",
    summary="Questions, suggestions and complaints by cause, by how many people ask",
    responses=examples.answer(indicator_examples.NEEDS),
)
async def needs(
    service: Service,
    me: Me,
    monitor: MonitorId = None,
    since: Instant | None = None,
    until: Instant | None = None,
    limit: Limit = 50,
) -> Response:
    """The last seven days, unless told otherwise. Quotes are masked, and each leads to its post.
    What fewer than three people want is left out.
    """
    monitor = monitor_of(me, monitor)
    window = window_of(service, since, until)
    found = await service.indicators.needs.report(me, monitor, window, limit=limit)
    items = [plain(item) | cause_view(item.cause) for item in found.items]
    return Json({"monitor": monitor, **plain(window), **plain(found), "items": items})
