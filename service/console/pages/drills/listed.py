"""Every drill, newest first, with how much of it was in time."""

from __future__ import annotations

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.deeds import keep_fresh
from service.console.format import short_time
from service.console.listing import Column, Listing, ListQuery, Rows
from service.console.listing.position import cursor_of, position_of
from service.console.page import console_page, heading
from service.console.pages.drills import place
from service.console.session import Visit
from service.console.theme import link
from service.drill import GOING_ON, Drill

_LIVE_S = 5.0


def register(board: Board) -> None:
    """The page `/drills`."""
    office = board.container.drills

    @console_page(board, place.PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words
        monitors = await board.monitor_names()

        async def load(principal: Principal, query: ListQuery) -> Rows[Drill]:
            found = await office.page(principal, after=position_of(query.cursor), limit=query.limit)
            await board.names.learn(*(item.created_by for item in found.items))
            following = None
            if found.next is not None:
                last = found.items[-1]
                following = cursor_of((last.created_at, last.id))
            return Rows(found.items, following=following)

        with heading(visit, words("drills.title"), hint=words("drills.hint")):
            if visit.may(Action.RUN, Resource.DRILL):
                link(place.BEGIN, words("drills.begin.title"), "act act-main")
        listing = Listing(
            visit,
            columns=_columns(board, visit, monitors),
            load=load,
            key=lambda item: item.id,
            opens=lambda item: place.address(item.id),
            empty=(words("drills.empty"), words("drills.empty_hint")),
        )
        await listing.draw()

        async def look() -> None:
            if any(item.state in GOING_ON for item in listing.items):
                await listing.reload()

        keep_fresh(visit, _LIVE_S, look)


def _columns(board: Board, visit: Visit, monitors: dict[str, str]) -> tuple[Column[Drill], ...]:
    words = visit.words

    def kept(drill: Drill) -> str:
        if drill.sheet is None:
            return "–"
        totals = drill.sheet["totals"]
        told = place.share(totals["kept_share"])
        return words("drills.kept", share=told, in_time=totals["in_time"], due=totals["due"])

    def begun(drill: Drill) -> str:
        at = short_time(drill.created_at, visit.zone)
        return f"{board.names.of(drill.created_by)} · {at}"

    return (
        Column("begun", words("drills.begun"), begun),
        Column("state", words("drills.state"), lambda item: place.state_of(words, item.state)),
        Column("stream", words("drills.stream"), lambda item: place.stream_of(words, item)),
        Column(
            "monitor",
            words("drills.monitor"),
            lambda item: "–" if item.monitor is None else monitors.get(item.monitor, item.monitor),
        ),
        Column(
            "incidents",
            words("drills.incidents"),
            lambda item: f"{len(item.incidents):,}",
            number=True,
        ),
        Column("kept", words("drills.in_time"), kept),
    )
