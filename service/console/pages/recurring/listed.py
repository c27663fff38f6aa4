"""Every recurring duty with what is due next, and of whom."""

from __future__ import annotations

from dataclasses import dataclass

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.format import moment
from service.console.listing import Column, Listing, ListQuery, Rows
from service.console.page import console_page, heading
from service.console.pages.oncall.overview import Names, read_names
from service.console.pages.recurring import place
from service.console.session import Visit
from service.console.theme import link, plain
from service.recurring import Recurring, Round, RoundState

_ROUNDS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """A duty with its newest rounds, the open one first."""

    duty: Recurring
    rounds: tuple[Round, ...]

    @property
    def next(self) -> Round | None:
        """The one that waits to be done."""
        return next((item for item in self.rounds if item.state is RoundState.OPEN), None)


def register(board: Board) -> None:
    """The page `/recurring`."""
    container = board.container

    @console_page(board, place.PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words
        names = await read_names(container)

        async def load(principal: Principal, query: ListQuery) -> Rows[Duty]:
            found = await container.recurring.page(after=query.cursor, limit=query.limit)
            duties = [
                Duty(
                    duty=item,
                    rounds=await container.recurring_desk.rounds(principal, item.id, limit=_ROUNDS),
                )
                for item in found.items
            ]
            far = visit.now().replace(year=9999)
            duties.sort(key=lambda item: far if item.next is None else item.next.due_at)
            return Rows(duties, following=found.next)

        with heading(visit, words("recurring.title"), hint=words("recurring.hint")):
            if visit.may(Action.EDIT, Resource.RECURRING):
                link(place.ADD, words("recurring.add"), "act act-main")
        listing = Listing(
            visit,
            columns=_columns(visit, names),
            load=load,
            key=lambda item: item.duty.id,
            opens=lambda item: place.address(item.duty.id),
            empty=(words("recurring.empty"), words("recurring.empty_hint")),
        )
        await listing.draw()


def _columns(visit: Visit, names: Names) -> tuple[Column[Duty], ...]:
    words = visit.words

    def due(item: Duty) -> str | None:
        if item.next is None:
            return "–"
        if item.next.due_at <= visit.now():
            plain(f"▲ {words('recurring.overdue')}", "div", "late")
        moment(visit, item.next.due_at)
        return None

    def missed(item: Duty) -> str:
        count = sum(one.state is RoundState.MISSED for one in item.rounds)
        return f"{count:,}" if count else "–"

    return (
        Column("name", words("recurring.name"), lambda item: item.duty.name),
        Column("due", words("recurring.next"), due),
        Column("owner", words("recurring.owner"), lambda item: names.of(item.duty.owner, words)),
        Column("rhythm", words("recurring.every"), lambda item: place.rhythm_of(words, item.duty)),
        Column("missed", words("recurring.missed", count=_ROUNDS), missed, number=True),
    )
