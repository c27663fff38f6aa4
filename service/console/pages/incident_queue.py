"""The queue: what breaks next, then every open incident by tier and time to breach, live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from urllib.parse import urlencode

from fastapi import Request, Response
from nicegui import ui

from service.auth import Action, BadCredentials, Principal, Resource
from service.console.board import PAGE, Board, Choices
from service.console.deeds import attempt, leave, praise
from service.console.format import full_time
from service.console.pages.rows import COLUMNS, incident_rows
from service.console.queue_rows import QueueRow, Tallies, breaking_next, tallies
from service.console.session import BASE, Visit, open_visit
from service.console.theme import button, dress, frame, plain, put, ticking
from service.incidents import Action as IncidentAction
from service.incidents.lifecycle import State
from service.incidents.repository import IncidentFilter

_FIELDS = ("tier", "state", "monitor", "scenario")
_LIVE_S = 0.4
_PAUSE_CHECK = 25
"""Of so many looks one asks whether posts can be stored: every ten seconds."""
_SESSION_CHECK = 150
"""Of so many looks one asks whether the session still stands: once a minute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the page shows at the moment; an equal one is not drawn again."""

    rows: tuple[QueueRow, ...]
    total: int
    may_work: bool
    paused_since: datetime | None = None


def register_queue(board: Board) -> None:
    """The page `/`."""

    @ui.page("/")
    async def queue_page(request: Request) -> Response | None:
        visit = await open_visit(board.container, request)
        if isinstance(visit, Response):
            return visit
        words = visit.words
        dress(visit.taste, words("queue.title"), now=board.container.clock.now())
        choices = await board.choices(words)
        queue = Queue(board, visit, _chosen(request, choices))
        await queue.read(visit.session.principal)
        with frame(visit, request, here="queue"):
            queue.build(choices)
        return None


class Queue:
    """One open queue page."""

    def __init__(self, board: Board, visit: Visit, chosen: dict[str, list[str]]) -> None:
        self._board = board
        self._visit = visit
        self._chosen = chosen
        self._offset = 0
        self._looks = 0
        self._stamp: object = None
        self._shown = Shown(rows=(), total=0, may_work=False)

    async def read(self, principal: Principal) -> bool:
        """Read what is to be shown; answers whether it differs from what is."""
        self._stamp = await self._board.pulse.stamp()
        rows, total = await self._board.open_rows(
            principal, self._wanted(), self._visit.words, offset=self._offset
        )
        may_work = principal.may(Action.WORK, Resource.INCIDENT)
        shown = Shown(
            rows=rows,
            total=total,
            may_work=may_work,
            paused_since=await self._board.paused_since(),
        )
        changed = shown != self._shown
        self._shown = shown
        return changed

    def build(self, choices: Choices) -> None:
        """Draw the page once; afterwards only its body is drawn anew."""
        self._body()
        self._filters(choices)
        self._table()
        ui.timer(_LIVE_S, self._look)

    def _wanted(self) -> IncidentFilter:
        return IncidentFilter(
            tiers=tuple(self._chosen["tier"]),
            states=tuple(State(state) for state in self._chosen["state"]),
            monitors=tuple(self._chosen["monitor"]),
            scenarios=tuple(self._chosen["scenario"]),
        )

    async def _look(self) -> None:
        self._looks += 1
        try:
            if self._looks % _SESSION_CHECK == 0:
                await self._visit.principal()
            due = self._looks % _PAUSE_CHECK == 0
            if due or await self._board.pulse.stamp() != self._stamp:
                await self._redraw()
        except BadCredentials:
            leave(self._visit)

    async def _redraw(self) -> None:
        if await self.read(await self._visit.principal()):
            self._body.refresh()
            self._table.refresh()

    @ui.refreshable_method
    def _body(self) -> None:
        words = self._visit.words
        following = breaking_next(self._shown.rows)
        if self._shown.paused_since is not None:
            zone = self._board.container.settings.zone
            since = full_time(self._shown.paused_since, zone)
            plain(words("queue.paused", since=since), classes="panel late").props('role="alert"')
        with ui.element("section").classes("panel next").props('aria-live="polite"'):
            if following is None or following.next_step is None:
                plain(words("queue.nothing_due"), classes="what")
            else:
                step = following.next_step
                with ui.element("div").classes("tight"):
                    plain(words("queue.breaks_next"), classes="soft small")
                    with put(ui.element("a"), href=f"{BASE}/incidents/{following.id}"):
                        plain(step.title, classes="what")
                    plain(f"{step.role} · {following.title} · {following.monitor}", classes="soft")
                ticking("until", step.due_at).classes("count")
            self._tallies(tallies(self._shown.rows, total=self._shown.total))

    def _tallies(self, figures: Tallies) -> None:
        words = self._visit.words
        with ui.element("div").classes("tallies"):
            for label, figure, alarming in (
                (words("queue.tally.open"), figures.open, False),
                (words("queue.tally.new"), figures.unacknowledged, True),
                (words("queue.tally.overdue"), figures.overdue, True),
            ):
                with ui.element("div").classes("tally"):
                    plain(str(figure), "b", "late" if alarming and figure else "")
                    plain(label, classes="soft small")

    def _filters(self, choices: Choices) -> None:
        words = self._visit.words
        with ui.element("div").classes("filters"):
            for field, options in zip(
                _FIELDS,
                (choices.tiers, choices.states, choices.monitors, choices.scenarios),
                strict=True,
            ):
                select = ui.select(
                    options,
                    multiple=True,
                    value=self._chosen[field],
                    label=words.choice("filter", field),
                    on_change=lambda event, field=field: self._filter(field, event.value),
                )
                select.props("dense outlined options-dense use-chips clearable")

    async def _filter(self, field: str, values: Sequence[str] | None) -> None:
        self._chosen[field] = list(values or ())
        self._offset = 0
        query = urlencode([(name, value) for name in _FIELDS for value in self._chosen[name]])
        address = f"{BASE}/?{query}" if query else f"{BASE}/"
        # The address keeps the filters: a reload or a link sent to a colleague shows the same.
        self._visit.client.run_javascript(f"history.replaceState(null, '', '{address}')")
        await attempt(self._visit, self._reread)

    async def _turn(self, by: int) -> None:
        self._offset = max(0, self._offset + by)
        await attempt(self._visit, self._reread)

    async def _reread(self, principal: Principal) -> None:
        await self.read(principal)
        self._body.refresh()
        self._table.refresh()

    @ui.refreshable_method
    def _table(self) -> None:
        words = self._visit.words
        shown = self._shown
        if not shown.rows:
            filtered = any(self._chosen.values())
            with ui.element("section").classes("panel empty"):
                plain(words("queue.empty.filtered" if filtered else "queue.empty.calm"), "b")
                hint = "queue.empty.filtered_hint" if filtered else "queue.empty.calm_hint"
                plain(words(hint))
            return
        incident_rows(
            shown.rows,
            words=words,
            zone=self._board.container.settings.zone,
            tiers=self._board.container.library.tiers.tiers,
            columns=COLUMNS,
            acknowledge=self._acknowledge if shown.may_work else None,
        )
        self._pager()

    def _pager(self) -> None:
        words = self._visit.words
        if self._shown.total <= PAGE:
            return
        with ui.element("div").classes("line"):
            shown = words(
                "queue.page",
                first=self._offset + 1,
                last=self._offset + len(self._shown.rows),
                total=self._shown.total,
            )
            plain(shown, classes="soft")
            for name, by, possible in (
                ("earlier", -PAGE, self._offset > 0),
                ("later", PAGE, self._offset + PAGE < self._shown.total),
            ):
                label = words(f"queue.{name}")
                pressed = button(label, partial(self._turn, by), "act-small", key=name)
                if not possible:
                    pressed.props("disabled")

    async def _acknowledge(self, incident_id: str) -> None:
        async def deed(principal: Principal) -> None:
            await self._board.container.desk.act(principal, incident_id, IncidentAction.ACKNOWLEDGE)
            await self._reread(principal)

        if await attempt(self._visit, deed):
            praise(self._visit, self._visit.words("queue.acknowledged"))


def _chosen(request: Request, choices: Choices) -> dict[str, list[str]]:
    """Filters out of the address; values that mean nothing are left out."""
    known: dict[str, dict[str, Any]] = {
        "tier": choices.tiers,
        "state": choices.states,
        "monitor": choices.monitors,
        "scenario": choices.scenarios,
    }
    return {
        field: [value for value in request.query_params.getlist(field) if value in options]
        for field, options in known.items()
    }
