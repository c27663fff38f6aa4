"""How often the query would have raised an alert: a back-test in the background, with progress."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from nicegui import ui

from nlp.errors import BadQuery
from service.auth import Action, Principal, Resource
from service.backtest import Ask, BacktestRun, BacktestState
from service.console.board import Board
from service.console.deeds import attempt, keep_fresh
from service.console.format import measure, moment
from service.console.pages.monitors.grammar import read
from service.console.pages.monitors.preview import Hits
from service.console.session import Visit
from service.console.theme import button, plain, put, tier_badge
from service.errors import InvalidInput

DAYS = 14
DRAFT = "draft"
"""What a monitor is called that is not saved yet."""
_WAITING = (BacktestState.QUEUED, BacktestState.RUNNING)
_LOOKED_THROUGH = 20
_SHOWN = 5


class Alerts:
    """The panel: ask for a back-test of what is typed, follow it, read its answer."""

    def __init__(self, visit: Visit, board: Board, *, monitor_id: str, hits: Hits) -> None:
        self._visit = visit
        self._board = board
        self._monitor_id = monitor_id
        self._hits = hits
        self._run: BacktestRun | None = None
        self._drawn: tuple[object, ...] = ()
        self._place = ui.element("div").classes("stack")

    async def draw(self) -> None:
        """The newest one that this monitor was asked for, and how it goes on."""
        found = await self._board.container.backtests.page(after=None, limit=_LOOKED_THROUGH)
        for run in found.items:
            if run.asked.get("monitor") == self._monitor_id and run.asked.get("query"):
                self._run = run
                break
        self._redraw()
        keep_fresh(self._visit, 1.0, self._look)

    async def _look(self) -> None:
        if self._run is None or self._run.state not in _WAITING:
            return
        self._run = await self._board.container.backtests.get(self._run.id)
        self._redraw()

    async def _begin(self) -> None:
        async def deed(principal: Principal) -> None:
            verdict = read(self._hits.query)
            if verdict is None or isinstance(verdict, BadQuery):
                said = self._visit.words("monitors.alerts.mend_first")
                raise InvalidInput(said, errors=[("query", said)])
            wanted = Ask(
                since=self._visit.now() - timedelta(days=DAYS),
                monitor=self._monitor_id,
                query=self._hits.query,
                brand=self._hits.brand_id,
            )
            self._run = await self._board.container.backtests.begin(principal, wanted.to_json())

        if await attempt(self._visit, deed):
            self._redraw()

    async def _cancel(self) -> None:
        run = self._run
        if run is None:
            return

        async def deed(principal: Principal) -> None:
            self._run = await self._board.container.backtests.cancel(principal, run.id)

        if await attempt(self._visit, deed):
            self._redraw()

    def _redraw(self) -> None:
        run = self._run
        drawn = () if run is None else (run.id, run.state, run.stage, run.done, run.of)
        if drawn == self._drawn and self._drawn:
            return
        self._drawn = drawn
        self._place.clear()
        with self._place:
            self._draw()

    def _draw(self) -> None:
        words, run = self._visit.words, self._run
        waits = run is not None and run.state in _WAITING
        if run is not None:
            if waits:
                _draw_progress(self._visit, run)
            else:
                self._draw_end(run)
        if not self._visit.may(Action.RUN, Resource.RULE):
            plain(words("monitors.alerts.not_yours"), "p", "soft small")
        elif waits:
            button(words("monitors.alerts.cancel"), self._cancel, "act-small", key="trial-cancel")
        else:
            key = "monitors.alerts.begin" if run is None else "monitors.alerts.again"
            button(words(key, days=DAYS), self._begin, key="trial-begin")

    def _draw_end(self, run: BacktestRun) -> None:
        words = self._visit.words
        if run.state is not BacktestState.DONE or run.result is None:
            key = "cancelled" if run.state is BacktestState.CANCELLED else "failed"
            plain(words.choice("monitors.alerts.ended", key), "p", "soft")
            if run.reason:
                plain(run.reason, "p", "small foreign")
            return
        if run.asked.get("query") != self._hits.query:
            plain(words("monitors.alerts.older"), "p", "soon small")
        _draw_answer(self._visit, self._board, run.result["current"], at=run)


def _draw_progress(visit: Visit, run: BacktestRun) -> None:
    words = visit.words
    stage = words.choice("monitors.alerts.stage", run.stage)
    said = words("monitors.alerts.progress", stage=stage, done=f"{run.done:,}", of=f"{run.of:,}")
    put(plain(said, "p"), role="status")
    bar = put(ui.element("progress"), aria_label=stage).classes("progress")
    if run.of:
        put(bar, value=str(run.done), max=str(run.of))


def _draw_answer(visit: Visit, board: Board, side: Mapping[str, Any], *, at: BacktestRun) -> None:
    words = visit.words
    week = measure(side["alerts_per_week"])
    plain(words("monitors.alerts.a_week", alerts=week), "p", "strong big")
    told = words("monitors.alerts.told", days=DAYS, night=measure(side["busiest_night"]))
    plain(told, "p", "soft small")
    tiers = board.container.library.tiers.tiers
    if side["by_tier"]:
        with ui.element("div").classes("line"):
            for tier, count in side["by_tier"].items():
                tier_badge(words, tiers, tier)
                plain(f"× {count}")
    scenarios = board.scenario_names(words)
    listed = side["list"][-_SHOWN:]
    if listed:
        with ui.element("ul").classes("tight"):
            for item in reversed(listed):
                with ui.element("li").classes("line small"):
                    plain(scenarios.get(item["scenario"], item["scenario"]))
                    moment(visit, datetime.fromisoformat(item["opened_at"]))
    with ui.element("p").classes("soft small"):
        plain(words("monitors.alerts.made"))
        plain(" ")
        moment(visit, at.finished_at or at.created_at)
