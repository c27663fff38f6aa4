"""Indicators: the catalogue, figures with what they were before, thresholds, why they changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from pydantic import Field, FiniteFloat
from starlette.responses import Response

from service.api import cursor as cursors
from service.api import examples
from service.api.answer import Json, NoContent, page
from service.api.deps import Body, Cursor, Instant, Limit, Me, Service, Version
from service.api.views import plain
from service.api.window import monitor_of, monitors_of, window_of
from service.auth import Action, Principal, Resource
from service.errors import NotFound
from service.indicators import (
    DEFINITIONS,
    MOST_MONITORS,
    AuthorsBy,
    Bucket,
    Comparison,
    Definition,
    Earlier,
    IndicatorId,
    Levels,
    Measure,
    Measured,
    Reading,
    Threshold,
    Watched,
    default_threshold,
    earlier,
)

router = APIRouter(prefix="/v1/indicators", tags=["indicators"])

Monitors = Annotated[tuple[str, ...], Query(max_length=MOST_MONITORS, description="By id")]
Name = Annotated[str, Path(max_length=32, description="The id of an indicator")]
MonitorId = Annotated[str, Path(max_length=64)]


class ThresholdBody(Body):
    """Left out is null: a level that is never reached. `least` of null is the indicator's own."""

    measured: Measured = Measured.VALUE
    yellow: FiniteFloat | None = None
    orange: FiniteFloat | None = None
    red: FiniteFloat | None = None
    least: int | None = Field(default=None, ge=0, le=1_000_000_000)
    margin: FiniteFloat = 0.1
    alert: bool = False

    def threshold(self, indicator: IndicatorId) -> Threshold:
        least = default_threshold(indicator).least if self.least is None else self.least
        return Threshold(
            indicator=indicator,
            measured=self.measured,
            levels=Levels(yellow=self.yellow, orange=self.orange, red=self.red),
            least=least,
            margin=self.margin,
            alert=self.alert,
        )


@router.get("", summary="The fifteen indicators: what each is made from, and its usual thresholds")
async def catalogue(me: Me) -> Response:
    me.require(Action.READ, Resource.INDICATOR)
    return Json({"items": [_definition(item) for item in DEFINITIONS.values()]})


@router.get(
    "/values",
    summary="Figures of a monitor, compared with earlier windows; over time with `bucket`",
    responses=examples.answer(examples.INDICATORS),
)
async def values(
    service: Service,
    me: Me,
    monitor: Annotated[str | None, Query(max_length=64)] = None,
    since: Instant | None = None,
    until: Instant | None = None,
    bucket: Bucket | None = None,
    indicator: Annotated[tuple[IndicatorId, ...], Query()] = (),
) -> Response:
    """The last seven days, unless told otherwise. A figure without a value says why in `reason`.
    Buckets are cut in the installation's time zone. Each of `links` finds `count` things.
    """
    monitor = monitor_of(me, monitor)
    window = window_of(service, since, until)
    readings = await service.indicators.board.readings(
        me, monitor, window, indicators=indicator or tuple(IndicatorId), bucket=bucket
    )
    standings = {
        item.threshold.indicator: item.standing
        for item in await service.indicators.desk.every(me, monitor)
    }
    items = [_reading(item) | {"level": plain(standings[item.indicator])} for item in readings]
    return Json({"monitor": monitor, **plain(window), "bucket": plain(bucket), "items": items})


@router.get("/attribution", summary="Why a measure changed: Shapley values that sum to the change")
async def attribution(
    service: Service,
    me: Me,
    monitor: Monitors = (),
    measure: Measure = Measure.NEGATIVE_SHARE,
    since: Instant | None = None,
    until: Instant | None = None,
    compared: Earlier = Earlier.PREVIOUS,
    authors: AuthorsBy = AuthorsBy.STANDING,
) -> Response:
    """`values` of each dimension sum to `change`; of a ratio `dimensions` and `rate` together do so
    too. With several monitors their brands are a dimension.
    """
    ids = monitors_of(me, monitor)
    window = window_of(service, since, until)
    before = earlier(window, compared, zone=service.settings.zone)
    explained = await service.indicators.changes.explain(
        me, ids, measure, before=before, after=window, authors_by=authors
    )
    found = explained.found
    answer = {
        "monitors": ids,
        "measure": measure,
        **plain(window),
        "compared": plain(before),
        "authors": authors,
    }
    if found is None:
        return Json(plain(answer) | {"reason": "not_enough_data", "change": None})
    return Json(plain(answer) | {"reason": None, "change": found.change} | plain(found))


