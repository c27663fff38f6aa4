"""Back-tests of ninety days: what was tried, how far it is, what it would change."""

from __future__ import annotations

from service.auth import Action, Principal, Resource
from service.backtest import BacktestRun
from service.console.board import Board
from service.console.deeds import keep_fresh
from service.console.format import short_time
from service.console.listing import Column, Listing, ListQuery, Rows
from service.console.listing.position import cursor_of, position_of
from service.console.page import console_page, heading
from service.console.pages.backtests import place
from service.console.session import BASE, Visit
from service.console.theme import link

_LIVE_S = 2.0


def register(board: Board) -> None:
    """The page `/backtests`."""
    office = board.container.backtests

    @console_page(board, place.PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words

        async def load(_principal: Principal, query: ListQuery) -> Rows[BacktestRun]:
            found = await office.page(after=position_of(query.cursor), limit=query.limit)
            await board.names.learn(*(item.created_by for item in found.items))
            following = None
            if found.next is not None:
                last = found.items[-1]
                following = cursor_of((last.created_at, last.id))
            return Rows(found.items, following=following)

        with heading(visit, words("backtests.title"), hint=words("backtests.hint")):
            if visit.may(Action.RUN, Resource.RULE):
                link(place.ASK, words("backtests.ask.title"), "act act-main")
            link(f"{BASE}/rules", words("rules.title"), "act")
        listing = Listing(
            visit,
            columns=_columns(board, visit),
            load=load,
            key=lambda item: item.id,
            opens=lambda item: place.address(item.id),
            empty=(words("backtests.empty"), words("backtests.empty_hint")),
        )
        await listing.draw()

        async def look() -> None:
            if any(item.finished_at is None for item in listing.items):
                await listing.reload()

        keep_fresh(visit, _LIVE_S, look)


def _columns(board: Board, visit: Visit) -> tuple[Column[BacktestRun], ...]:
    words = visit.words

    def came(run: BacktestRun) -> str:
        if run.result is None:
            return run.reason or ("–" if run.finished_at else place.progress_of(words, run))
        found = run.result["incidents"]
        return words(
            "backtests.came",
            gained=len(found["gained"]),
            lost=len(found["lost"]),
            changed=len(found["changed"]),
            moved=len(found["moved"]),
        )

    def asked_by(run: BacktestRun) -> str:
        at = short_time(run.created_at, visit.zone)
        return f"{board.names.of(run.created_by)} · {at}"

    return (
        Column("tried", words("backtests.tried"), lambda item: place.tried_of(board, words, item)),
        Column("state", words("backtests.state"), lambda item: place.state_of(words, item.state)),
        Column("came", words("backtests.came_title"), came),
        Column("asked", words("backtests.asked"), asked_by),
    )
