"""Series: numbers by time that complaints are set against."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field
from starlette.responses import Response

from service.api import cursor as cursors
from service.api import examples
from service.api.answer import Json, NoContent, page
from service.api.deps import Body, Cursor, Instant, Limit, Me, Service
from service.api.views import plain
from service.auth import Action, Resource
from service.errors import InvalidInput
from service.incidents import format_instant
from service.series import MOST_POINTS, Point, Written, read_points

router = APIRouter(prefix="/v1/series", tags=["series"])

SeriesName = Annotated[str, Path(max_length=200)]
PointLimit = Annotated[int, Query(ge=1, le=MOST_POINTS, description="Points on one page")]


class SeriesBody(Body):
    """Points of one series; `unit` may be left out once the series is there."""

    name: str = Field(max_length=200, examples=["orders.shanghai"])
    unit: str | None = Field(default=None, max_length=200, examples=["单"])
    points: list[Any] = Field(
        max_length=MOST_POINTS, examples=[[{"at": "2026-03-01T08:00:00+08:00", "value": 1830}]]
    )


@router.get("", summary="Series by name")
async def every(service: Service, me: Me, limit: Limit = 50, cursor: Cursor = None) -> Response:
    me.require(Action.READ, Resource.SERIES)
    scope = ("series",)
    found = await service.series.page(after=cursors.after(scope, cursor), limit=limit)
    return page(plain(found.items), cursors.following(scope, found.next))


@router.post(
    "",
    summary="Store up to 10,000 points of a series; the same point twice is one",
    responses=examples.answer(examples.SERIES_WRITTEN),
)
async def write(body: SeriesBody, service: Service, me: Me) -> Response:
    """Good points are stored whatever the others are; `errors` names the rows that are none, such
    as one whose value is no finite number. The first write makes the series.
    """
    me.require(Action.EDIT, Resource.SERIES)
    points, problems = read_points(body.points)
    if problems and not points:
        raise InvalidInput(
            f"none of the {len(body.points)} points can be stored", errors=problems[:100]
        )
    written = await service.series.write(me, body.name, points, unit=body.unit)
    return Json(_written(written, problems))


@router.get("/{name}", summary="Points of a series by time: `from` included, `to` not")
async def one(
    name: SeriesName,
    service: Service,
    me: Me,
    since: Annotated[Instant | None, Query(alias="from")] = None,
    until: Annotated[Instant | None, Query(alias="to")] = None,
    limit: PointLimit = 1_000,
    cursor: Cursor = None,
) -> Response:
    me.require(Action.READ, Resource.SERIES)
    scope = ("series", name, since, until)
    unit = await service.series.unit(name)
    found = await service.series.points(
        name, since=since, until=until, after=_after(scope, cursor), limit=limit + 1
    )
    items = found[:limit]
    following = None
    if len(found) > limit:
        following = cursors.encode(scope, [items[-1].at.isoformat()])
    return page([_point(item) for item in items], following, name=name, unit=unit)


@router.delete("/{name}", summary="Forget a series and its points", status_code=204)
async def remove(name: SeriesName, service: Service, me: Me) -> Response:
    await service.series.delete(me, name)
    return NoContent()


def _written(written: Written, problems: list[tuple[str, str]]) -> dict[str, Any]:
    view: dict[str, Any] = plain(written)
    errors = [{"path": path, "message": message} for path, message in problems[:100]]
    return view | {"rejected": len(problems), "errors": errors}


def _point(point: Point) -> dict[str, Any]:
    return {"at": format_instant(point.at), "value": point.value}


def _after(scope: tuple[object, ...], cursor: str | None) -> datetime | None:
    text = cursors.after(scope, cursor)
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise cursors.bad_cursor() from error
