"""One drill: how far it is, what to do in it, and the score sheet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import attempt, go, keep_fresh, praise
from service.console.dialogs import Question, ask
from service.console.format import moment
from service.console.page import console_page, heading
from service.console.pages.drills import place
from service.console.pages.drills.sheet import draw_sheet
from service.console.session import BASE, Visit
from service.console.theme import button, link, plain, put, ticking
from service.drill import GOING_ON, Drill, DrillState

_LIVE_S = 3.0


def register(board: Board) -> None:
    """The page `/drills/{drill_id}`."""

    @console_page(board, place.PLACE, "/drills/{drill_id}")
    async def one(visit: Visit, drill_id: str) -> None:
        page = DrillPage(board, visit, drill_id)
        await page.read(await visit.principal())
        page.draw()


class DrillPage:
    """The open page; it draws itself anew while the drill goes on."""

    _drill: Drill
    _sheet: Mapping[str, Any] | None

    def __init__(self, board: Board, visit: Visit, drill_id: str) -> None:
        self._board = board
        self._office = board.container.drills
        self._visit = visit
        self._id = drill_id

    async def read(self, principal: Principal) -> bool:
        """Read it anew; answers whether anything differs. Raises Forbidden, NotFound."""
        drill = await self._office.get(principal, self._id)
        sheet = await self._office.sheet(principal, self._id)
        known = getattr(self, "_drill", None), _without_time(getattr(self, "_sheet", None))
        self._drill, self._sheet = drill, sheet
        await self._board.names.learn(drill.created_by, drill.ended_by)
        return known != (drill, _without_time(sheet))

    def draw(self) -> None:
        """The head once, the rest whenever it has moved."""
        visit, words = self._visit, self._visit.words
        with heading(visit, words("drills.one", stream=place.stream_of(words, self._drill))):
            link(place.LIST, words("drills.back"), "act")
            if self._drill.state in GOING_ON and visit.may(Action.RUN, Resource.DRILL):
                button(words("drills.stop"), self._stop, "act-grave", key="stop")
            elif self._drill.incidents and visit.may(Action.DELETE, Resource.DRILL):
                button(words("drills.clear"), self._clear, "act-grave", key="clear")
        self._body()
        if self._drill.state in GOING_ON:
            self._timer = keep_fresh(visit, _LIVE_S, self._look)

    async def _look(self) -> None:
        if await self.read(await self._visit.principal()):
            self._body.refresh()
        if self._drill.state not in GOING_ON:
            self._timer.deactivate()
            go(self._visit, place.address(self._id), said=self._visit.words("drills.over"))

    @ui.refreshable_method
    def _body(self) -> None:
        words, drill = self._visit.words, self._drill
        with put(ui.element("section"), role="status").classes("panel stack"):
            with ui.element("div").classes("line"):
                plain(place.state_of(words, drill.state), classes="state")
                plain(words("drills.speed", speed=f"{drill.speed:g}"), classes="soft")
                name = self._board.names.of(drill.created_by)
                plain(words("drills.by", name=name), classes="soft foreign")
                moment(self._visit, drill.created_at)
            self._draw_progress()
            if drill.reason:
                plain(words("drills.reason", reason=drill.reason), "p", "foreign")
            self._draw_channels()
        if self._sheet is None:
            if drill.state not in GOING_ON:
                plain(words("drills.no_sheet"), "p", "soft")
            return
        draw_sheet(self._board, self._visit, self._sheet, final=drill.state not in GOING_ON)

    def _draw_progress(self) -> None:
        words, drill = self._visit.words, self._drill
        if drill.state is DrillState.PREPARING:
            plain(words("drills.preparing"), "p")
            put(ui.element("progress"), aria_label=words("drills.preparing"))
        elif drill.state is DrillState.RUNNING:
            plain(words("drills.played", played=drill.played, moves=drill.moves), "p", "strong")
            bar = put(ui.element("progress"), aria_label=words("drills.state"))
            put(bar, value=str(drill.played), max=str(max(drill.moves, 1)))
            if drill.ends_at is not None:
                with ui.element("p").classes("line soft"):
                    plain(words("drills.ends"))
                    ticking("until", drill.ends_at)
            plain(words("drills.work_it"), "p", "soft")
        elif drill.ended_at is not None:
            with ui.element("p").classes("line soft"):
                plain(words("drills.ended"))
                moment(self._visit, drill.ended_at)
        if drill.incidents:
            with ui.element("p").classes("line"):
                plain(words("drills.incidents"), classes="soft")
                for incident_id in sorted(drill.incidents.values()):
                    link(f"{BASE}/incidents/{incident_id}", incident_id, "code small")

    def _draw_channels(self) -> None:
        words = self._visit.words
        if self._drill.channels:
            named = words("list.comma").join(self._drill.channels)
            plain(words("drills.channels", channels=named), "p", "soft small foreign")
        else:
            plain(words("drills.no_channels"), "p", "soft small")

    async def _stop(self) -> None:
        visit, words = self._visit, self._visit.words
        question = Question(
            title=words("drills.stop_ask"),
            hint=words("drills.stop_hint"),
            confirm=words("drills.stop"),
            grave=True,
            reason=words("drills.stop_reason"),
        )
        reply = await ask(visit.client, words, question)
        if reply is None:
            return

        async def stop(principal: Principal) -> None:
            await self._office.stop(principal, self._id, reason=reply.reason or None)

        if await attempt(visit, stop):
            go(visit, place.address(self._id), said=words("drills.stopped"))

    async def _clear(self) -> None:
        visit, words = self._visit, self._visit.words
        question = Question(
            title=words("drills.clear_ask", count=len(self._drill.incidents)),
            hint=words("drills.clear_hint"),
            confirm=words("drills.clear"),
            grave=True,
        )
        if await ask(visit.client, words, question) is None:
            return

        async def clear(principal: Principal) -> None:
            await self._office.clear(principal, self._id)
            await self.read(principal)

        if await attempt(visit, clear):
            self._body.refresh()
            praise(visit, words("drills.cleared"))


def _without_time(sheet: Mapping[str, Any] | None) -> object:
    """A sheet says as of when it is: that alone is no news."""
    return None if sheet is None else {key: sheet[key] for key in sheet if key != "at"}
