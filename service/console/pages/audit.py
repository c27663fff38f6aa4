"""The audit trail: who did what to which thing, whether the chain holds, and the rows as a file."""

from __future__ import annotations

import json
from datetime import date, datetime, time, timedelta
from functools import partial

from nicegui import ui

from service.audit import AuditFilter
from service.auth import Principal
from service.console.board import Board
from service.console.deeds import attempt, praise
from service.console.format import moment
from service.console.listing import Column, Containing, Listing, ListQuery, OnDay, Rows
from service.console.page import console_page, heading
from service.console.pages.audit_one import register_one
from service.console.pages.audit_place import (
    PLACE,
    actor_text,
    address_of,
    deed_text,
    subject_text,
    type_text,
)
from service.console.pages.audit_verifying import draw_verifying
from service.console.session import Visit
from service.console.theme import button, plain
from service.db.storable import storable
from service.incidents.audit_reading import TrailRow, read_trail

__all__ = ["PLACE", "register"]

MOST_EXPORTED = 10_000
"""Rows of one file: it is made in memory."""
_BATCH = 500
_LONGEST = 128
"""Characters of a name in the trail."""
_SHOWN = 90
_FIRST_YEAR, _LAST_YEAR = 1900, 9000


def register(board: Board) -> None:
    """The trail, and the page of each of its rows."""
    database = board.container.database
    register_one(board)

    @console_page(board, PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words

        async def load(principal: Principal, query: ListQuery) -> Rows[TrailRow]:
            where = await _where(board, visit, query)
            found = await read_trail(
                database, principal, where=where, after=_place(query.cursor), limit=query.limit
            )
            await board.names.learn(*(row.entry.actor for row in found.items))
            return Rows(found.items, following=found.next)

        listing = Listing(
            visit,
            columns=(
                Column("at", words("audit.at"), lambda row: _draw_at(visit, row)),
                Column(
                    "actor", words("audit.actor"), lambda row: actor_text(board, row.entry, words)
                ),
                Column("action", words("audit.action"), lambda row: _draw_deed(visit, row)),
                Column("subject", words("audit.subject"), lambda row: _draw_subject(visit, row)),
                Column("data", words("audit.data"), lambda row: _data(visit, row)),
                Column("sealed", words("audit.sealed"), lambda row: _sealed(visit, row)),
            ),
            load=load,
            key=lambda row: str(row.entry.id),
            opens=lambda row: address_of(row.entry.id),
            filters=(
                Containing("actor", words("audit.actor_filter")),
                Containing("action", words("audit.action_filter")),
                Containing("type", words("audit.type_filter")),
                Containing("id", words("audit.id_filter")),
                OnDay("since", words("audit.since")),
                OnDay("until", words("audit.until")),
            ),
            empty=(words("audit.empty"), ""),
        )
        actions = heading(visit, words("audit.title"), hint=words("audit.hint"))
        with actions:
            save = partial(_export, visit, board, listing)
            button(words("audit.export"), save, key="export")
        draw_verifying(visit, board)
        plain(words("audit.filter_hint"), "p", "soft small")
        await listing.draw()


async def _where(board: Board, visit: Visit, query: ListQuery) -> AuditFilter:
    """What a question asks for; a name of an account is looked up, for the trail keeps ids."""
    actor = _named(query, "actor")
    if actor is not None:
        user = await board.container.users.find(actor)
        actor = actor if user is None else user.id
    since, until = _day(query, "since"), _day(query, "until")
    return AuditFilter(
        actor=actor,
        action=_named(query, "action"),
        subject_type=_named(query, "type"),
        subject_id=_named(query, "id"),
        since=None if since is None else _midnight(visit, since),
        # A day is meant with all of its hours.
        until=None if until is None else _midnight(visit, until + timedelta(days=1)),
    )


def _named(query: ListQuery, name: str) -> str | None:
    """The text of a filter as the database takes it, None where it is not set."""
    return storable(query.text(name))[:_LONGEST] or None


def _day(query: ListQuery, name: str) -> date | None:
    """The day of a filter; one that no trail reaches is none, for it may have no instant."""
    day = query.day(name)
    return day if day is not None and _FIRST_YEAR <= day.year < _LAST_YEAR else None


def _midnight(visit: Visit, day: date) -> datetime:
    return datetime.combine(day, time(), visit.zone)


def _place(cursor: str | None) -> str | None:
    """Where a page begins; an address that somebody has spoilt begins at the newest."""
    fine = cursor is not None and cursor.isascii() and cursor.isdigit() and len(cursor) <= 18
    return cursor if fine else None


def _draw_at(visit: Visit, row: TrailRow) -> None:
    moment(visit, row.entry.at)


def _draw_deed(visit: Visit, row: TrailRow) -> None:
    plain(deed_text(row.entry, visit.words), "div", "foreign")
    plain(row.entry.action, "div", "soft small code foreign")


def _draw_subject(visit: Visit, row: TrailRow) -> None:
    plain(type_text(row.entry, visit.words), "div", "foreign")
    plain(subject_text(row.entry), "div", "soft small code foreign")


def _data(visit: Visit, row: TrailRow) -> str:
    """The beginning of what was written beside the deed."""
    if row.withheld:
        return visit.words("audit.withheld")
    if not row.entry.data:
        return "–"
    text = json.dumps(dict(row.entry.data), ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _sealed(visit: Visit, row: TrailRow) -> str:
    sequence = row.entry.sequence
    return f"◆ {visit.words('audit.not_yet')}" if sequence is None else f"✓ {sequence:,}"


async def _export(visit: Visit, board: Board, listing: Listing[TrailRow]) -> None:
    """All that the filters let through, newest first, a JSON object a line."""
    lines: list[str] = []
    cut: list[bool] = []

    async def deed(principal: Principal) -> None:
        where = await _where(board, visit, listing.query)
        after: str | None = None
        while len(lines) < MOST_EXPORTED:
            found = await read_trail(
                board.container.database, principal, where=where, after=after, limit=_BATCH
            )
            lines.extend(_line(row) for row in found.items)
            after = found.next
            if after is None:
                break
        cut.append(after is not None)

    if not await attempt(visit, deed):
        return
    words = visit.words
    with visit.client:
        ui.download("\n".join([*lines, ""]).encode("utf-8", "replace"), "audit.jsonl")
    key = "audit.exported_part" if cut[-1] else "audit.exported"
    praise(visit, words(key, count=f"{len(lines):,}"))


def _line(row: TrailRow) -> str:
    entry = row.entry
    said = {
        "id": entry.id,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "action": entry.action,
        "subject_type": entry.subject_type,
        "subject_id": entry.subject_id,
        "data": None if row.withheld else dict(entry.data),
        "withheld": row.withheld,
        "sequence": entry.sequence,
        "previous_hash": entry.previous_hash,
        "hash": entry.hash,
    }
    return json.dumps(said, ensure_ascii=False, default=str)
