"""One back-test: how far it is, and both sides beside each other."""

from __future__ import annotations

from dataclasses import replace

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.backtest import BacktestRun, BacktestState
from service.console.board import Board
from service.console.deeds import attempt, keep_fresh
from service.console.dialogs import Question, ask
from service.console.format import moment
from service.console.page import console_page, heading
from service.console.pages.backtests import place
from service.console.pages.backtests.result import draw_result
from service.console.pages.backtests.taking import draw_taking
from service.console.session import Visit
from service.console.theme import button, link, plain, put

_LIVE_S = 1.0
_WAITING = (BacktestState.QUEUED, BacktestState.RUNNING)


def register(board: Board) -> None:
    """The page `/backtests/{backtest_id}`."""

    @console_page(board, place.PLACE, "/backtests/{backtest_id}")
    async def one(visit: Visit, backtest_id: str) -> None:
        run = await board.container.backtests.get(backtest_id)
        await board.names.learn(run.created_by)
        page = BacktestPage(board, visit, run, await board.monitor_names())
        page.draw()


class BacktestPage:
    """The open page; it redraws itself while the back-test goes on."""

    def __init__(
        self, board: Board, visit: Visit, run: BacktestRun, monitors: dict[str, str]
    ) -> None:
        self._board = board
        self._visit = visit
        self._run = run
        self._monitors = monitors

    def draw(self) -> None:
        """The head once, the rest whenever it has moved."""
        visit, words, run = self._visit, self._visit.words, self._run
        tried = place.tried_of(self._board, words, run)
        with heading(visit, words("backtests.one", tried=tried), hint=run.id):
            link(place.LIST, words("backtests.back"), "act")
            if visit.may(Action.RUN, Resource.RULE):
                link(f"{place.ASK}?of={run.id}", words("backtests.again"), "act")
        self._body()
        if run.state in _WAITING:
            timer = keep_fresh(visit, _LIVE_S, self._look)
            self._timer = timer

    async def _look(self) -> None:
        run = await self._board.container.backtests.get(self._run.id)
        if run == self._run:
            return
        self._run = run
        self._body.refresh()
        if run.state not in _WAITING:
            self._timer.deactivate()

    @ui.refreshable_method
    def _body(self) -> None:
        words, run = self._visit.words, self._run
        with ui.element("div").classes("line").props('role="status"'):
            plain(place.state_of(words, run.state), classes="state")
            plain(words("backtests.by", name=self._board.names.of(run.created_by)), classes="soft")
            moment(self._visit, run.created_at)
        if run.state in _WAITING:
            self._draw_progress(run)
        elif run.result is None:
            with ui.element("section").classes("panel stack tight"):
                cancelled = run.state is BacktestState.CANCELLED
                plain(words("backtests.cancelled" if cancelled else "backtests.failed"), "h2")
                plain(run.reason or words("backtests.no_result"), "p", "foreign")
        else:
            draw_result(self._board, self._visit, run.result, self._monitors)
            draw_taking(self._board, self._visit, run)

    def _draw_progress(self, run: BacktestRun) -> None:
        words = self._visit.words
        with ui.element("section").classes("panel stack"):
            plain(place.progress_of(words, run), "p", "strong")
            bar = put(ui.element("progress"), aria_label=words("backtests.progress"))
            if run.of:
                put(bar, value=str(run.done), max=str(run.of))
            plain(words("backtests.leave"), "p", "soft")
            if self._visit.may(Action.RUN, Resource.RULE):
                with ui.element("div").classes("line"):
                    button(words("backtests.cancel"), self._cancel, "act-grave", key="cancel")

    async def _cancel(self) -> None:
        visit, words = self._visit, self._visit.words
        question = Question(
            title=words("backtests.cancel_ask"),
            hint=words("backtests.cancel_hint"),
            confirm=words("backtests.cancel"),
            grave=True,
        )
        if await ask(visit.client, words, question) is None:
            return

        async def cancel(principal: Principal) -> None:
            run = await self._board.container.backtests.cancel(principal, self._run.id)
            self._run = replace(self._run, state=run.state)
            self._body.refresh()

        await attempt(visit, cancel)
