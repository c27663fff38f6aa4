"""One API key: what it may, when it was used, replacing it, and ending it at once."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from nicegui import ui

from service.auth import Action, ApiKey, Principal, Resource
from service.console.board import Board
from service.console.dialogs import Question
from service.console.format import moment, short_time
from service.console.page import console_page, heading
from service.console.pages.api_keys_place import NEW, PLACE, address_of, find_key, status_of
from service.console.pages.catalogue_acts import settle
from service.console.pages.roles import roles_text
from service.console.session import BASE, Visit
from service.console.theme import button, link, plain


def register_one(board: Board) -> None:
    """The page `/keys/{key_id}`."""

    @console_page(board, PLACE, "/keys/{key_id}")
    async def one(visit: Visit, key_id: str) -> None:
        words = visit.words
        item = await find_key(board.container.keys, await visit.principal(), key_id)
        await board.names.learn(item.created_by)
        actions = heading(visit, item.name, hint=f"fsk_{item.prefix}_…")
        with actions:
            said, classes = status_of(visit, item)
            plain(said, classes=classes)
            if item.revoked_at is None:
                if visit.may(Action.EDIT, Resource.API_KEY):
                    replace = f"{BASE}{NEW}?instead_of={item.id}"
                    link(replace, words("api_keys.replace"), "act act-main")
                if visit.may(Action.DELETE, Resource.API_KEY):
                    end = partial(_revoke, visit, board, item)
                    button(words("api_keys.revoke"), end, "act-grave", key="revoke")
        _draw_facts(visit, board, item)


def _draw_facts(visit: Visit, board: Board, item: ApiKey) -> None:
    words = visit.words
    made_by = words.choice("actor", item.created_by)
    if made_by == item.created_by:
        made_by = board.names.of(item.created_by)
    with ui.element("section").classes("panel tight"):
        _fact(words("api_keys.roles"), roles_text(item.roles, words))
        _fact(words("api_keys.made_by"), made_by)
        _instant(visit, words("api_keys.made"), item.created_at, "–")
        _instant(visit, words("api_keys.ends"), item.expires_at, words("api_keys.no_end"))
        _instant(visit, words("api_keys.used"), item.last_used_at, words("api_keys.never"))
        if item.revoked_at is not None:
            _instant(visit, words("api_keys.revoked_at"), item.revoked_at, "–")
        plain(words("api_keys.used_hint"), "p", "soft small")
        if visit.may(Action.READ, Resource.AUDIT):
            about = f"{BASE}/audit?type=api_key&id={item.id}"
            link(about, words("api_keys.trail_about"), "small")
            link(f"{BASE}/audit?actor={item.id}", words("api_keys.trail_by"), "small")


def _fact(label: str, said: str) -> None:
    with ui.element("div").classes("line"):
        plain(label, classes="soft")
        plain(said, classes="foreign")


def _instant(visit: Visit, label: str, instant: datetime | None, otherwise: str) -> None:
    with ui.element("div").classes("line"):
        plain(label, classes="soft")
        if instant is None:
            plain(otherwise)
        else:
            moment(visit, instant)


async def _revoke(visit: Visit, board: Board, item: ApiKey) -> None:
    words = visit.words
    used = words("api_keys.never")
    if item.last_used_at is not None:
        used = short_time(item.last_used_at, visit.zone)
    question = Question(
        title=words("api_keys.revoke_title", name=item.name),
        hint=words("api_keys.revoke_ask", used=used),
        confirm=words("api_keys.revoke"),
        grave=True,
    )

    async def deed(principal: Principal) -> None:
        await board.container.keys.revoke(principal, item.id)

    said = words("api_keys.revoked_said")
    await settle(visit, deed, question=question, leads_to=address_of(item.id), said=said)
