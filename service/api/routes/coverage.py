"""Coverage: how well the sources are seen, and how long posts take."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from service.api.answer import Json
from service.api.deps import Instant, Me, Service
from service.auth import Action, Resource
from service.coverage.view import lag_view, overview_view, statement_view
from service.errors import InvalidInput

router = APIRouter(prefix="/v1/coverage", tags=["coverage"])

LONGEST = timedelta(days=90)
_USUAL = timedelta(days=1)


@router.get("", summary="Every feed and channel, the objectives, the lags of a day, the canary")
async def overview(service: Service, me: Me) -> Response:
    """`blind` means that the absence of posts says nothing; `gaps` are those of the last day."""
    me.require(Action.READ, Resource.SOURCE)
    return Json(overview_view(await service.coverage.overview(), await service.coverage.lag()))


@router.get("/lag", summary="Percentiles of each stage of the line, in seconds, by feed")
async def lag(
    service: Service, me: Me, hours: Annotated[int, Query(ge=1, le=2160)] = 24
) -> Response:
    """Each stage is timed from the one before it, `fetched` from publication."""
    me.require(Action.READ, Resource.SOURCE)
    since = service.clock.now() - timedelta(hours=hours)
    return Json(lag_view(await service.coverage.lag(since=since)))


@router.get("/statement", summary="What could be seen of [since, until), and what could not")
async def statement(
    service: Service, me: Me, since: Instant | None = None, until: Instant | None = None
) -> Response:
    """By source and channel, for a report; the day until now, unless told."""
    me.require(Action.READ, Resource.SOURCE)
    end = until or service.clock.now()
    since = since or end - _USUAL
    if not since < end <= since + LONGEST:
        raise InvalidInput(
            "a statement covers a time", errors=[("since", "before `until`, by 90 days at most")]
        )
    return Json(statement_view(await service.coverage.statement(since=since, until=end)))
