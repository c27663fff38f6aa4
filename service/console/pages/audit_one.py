"""One row of the audit trail, whole, with its place in the chain."""

from __future__ import annotations

import json
from urllib.parse import urlencode

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.format import full_time
from service.console.page import console_page, heading
from service.console.pages.audit_place import (
    PLACE,
    actor_text,
    deed_text,
    subject_text,
    type_text,
)
from service.console.session import BASE, Visit
from service.console.theme import link, plain, put
from service.errors import NotFound
from service.incidents.audit_reading import TrailRow, read_trail

_DIGITS = 18
"""More than any row's number has, and no more than every database reads."""
_PAGES = {
    "incident": ("/incidents/", Action.READ, Resource.INCIDENT),
    "user": ("/users/", Action.READ, Resource.USER),
    "api_key": ("/keys/", Action.READ, Resource.API_KEY),
    "brand": ("/brands/", Action.READ, Resource.BRAND),
    "monitor": ("/monitors/", Action.READ, Resource.MONITOR),
    "channel": ("/channels/", Action.READ, Resource.CHANNEL),
}
"""Things that have a page under their id."""


def register_one(board: Board) -> None:
    """The page `/audit/{entry_id}`."""

    @console_page(board, PLACE, "/audit/{entry_id}")
    async def one(visit: Visit, entry_id: str) -> None:
        words = visit.words
        row = await _read(board, await visit.principal(), entry_id)
        entry = row.entry
        await board.names.learn(entry.actor)
        title = f"{type_text(entry, words)} · {deed_text(entry, words)}"
        heading(visit, title, hint=words("audit.number", id=entry.id))
        with ui.element("div").classes("columns"):
            with ui.element("section").classes("panel stack column"):
                plain(words("audit.data"), "h2")
                if row.withheld:
                    plain(words("audit.withheld_hint"), "p")
                elif not entry.data:
                    plain(words("audit.no_data"), "p", "soft")
                else:
                    text = json.dumps(dict(entry.data), ensure_ascii=False, indent=2, default=str)
                    plain(text, "p", "code foreign")
            with ui.element("div").classes("stack column"):
                _draw_who(visit, board, row)
                _draw_chain(visit, row)


async def _read(board: Board, principal: Principal, entry_id: str) -> TrailRow:
    if entry_id.isascii() and entry_id.isdigit() and len(entry_id) <= _DIGITS:
        found = await read_trail(
            board.container.database, principal, after=str(int(entry_id) + 1), limit=1
        )
        for row in found.items:
            if row.entry.id == int(entry_id):
                return row
    raise NotFound(f"the audit trail has no row {entry_id}")


def _draw_who(visit: Visit, board: Board, row: TrailRow) -> None:
    words, entry = visit.words, row.entry
    with ui.element("section").classes("panel tight"):
        plain(words("audit.what"), "h2")
        plain(full_time(entry.at, visit.zone), "p")
        _fact(words("audit.actor"), actor_text(board, entry, words))
        _fact(words("audit.action"), entry.action, "code")
        _fact(words("audit.subject"), f"{entry.subject_type} {subject_text(entry)}", "code")
        with ui.element("div").classes("line"):
            page = _PAGES.get(entry.subject_type)
            if page is not None and visit.may(page[1], page[2]) and _simple(entry.subject_id):
                link(f"{BASE}{page[0]}{entry.subject_id}", words("audit.open"), "small")
            for label, asked in (
                (words("audit.same_actor"), {"actor": entry.actor}),
                (words("audit.same_action"), {"action": entry.action}),
                (
                    words("audit.same_subject"),
                    {"type": entry.subject_type, "id": entry.subject_id},
                ),
            ):
                question = urlencode(asked, errors="replace")
                link(f"{BASE}/audit?{question}", label, "small")


def _simple(subject_id: str) -> bool:
    """Whether an id can stand in an address as it is."""
    return subject_id.isascii() and subject_id.replace("_", "").replace("-", "").isalnum()


def _draw_chain(visit: Visit, row: TrailRow) -> None:
    words, entry = visit.words, row.entry
    with ui.element("section").classes("panel tight"):
        plain(words("audit.chain"), "h2")
        if entry.sequence is None:
            plain(f"◆ {words('audit.not_yet')}", "p")
            plain(words("audit.not_yet_hint"), "p", "soft small")
            return
        plain(words("audit.sequence", sequence=f"{entry.sequence:,}"), "p")
        _fact(words("audit.hash"), entry.hash or "–", "code small")
        _fact(words("audit.previous_hash"), entry.previous_hash or "–", "code small")


def _fact(label: str, said: str, classes: str = "") -> None:
    with ui.element("div"):
        plain(label, "div", "soft small")
        put(plain(said, "div", f"foreign {classes}"), tabindex="0")
