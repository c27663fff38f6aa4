"""Causes of complaints: how often, and by hour, weekday and imported series."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import FiniteFloat
from starlette.responses import Response

from nlp.causes import Cause
from nlp.lexicon import SCENARIOS
from service.api import examples, indicator_examples
from service.api.answer import Json
from service.api.deps import Instant, Me, Service
from service.api.views import plain
from service.api.window import monitor_of, window_of
from service.auth import Action, Resource
from service.errors import InvalidInput
from service.indicators.causes import Daily, Per
from service.indicators.causes.crossed import MOST_EDGES, MOST_SERIES

router = APIRouter(prefix="/v1/indicators/causes", tags=["indicators"])

_QUARTER = timedelta(days=90)

MonitorId = Annotated[str | None, Query(max_length=64)]
Scenario = Annotated[str | None, Query(max_length=32, description="Only its causes")]


@router.get(
    "",
    summary="What posts complain of, by cause",
    responses=examples.answer(indicator_examples.CAUSES),
)
async def causes(
    service: Service,
    me: Me,
    monitor: MonitorId = None,
    scenario: Scenario = None,
    since: Instant | None = None,
    until: Instant | None = None,
) -> Response:
    """The last seven days, unless told otherwise. Causes are found in the posts when they are asked
    for; of more than 20,000 posts `read` are, drawn by day or hour.
    """
    monitor = monitor_of(me, monitor)
    window = window_of(service, since, until)
    found = await service.indicators.causes.counted(
        me, monitor, window, scenario=_scenario(scenario)
    )
    items = [cause_view(item.cause) | _numbers(plain(item)) for item in found.items]
    return Json({"monitor": monitor, **plain(window), **plain(found), "items": items})


@router.get(
    "/crossed",
    summary="Causes by hour, weekday and imported series, tested against chance",
    responses=examples.answer(indicator_examples.CROSSED),
)
async def crossed(
    service: Service,
    me: Me,
    monitor: MonitorId = None,
    scenario: Scenario = None,
    since: Instant | None = None,
    until: Instant | None = None,
    factor: Annotated[tuple[Daily, ...], Query(description="Left out: both")] = tuple(Daily),
    series: Annotated[tuple[str, ...], Query(max_length=MOST_SERIES, description="By name")] = (),
    per: Per = Per.DAY,
    edges: Annotated[
        tuple[FiniteFloat, ...],
        Query(max_length=MOST_EDGES, description="Where bands of the series begin; else thirds"),
    ] = (),
) -> Response:
    """The last ninety days, unless told otherwise; at most 366. `findings` are what chance does not
    explain, ranked; `p_adjusted` is corrected for the number of cells and factors.
    """
    monitor = monitor_of(me, monitor)
    if series:
        me.require(Action.READ, Resource.SERIES)
    window = window_of(service, since, until, usual=_QUARTER)
    found = await service.indicators.crossed.crossed(
        me,
        monitor,
        window,
        scenario=_scenario(scenario),
        daily=factor,
        series=series,
        per=per,
        edges=edges,
    )
    view = plain(found)
    for table in view["tables"]:
        table["bands"] = [band | band.pop("band") for band in table["bands"]]
    return Json({"monitor": monitor, **plain(window), **view})


def cause_view(cause: Cause | None) -> dict[str, Any]:
    """A cause in a list; without one all is null."""
    if cause is None:
        return {"cause": None, "scenario": None, "name": None}
    return {
        "cause": cause.id,
        "scenario": cause.scenario,
        "name": {"zh": cause.zh, "en": cause.en},
    }


def _numbers(view: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in view.items() if name != "cause"}


def _scenario(given: str | None) -> str | None:
    if given is not None and given not in SCENARIOS:
        message = f"one of {', '.join(SCENARIOS)}"
        raise InvalidInput(f"no scenario {given!r}: {message}", errors=[("scenario", message)])
    return given
