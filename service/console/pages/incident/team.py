"""The emergency team: which seats there are, who has taken them, and taking one."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from service.auth import Action as Permission
from service.auth import Principal
from service.console.dialogs import Question
from service.console.format import short_time
from service.console.pages.incident.sheet import IncidentSheet
from service.console.theme import button, plain
from service.oncall.seat_rows import Seat, SeatState

_MARKS = {SeatState.ASKED: "○", SeatState.ACCEPTED: "✓", SeatState.DECLINED: "×"}


def draw_team(page: IncidentSheet) -> None:
    """Every seat of the team; nothing where none is asked for."""
    words, seats = page.words, page.dossier.seats
    if not seats:
        return
    taken = sum(seat.state is SeatState.ACCEPTED for seat in seats)
    with ui.element("section").classes("panel stack"):
        with ui.element("div").classes("line"):
            plain(words("team.title"), "h2")
            plain(words("team.taken", taken=taken, all=len(seats)), classes="soft")
        with ui.element("ul").classes("plain-list"):
            for seat in seats:
                _draw_seat(page, seat)


def _draw_seat(page: IncidentSheet, seat: Seat) -> None:
    words = page.words
    with ui.element("li").classes("line"):
        plain(_MARKS[seat.state]).props('aria-hidden="true"')
        plain(words.choice("role", seat.role), classes="strong")
        plain(words.choice("seat_state", seat.state.value), classes="soft")
        if seat.holder is not None:
            plain(page.name_of(seat.holder), classes="foreign")
        plain(short_time(seat.answered_at or seat.asked_at, page.zone), classes="soft small")
        if seat.note:
            plain(seat.note, classes="small foreign")
        if seat.state is SeatState.ACCEPTED or not (page.is_open and page.may(Permission.WORK)):
            return
        accept = partial(_answer, page, seat, True)
        button(words("team.accept"), accept, "act-small", key=f"seat-{seat.role}")
        if seat.state is SeatState.ASKED:
            decline = partial(_answer, page, seat, False)
            look = "act-small act-quiet"
            button(words("team.decline"), decline, look, key=f"no-seat-{seat.role}")


async def _answer(page: IncidentSheet, seat: Seat, accept: bool) -> None:
    words, note = page.words, None
    if not accept:
        # The deputy is paged at once, which nothing calls back.
        reply = await page.ask(
            Question(
                title=words("team.decline"),
                hint=words("team.decline_hint"),
                confirm=words("team.decline"),
                reason=words("dialog.note"),
            )
        )
        if reply is None:
            return
        note = reply.reason or None

    async def deed(principal: Principal) -> None:
        desk = page.board.container.team
        answer = desk.accept if accept else desk.decline
        await answer(principal, page.incident_id, seat.role, note=note)

    await page.act(deed, done=words("incident.done"))