@router.get("/crossings", summary="Levels that were crossed, newest first")
async def crossings(
    service: Service,
    me: Me,
    monitor: Annotated[str | None, Query(max_length=64)] = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    scope = ("indicator crossings", monitor)
    found = await service.indicators.desk.crossings(
        me, monitor_id=monitor, before=cursors.number(scope, cursor), limit=limit
    )
    following = None if found.next is None else cursors.encode(scope, [int(found.next)])
    return page(plain(found.items), following)


@router.get("/thresholds/{monitor_id}", summary="Thresholds of a monitor, and the level of each")
async def thresholds(monitor_id: MonitorId, service: Service, me: Me) -> Response:
    found = await service.indicators.desk.every(me, monitor_id)
    return Json({"items": [_watched(item) for item in found]})


@router.put("/thresholds/{monitor_id}/{name}", summary="Set the thresholds of one indicator")
async def put(
    monitor_id: MonitorId,
    name: Name,
    body: ThresholdBody,
    service: Service,
    me: Me,
    version: Version,
) -> Response:
    """`If-Match: "0"` is for the defaults. With `alert` a rise to a worse level pages the channels
    that take `indicator.crossed`.
    """
    indicator = _indicator(me, Action.EDIT, monitor_id, name)
    saved = await service.indicators.desk.put(
        me, monitor_id, body.threshold(indicator), version=version
    )
    return Json(_threshold(saved), version=saved.version)


@router.delete(
    "/thresholds/{monitor_id}/{name}", summary="Back to the usual thresholds", status_code=204
)
async def reset(
    monitor_id: MonitorId, name: Name, service: Service, me: Me, version: Version
) -> Response:
    indicator = _indicator(me, Action.DELETE, monitor_id, name)
    await service.indicators.desk.reset(me, monitor_id, indicator, version=version)
    return NoContent()


def _indicator(me: Principal, action: Action, monitor_id: str, name: str) -> IndicatorId:
    """Raises Forbidden before it says what there is, then NotFound."""
    me.require(action, Resource.INDICATOR, monitor=monitor_id)
    try:
        return IndicatorId(name)
    except ValueError as error:
        raise NotFound(f"no indicator {name!r}; GET /v1/indicators lists them") from error


def _definition(item: Definition) -> dict[str, Any]:
    view: dict[str, Any] = plain(item)
    return view | {"watched_s": view.pop("watched"), "name": dict(item.name)}


def _reading(item: Reading) -> dict[str, Any]:
    defined = DEFINITIONS[item.indicator]
    return {
        "id": item.indicator.value,
        "name": dict(defined.name),
        "unit": defined.unit.value,
        "direction": defined.direction.value,
        **_figure(item.figure),
        "before": _before(item.before),
        "series": [plain(window) | _figure(found) for window, found in item.series],
        "links": plain(item.links),
    }


def _figure(found: Any) -> dict[str, Any]:
    return {
        "value": found.value,
        "n": found.n,
        "reason": plain(found.silence),
        "parts": {name: dict(counts) for name, counts in found.parts.items()},
    }


def _before(before: Mapping[Earlier, Comparison]) -> dict[str, Any]:
    return {
        which.value: {
            **plain(item.window),
            **_figure(item.figure),
            "change": item.change,
            "ratio": item.ratio,
        }
        for which, item in before.items()
    }


def _threshold(item: Threshold) -> dict[str, Any]:
    view: dict[str, Any] = plain(item)
    levels: dict[str, Any] = view.pop("levels")
    return view | levels


def _watched(item: Watched) -> dict[str, Any]:
    return _threshold(item.threshold) | {"level": plain(item.standing)}
