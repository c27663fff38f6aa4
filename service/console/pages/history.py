"""What is over: ended incidents, newest first, a page at a time."""

from __future__ import annotations

from dataclasses import replace

from service.auth import Action, Principal, Resource
from service.console.board import ENDED, Board
from service.console.listing import AnyOf, Containing, Listing, ListQuery, Rows
from service.console.listing.position import cursor_of, position_of
from service.console.page import console_page, heading
from service.console.pages.rows import ENDED_COLUMNS, incident_columns
from service.console.places import Place, Section
from service.console.queue_rows import QueueRow
from service.console.session import Visit
from service.incidents.filters import IncidentFilter
from service.incidents.lifecycle import State

PLACE = Place(
    name="history",
    path="/history",
    section=Section.AFTERMATH,
    may=(Action.READ, Resource.INCIDENT),
)


def register(board: Board) -> None:
    """The page `/history`."""

    @console_page(board, PLACE)
    async def history_page(visit: Visit) -> None:
        words = visit.words
        choices = await board.choices(words)

        async def load(principal: Principal, query: ListQuery) -> Rows[QueueRow]:
            wanted = IncidentFilter(
                states=tuple(State(name) for name in query.many("state")) or ENDED,
                tiers=query.many("tier"),
                monitors=query.many("monitor"),
            )
            sought = await board.sought(query.text("q"), words)
            rows, following = await board.ended_rows(
                principal,
                words,
                before=position_of(query.cursor),
                wanted=replace(wanted, sought=sought),
            )
            cursor = None if following is None else cursor_of(following)
            return Rows(rows, following=cursor)

        heading(visit, words("history.title"), hint=words("history.hint"))
        ended = {state.value: words.choice("state", state.value) for state in ENDED}
        listing = Listing(
            visit,
            columns=incident_columns(
                visit, ENDED_COLUMNS, tiers=board.container.library.tiers.tiers
            ),
            load=load,
            key=lambda row: row.id,
            filters=(
                Containing("q", words("queue.search")),
                AnyOf("tier", words.choice("filter", "tier"), choices.tiers),
                AnyOf("state", words.choice("filter", "ended"), ended),
                AnyOf("monitor", words.choice("filter", "monitor"), choices.monitors),
            ),
            empty=(words("history.empty"), words("history.empty_hint")),
        )
        await listing.draw()
