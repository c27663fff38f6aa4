"""A ticket in a tracker as it is told: where it is, how it stands there, what was last heard."""

from __future__ import annotations

from functools import partial

from service.console.format import moment
from service.console.i18n import Words
from service.console.pages.incident import safe_address
from service.console.panels import Cell
from service.console.session import Visit
from service.console.theme import link, plain
from service.trackers import Handover, Standing, State

_SIGNS = {
    State.SENDING: "…",
    State.OPEN: "○",
    State.CLOSED: "●",
    State.FAILED: "✗",
    State.DELETED: "–",
}


def standing_of(words: Words, standing: Standing | None) -> str:
    """How the ticket stands, in the words of improvements; a dash while nobody knows."""
    return "–" if standing is None else words.choice("improvements.standings", standing.value)


def draw_state(visit: Visit, item: Handover) -> None:
    """How it stands, and what is wrong with it."""
    words = visit.words
    said = words.choice("improvements.ticket_states", item.state.value)
    plain(f"{_SIGNS[item.state]} {said}", classes="state")
    if item.trouble is not None:
        trouble = words.choice("improvements.troubles", item.trouble.value)
        plain(f"▲ {trouble}", "div", "late small")


def draw_ticket(item: Handover) -> None:
    """The tracker and the ticket's key there, which leads to it where it has a safe address."""
    plain(item.tracker, "div", "foreign")
    safe = safe_address(item.url)
    if safe is not None:
        ticket = link(safe, item.key or safe, "small foreign")
        ticket.props('target="_blank" rel="noopener noreferrer"')
    elif item.key:
        plain(item.key, "div", "small code foreign")


def facts_of(visit: Visit, item: Handover) -> list[tuple[str, Cell]]:
    """What there is to know of a ticket, in rows: there, what was wanted, answers and instants."""
    words = visit.words
    rows: list[tuple[str, Cell]] = [
        (words("improvements.there"), standing_of(words, item.standing)),
        (words("improvements.word"), item.word or "–"),
        (words("improvements.wanted"), standing_of(words, item.wanted)),
        (words("improvements.answer"), item.last_answer or "–"),
    ]
    for label, instant in (
        (words("handovers.answered"), item.answered_at),
        (words("improvements.heard"), item.heard_at),
        (words("improvements.handed"), item.created_at),
    ):
        if instant is not None:
            rows.append((label, partial(moment, visit, instant)))
    return rows
