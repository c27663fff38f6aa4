"""Every hand-over, the newest first, and the trackers that this installation knows."""

from __future__ import annotations

from collections.abc import Sequence

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.format import moment
from service.console.listing import AnyOf, Column, Containing, Listing, ListQuery, OneOf, Rows
from service.console.listing.position import cursor_of, position_of
from service.console.page import console_page, heading
from service.console.pages.handovers import place, ticket
from service.console.panels import small_table
from service.console.session import BASE, Visit
from service.console.theme import link, plain
from service.trackers import Handover, HandoverFilter, State, Tracker

_LONGEST_ID = 40


def register(board: Board) -> None:
    """The page `/handovers`."""
    desk = board.container.handing_over.desk

    @console_page(board, place.PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words
        trackers = desk.trackers(await visit.principal())

        async def load(principal: Principal, query: ListQuery) -> Rows[Handover]:
            found = await desk.page(
                principal, _wanted(query), after=position_of(query.cursor), limit=query.limit
            )
            items = found[: query.limit]
            await board.names.learn(*(item.created_by for item in items))
            following = None
            if len(found) > query.limit:
                following = cursor_of((items[-1].created_at, items[-1].id))
            return Rows(items, following=following)

        with heading(visit, words("handovers.title"), hint=words("handovers.hint")):
            if visit.may(Action.RUN, Resource.HANDOVER) and any(item.token for item in trackers):
                link(f"{BASE}{place.NEEDS}", words("handovers.needs"), "act")
        listing = Listing(
            visit,
            columns=_columns(board, visit),
            load=load,
            key=lambda item: item.id,
            opens=lambda item: place.address(item.id),
            filters=(
                OneOf(
                    "troubled",
                    words("handovers.troubled"),
                    {"yes": words("handovers.troubled_only")},
                ),
                AnyOf(
                    "state",
                    words("handovers.state"),
                    {
                        item.value: words.choice("improvements.ticket_states", item.value)
                        for item in State
                    },
                ),
                AnyOf("tracker", words("handovers.tracker"), {one.id: one.id for one in trackers}),
                Containing("incident", words("handovers.incident")),
            ),
            empty=(words("handovers.empty"), words("handovers.empty_hint")),
        )
        await listing.draw()
        _draw_trackers(visit, trackers)


def _wanted(query: ListQuery) -> HandoverFilter:
    incident = query.text("incident").replace("\x00", "")[:_LONGEST_ID]
    return HandoverFilter(
        states=tuple(State(name) for name in query.many("state")),
        trackers=query.many("tracker"),
        incident_id=incident or None,
        troubled=True if query.one("troubled") else None,
    )


def _columns(board: Board, visit: Visit) -> tuple[Column[Handover], ...]:
    words = visit.words

    def title(item: Handover) -> None:
        plain(place.title_of(item), "div", "foreign")
        plain(words.choice("handovers.kinds", item.subject_kind.value), "div", "soft small")

    def standing(item: Handover) -> None:
        plain(ticket.standing_of(words, item.standing), "div")
        if item.word:
            plain(item.word, "div", "soft small foreign")

    def handed(item: Handover) -> None:
        plain(board.names.of(item.created_by), "div", "foreign")
        moment(visit, item.created_at)

    def incident(item: Handover) -> str | None:
        if item.incident_id is None:
            return "–"
        link(f"{BASE}/incidents/{item.incident_id}", words("handovers.to_incident"), "small")
        return None

    return (
        Column("title", words("handovers.what"), title),
        Column("state", words("handovers.state"), lambda item: ticket.draw_state(visit, item)),
        Column("tracker", words("handovers.ticket"), ticket.draw_ticket),
        Column("standing", words("improvements.there"), standing),
        Column("handed", words("handovers.handed"), handed),
        Column("incident", words("handovers.incident"), incident),
    )


def _draw_trackers(visit: Visit, trackers: Sequence[Tracker]) -> None:
    """Where tickets can go, and how word of them comes back."""
    words = visit.words
    with ui.element("section").classes("panel stack"):
        plain(words("handovers.trackers"), "h2")
        if not trackers:
            plain(words("handovers.no_trackers"), "p", "soft")
            return
        heads = ("tracker", "address", "ready", "returns")
        small_table(
            [words(f"handovers.{name}") for name in heads],
            [
                (item.id, item.form.address, _ready(visit, item), _back(visit, item))
                for item in trackers
            ],
            caption=words("handovers.trackers"),
        )


def _ready(visit: Visit, item: Tracker) -> str:
    words = visit.words
    if item.token is None:
        return f"✗ {words('handovers.no_token', name=item.form.token_env)}"
    return f"✓ {words('handovers.has_token')}"


def _back(visit: Visit, item: Tracker) -> str:
    words, ways = visit.words, []
    if item.proving is not None:
        ways.append(words("handovers.by_webhook", path=f"/hooks/trackers/{item.id}"))
    if item.form.poll_minutes:
        ways.append(words("handovers.by_asking", minutes=item.form.poll_minutes))
    return words("list.comma").join(ways) or "–"
