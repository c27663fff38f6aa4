"""One hand-over: what was sent, how its ticket stands there, and the next try."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.dialogs import Question
from service.console.page import console_page, heading
from service.console.pages.catalogue_acts import settle
from service.console.pages.handovers import place, ticket
from service.console.panels import Cell, pairs
from service.console.session import BASE, Visit
from service.console.theme import button, link, plain
from service.trackers import Handover, State, SubjectKind


def register(board: Board) -> None:
    """The page `/handovers/{handover_id}`."""
    container = board.container

    @console_page(board, place.PLACE, place.ONE)
    async def one(visit: Visit, handover_id: str) -> None:
        words = visit.words
        principal = await visit.principal()
        item = await container.handing_over.desk.get(principal, handover_id)
        await board.names.learn(item.created_by)
        with heading(visit, place.title_of(item), hint=item.id):
            link(place.LIST, words("handovers.back"), "act")
            if item.trouble is not None and await _may_try(board, principal, item):
                again = partial(_again, board, visit, item)
                button(words("improvements.again"), again, "act-main", key="again")
        with ui.element("div").classes("columns"):
            with ui.element("section").classes("panel stack"):
                plain(words("handovers.sent"), "h2")
                _draw_sent(visit, item)
            with ui.element("section").classes("panel stack"):
                plain(words("handovers.standing"), "h2")
                with ui.element("div").classes("line"):
                    ticket.draw_state(visit, item)
                _draw_facts(board, visit, item)


async def _may_try(board: Board, principal: Principal, item: Handover) -> bool:
    """Whether the visitor leads, or owns the improvement."""
    if principal.may(Action.RUN, Resource.HANDOVER, monitor=item.monitor_id):
        return True
    may_read = principal.may(Action.READ, Resource.CAUSE_REVIEW, monitor=item.monitor_id)
    if item.subject_kind is not SubjectKind.IMPROVEMENT or not may_read:
        return False
    improvements = board.container.reviewing.improvements
    return (await improvements.get(principal, item.subject_id)).owner == principal.id


def _draw_sent(visit: Visit, item: Handover) -> None:
    """The words that the ticket was made of; nothing else left the house."""
    words, fields = visit.words, item.fields
    plain(fields.get("text") or "–", "p", "quote foreign")
    rows: list[tuple[str, Cell]] = [
        (words("handovers.what"), words.choice("handovers.kinds", item.subject_kind.value))
    ]
    rows += [
        (words(f"handovers.{name}"), fields[name])
        for name in ("department", "due")
        if fields.get(name)
    ]
    pairs(rows)
    plain(words("handovers.masked"), "p", "soft small")
    with ui.element("div").classes("line"):
        subject = place.subject_address(visit, item)
        if subject is not None:
            kind = item.subject_kind.value
            link(subject, words.choice("handovers.to_subject", kind), "small")
        if item.incident_id is not None:
            address = f"{BASE}/incidents/{item.incident_id}"
            link(address, words("handovers.to_incident"), "small")


def _draw_facts(board: Board, visit: Visit, item: Handover) -> None:
    words = visit.words
    rows: list[tuple[str, Cell]] = [
        (words("handovers.ticket"), partial(ticket.draw_ticket, item)),
        *ticket.facts_of(visit, item),
    ]
    rows.append((words("handovers.by"), board.names.of(item.created_by)))
    rows.append((words("handovers.revision"), f"{item.revision:,}"))
    pairs(rows)


async def _again(board: Board, visit: Visit, item: Handover) -> None:
    """Send it once more; what was deleted there is made anew, which is asked about."""
    words = visit.words

    async def again(principal: Principal) -> None:
        await board.container.handing_over.desk.again(principal, item.id)

    question = None
    if item.state is State.DELETED:
        question = Question(
            title=words("handovers.anew_title"),
            hint=words("handovers.anew_hint", tracker=item.tracker),
            confirm=words("improvements.again"),
        )
    said = words("improvements.tried_again")
    await settle(visit, again, leads_to=place.address(item.id), said=said, question=question)
