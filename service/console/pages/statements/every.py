"""Statements of every incident: what waits for approval, and what was said."""

from __future__ import annotations

from nicegui import ui

from playbooks.schema import StatementKind
from service.auth import Principal
from service.console.board import Board
from service.console.format import moment
from service.console.listing import AnyOf, Column, Listing, ListQuery, Rows
from service.console.listing.position import cursor_of, position_of
from service.console.page import console_page, heading
from service.console.pages.statements.place import PLACE
from service.console.session import BASE, Visit
from service.console.theme import link, plain
from service.statements import State, Statement, StatementFilter, StatementSort


def register(board: Board) -> None:
    """The page `/statements`."""
    reading = board.container.statements.reading

    @console_page(board, PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words

        async def load(principal: Principal, query: ListQuery) -> Rows[Statement]:
            wanted = StatementFilter(
                states=tuple(State(name) for name in query.many("state")),
                kinds=tuple(StatementKind(name) for name in query.many("kind")),
            )
            found = await reading.page(
                principal,
                wanted,
                sort=StatementSort.CHANGED,
                after=position_of(query.cursor),
                limit=query.limit + 1,
            )
            items = found[: query.limit]
            return Rows(
                items,
                following=cursor_of((items[-1].updated_at, items[-1].id))
                if len(found) > query.limit
                else None,
            )

        heading(visit, words("statements.title"), hint=words("statements.hint"))
        states = {state.value: words.choice("statement_state", state.value) for state in State}
        kinds = {kind.value: words.choice("statement_kind", kind.value) for kind in StatementKind}
        listing = Listing(
            visit,
            columns=(
                Column("title", words("statements.column.title"), lambda item: item.title),
                Column(
                    "state",
                    words("statements.column.state"),
                    lambda item: _draw_state(visit, item),
                ),
                Column(
                    "lint", words("statements.column.lint"), lambda item: _draw_lint(visit, item)
                ),
                Column("kind", words("statements.column.kind"), lambda item: kinds[item.kind]),
                Column("incident", words("statements.column.incident"), _draw_incident),
                Column(
                    "changed",
                    words("statements.column.changed"),
                    lambda item: moment(visit, item.updated_at),
                ),
            ),
            load=load,
            key=lambda item: item.id,
            opens=lambda item: f"{BASE}/statements/{item.id}",
            filters=(
                AnyOf("state", words("statements.column.state"), states),
                AnyOf("kind", words("statements.column.kind"), kinds),
            ),
            empty=(words("statements.none"), words("statements.none_hint")),
        )
        await listing.draw()


def _draw_state(visit: Visit, item: Statement) -> None:
    state = visit.words.choice("statement_state", item.state.value)
    plain(state, classes=f"state said-{item.state.value}")


def _draw_lint(visit: Visit, item: Statement) -> None:
    words = visit.words
    if item.blocking:
        plain(words("statements.blocking", count=item.blocking), classes="late")
    else:
        plain(words("statements.clean"), classes="soft")


def _draw_incident(item: Statement) -> ui.element:
    return link(f"{BASE}/incidents/{item.incident_id}", item.incident_id, "code")
