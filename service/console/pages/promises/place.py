"""Where the pages of promises are, and what they share."""

from __future__ import annotations

from datetime import datetime

from service.auth import Action, Resource
from service.console.board import Board
from service.console.format import moment, short_time
from service.console.i18n import Words
from service.console.places import Place, Section
from service.console.session import BASE, Visit
from service.console.theme import plain, ticking
from service.statements import PromiseRow, PromiseState

LIST = f"{BASE}/promises"
ONE = "/promises/{promise_id}"

PLACE = Place(
    name="promises",
    path="/promises",
    section=Section.AFTERMATH,
    may=(Action.READ, Resource.STATEMENT),
    deeper=(ONE,),
)
_SIGNS = {
    PromiseState.PROPOSED: "○",
    PromiseState.OPEN: "…",
    PromiseState.KEPT: "✓",
    PromiseState.DROPPED: "–",
}


def address(promise_id: str) -> str:
    """The page of a promise; ids are letters, digits and underscores."""
    return f"{LIST}/{promise_id}"


def name_of(board: Board, words: Words, actor: str) -> str:
    """A person by name, a role of the playbook in the visitor's language."""
    return words.choice("role", words.choice("actor", board.names.of(actor)))


def is_overdue(row: PromiseRow, now: datetime) -> bool:
    """Whether it is out, its date has passed, and nobody has shown that it was kept."""
    return row.state is PromiseState.OPEN and row.due_at is not None and row.due_at <= now


def draw_state(visit: Visit, row: PromiseRow) -> None:
    """How it stands, with a sign beside the word."""
    words = visit.words
    if is_overdue(row, visit.now()):
        plain(f"▲ {words('promises.overdue')}", classes="state late")
    else:
        told = words.choice("promise_state", row.state.value)
        plain(f"{_SIGNS[row.state]} {told}", classes="state")


def draw_due(visit: Visit, row: PromiseRow) -> None:
    """Until when; of an open one the time that is left."""
    if row.due_at is None:
        plain(visit.words("promises.no_date"), classes="soon")
    elif row.state is PromiseState.OPEN:
        ticking("until", row.due_at).classes("count")
        plain(short_time(row.due_at, visit.zone), "div", "soft small nowrap")
    else:
        moment(visit, row.due_at)
