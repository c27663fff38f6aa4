"""Is the trail as it was written? Asked by a button, answered with what no chain protects yet."""

from __future__ import annotations

from nicegui import ui

from service.audit import BadLink, Verification, verify
from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import attempt
from service.console.format import clock_time
from service.console.i18n import Words
from service.console.pages.audit_place import address_of
from service.console.session import Visit
from service.console.states import loading
from service.console.theme import button, link, plain, put, ticking

_FAULTS = {
    "does not continue the row before it": "unjoined",
    "was changed after it was sealed": "changed",
}
"""Reasons of `service.audit` that have words; a gap names its row, so it is told by the rest."""
_TAIL_SHOWN = 20


def draw_verifying(visit: Visit, board: Board) -> None:
    """The button, and under it what was found."""
    words = visit.words
    busy: list[bool] = []

    async def check() -> None:
        if busy:
            return
        busy.append(True)
        found: list[Verification] = []

        async def deed(principal: Principal) -> None:
            principal.require(Action.READ, Resource.AUDIT)
            found.append(await verify(board.container.database))

        area.clear()
        put(area, aria_busy="true")
        with area:
            with ui.element("div").classes("line"):
                plain(words("audit.verifying"))
                ticking("since", visit.now()).classes("soft")
            loading(words, 2)
        try:
            await attempt(visit, deed)
        finally:
            busy.clear()
            area.clear()
            put(area, aria_busy="false")
        with area:
            for result in found:
                _draw_result(visit, result)

    with ui.element("section").classes("panel stack"):
        with ui.element("div").classes("line"):
            button(words("audit.verify"), check, "act-main", key="verify")
            plain(words("audit.verify_hint"), classes="soft small")
        area = put(ui.element("div"), role="status", aria_live="polite").classes("stack")


def _draw_result(visit: Visit, result: Verification) -> None:
    words = visit.words
    at = clock_time(visit.now(), visit.zone)
    if result.first_bad is None:
        plain(f"✓ {words('audit.holds', count=f'{result.sealed:,}', at=at)}", "p", "strong")
    else:
        bad = result.first_bad
        said = words("audit.broken", sequence=f"{bad.sequence:,}", at=at)
        with put(ui.element("div"), role="alert").classes("problem"):
            plain(f"✗ {said}", "p", "strong")
            plain(_fault(bad, words), "p")
            link(address_of(bad.id), words("audit.open_row", id=bad.id))
    _draw_tail(visit, result.unsealed)
    plain(words("audit.head"), "p", "soft small")
    put(plain(result.head, "p", "code small foreign"), tabindex="0")


def _fault(bad: BadLink, words: Words) -> str:
    return words.choice("audit.faults", _FAULTS.get(bad.reason, "missing"))


def _draw_tail(visit: Visit, unsealed: tuple[int, ...]) -> None:
    words = visit.words
    if not unsealed:
        plain(words("audit.no_tail"), "p")
        return
    plain(f"◆ {words('audit.tail', count=f'{len(unsealed):,}')}", "p")
    with ui.element("div").classes("line"):
        for entry_id in unsealed[-_TAIL_SHOWN:]:
            link(address_of(entry_id), f"#{entry_id}", "small")
        if len(unsealed) > _TAIL_SHOWN:
            plain(words("audit.tail_more", count=len(unsealed) - _TAIL_SHOWN), classes="soft small")
