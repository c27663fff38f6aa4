"""The ledger of promises: what falls due next comes first."""

from __future__ import annotations

from playbooks import Role as PlaybookRole
from playbooks.statements import PromiseKind
from service.auth import Principal
from service.console.board import Board
from service.console.listing import (
    AnyOf,
    Column,
    Containing,
    Listing,
    ListQuery,
    OneOf,
    Rows,
)
from service.console.listing.filters import Filter
from service.console.listing.position import cursor_of, position_of
from service.console.page import console_page, heading
from service.console.pages.promises import place
from service.console.session import BASE, Visit
from service.console.theme import link, plain
from service.statements import PromiseFilter, PromiseRow, PromiseSort, PromiseState
from service.statements.promise_rows import position

_LONGEST_ID = 40


def register(board: Board) -> None:
    """The page `/promises`."""
    ledger = board.container.statements.promises

    @console_page(board, place.PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words

        async def load(principal: Principal, query: ListQuery) -> Rows[PromiseRow]:
            found = await ledger.page(
                principal,
                _wanted(query, principal),
                sort=PromiseSort.DUE,
                after=position_of(query.cursor),
                limit=query.limit + 1,
            )
            items = found[: query.limit]
            await board.names.learn(*(item.owner for item in items))
            more = len(found) > query.limit
            return Rows(
                items, following=cursor_of(position(items[-1], PromiseSort.DUE)) if more else None
            )

        heading(visit, words("promises.title"), hint=words("promises.hint"))
        listing = Listing(
            visit,
            columns=_columns(board, visit),
            load=load,
            key=lambda item: item.id,
            opens=lambda item: place.address(item.id),
            filters=_filters(visit),
            empty=(words("promises.empty"), words("promises.empty_hint")),
        )
        await listing.draw()


def _wanted(query: ListQuery, principal: Principal) -> PromiseFilter:
    overdue, owner = query.one("overdue"), query.one("owner")
    incident = query.text("incident").replace("\x00", "")[:_LONGEST_ID]
    return PromiseFilter(
        incident_id=incident or None,
        states=tuple(PromiseState(name) for name in query.many("state")),
        kinds=tuple(PromiseKind(name) for name in query.many("kind")),
        owners=() if not owner else (principal.id if owner == "me" else owner,),
        overdue=None if not overdue else overdue == "yes",
    )


def _filters(visit: Visit) -> tuple[Filter, ...]:
    words = visit.words
    owners = {"me": words("promises.me")} | {
        role.value: words.choice("role", role.value) for role in PlaybookRole
    }
    return (
        AnyOf(
            "state",
            words("promises.state"),
            {item.value: words.choice("promise_state", item.value) for item in PromiseState},
        ),
        AnyOf(
            "kind",
            words("promises.kind"),
            {item.value: words.choice("promise_kind", item.value) for item in PromiseKind},
        ),
        OneOf(
            "overdue",
            words("promises.overdue"),
            {"yes": words("form.yes"), "no": words("form.no")},
        ),
        OneOf("owner", words("promises.owner"), owners),
        Containing("incident", words("promises.incident")),
    )


def _columns(board: Board, visit: Visit) -> tuple[Column[PromiseRow], ...]:
    words = visit.words

    def text(item: PromiseRow) -> None:
        plain(item.text, "div", "strong foreign")
        plain(words.choice("promise_kind", item.kind.value), "div", "soft small")

    def owner(item: PromiseRow) -> None:
        if item.owner is None:
            plain(words("promises.nobody"), classes="soon")
        else:
            plain(place.name_of(board, words, item.owner), classes="foreign")

    def source(item: PromiseRow) -> None:
        link(f"{BASE}/statements/{item.statement_id}", words("promises.statement"), "small")
        link(f"{BASE}/incidents/{item.incident_id}", words("promises.to_incident"), "small")

    return (
        Column("text", words("promises.text"), text),
        Column("state", words("promises.state"), lambda item: place.draw_state(visit, item)),
        Column("due", words("promises.due"), lambda item: place.draw_due(visit, item)),
        Column("owner", words("promises.owner"), owner),
        Column("source", words("promises.source"), source),
    )
