"""Back-tests: other rules over stored posts, played by a job whose progress can be read."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Path
from pydantic import Field
from starlette.responses import Response

from service.api import cursor as cursors
from service.api.answer import Json, page
from service.api.deps import Body, Cursor, Instant, Limit, Me, Service
from service.api.views import plain
from service.auth import Action, Resource
from service.backtest import Ask, BacktestRun
from service.backtest.asking import MOST_LEXICON, MOST_RULES

router = APIRouter(prefix="/v1/backtests", tags=["backtests"])

BacktestId = Annotated[str, Path(max_length=64)]


class BacktestBody(Body):
    """What is tried out, and over which posts; with nothing given, the rules in force over all."""

    since: Instant | None = Field(default=None, alias="from")
    until: Instant | None = Field(default=None, alias="to")
    monitor: str | None = Field(default=None, max_length=64)
    rules: list[dict[str, Any]] = Field(
        default_factory=list,
        max_length=MOST_RULES,
        description="Rules as in the section `rules` of `apply`",
        examples=[[{"id": "negative_burst_yellow", "thresholds": {"negative_1h": 15}}]],
    )
    lexicon: str | None = Field(
        default=None,
        max_length=MOST_LEXICON,
        description="Rows over the lexicon, as `POST /v1/lexicon/import` takes them",
    )
    budget: str | None = Field(default=None, max_length=20, examples=["3/night"])

    def ask(self) -> Ask:
        return Ask(
            since=self.since,
            until=self.until,
            monitor=self.monitor,
            rules=tuple(self.rules),
            lexicon=self.lexicon,
            budget=self.budget,
        )


@router.post("", summary="Back-test rules over stored posts; a job plays it", status_code=202)
async def begin(body: BacktestBody, service: Service, me: Me) -> Response:
    """Mistakes in rules, lexicon and budget are refused at once; at most five may wait."""
    me.require(Action.RUN, Resource.RULE)
    ask = body.ask()
    await service.rules.directory.refresh()
    await asyncio.to_thread(ask.candidate, service.rules.directory.in_force)
    run = await service.backtests.begin(me, ask.to_json())
    return Json(_view(run), status=202, headers={"Location": f"/v1/backtests/{run.id}"})


@router.get("", summary="Back-tests of ninety days, newest first, without results and lexicons")
async def every(service: Service, me: Me, limit: Limit = 50, cursor: Cursor = None) -> Response:
    me.require(Action.READ, Resource.RULE)
    scope = ("backtests",)
    found = await service.backtests.page(after=cursors.dated(scope, cursor), limit=limit)
    following = None
    if found.next is not None:
        last = found.items[-1]
        following = cursors.encode(scope, [last.created_at.isoformat(), last.id])
    return page([_listed(item) for item in found.items], following)


@router.get("/{backtest_id}", summary="How far a back-test is, and what it found")
async def one(backtest_id: BacktestId, service: Service, me: Me) -> Response:
    me.require(Action.READ, Resource.RULE)
    return Json(_view(await service.backtests.get(backtest_id)))


@router.post("/{backtest_id}/cancel", summary="Call a back-test off")
async def cancel(backtest_id: BacktestId, service: Service, me: Me) -> Response:
    """One that has ended stays as it is."""
    return Json(_view(await service.backtests.cancel(me, backtest_id)))


def _listed(run: BacktestRun) -> dict[str, Any]:
    """A run without what is large: its result, and the rows of its lexicon."""
    asked = {name: value for name, value in run.asked.items() if name != "lexicon"}
    return _view(replace(run, asked=asked, result=None))


def _view(run: BacktestRun) -> dict[str, Any]:
    view: dict[str, Any] = plain(run)
    return view
