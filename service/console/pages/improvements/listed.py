"""Every improvement: what falls due next, what ranks highest, or what is newest first."""

from __future__ import annotations

from datetime import datetime

from service.auth import Principal
from service.console.board import Board
from service.console.format import measure, moment
from service.console.listing import AnyOf, Column, Listing, ListQuery, OneOf, OrderedBy, Rows
from service.console.listing.position import cursor_of, position_of
from service.console.page import console_page, heading
from service.console.pages.aftermath import (
    departments_of,
    named,
)
from service.console.pages.improvements import place
from service.console.people import accounts_of
from service.console.session import Visit
from service.console.theme import plain
from service.reviews import Improvement, ItemFilter, ItemKind, ItemSort, ItemState
from service.reviews.items import Position, position
from service.reviews.lifecycle import OPEN_ITEMS, UNDONE_ITEMS


def register(board: Board) -> None:
    """The page `/improvements`."""
    container = board.container

    @console_page(board, place.PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words
        departments = await departments_of(container)
        people = await accounts_of(container.users)

        async def load(principal: Principal, query: ListQuery) -> Rows[Improvement]:
            sort = ItemSort(query.one("order") or ItemSort.DUE)
            wanted = ItemFilter(
                states=tuple(ItemState(name) for name in query.many("state"))
                or tuple(state for state in ItemState if state in OPEN_ITEMS),
                kinds=tuple(ItemKind(name) for name in query.many("kind")),
                departments=query.many("department"),
                owners=query.many("owner"),
                overdue=True if query.one("overdue") else None,
            )
            found = await container.reviewing.improvements.page(
                principal,
                wanted,
                sort=sort,
                after=_after(query.cursor, sort),
                limit=query.limit + 1,
            )
            shown, following = found[: query.limit], None
            if len(found) > query.limit:
                following = _cursor(position(shown[-1], sort))
            await board.names.learn(*(item.owner for item in shown))
            return Rows(shown, following=following)

        def due(item: Improvement) -> None:
            if item.state in UNDONE_ITEMS and item.due_at <= visit.now():
                plain(f"▲ {words('improvements.overdue')}", "div", "late")
            moment(visit, item.due_at)

        heading(visit, words("improvements.title"), hint=words("improvements.hint"))
        states = {item.value: words.choice("improvements.states", item.value) for item in ItemState}
        kinds = {item.value: words.choice("improvements.kinds", item.value) for item in ItemKind}
        orders = {it.value: words.choice("improvements.orders", it.value) for it in ItemSort}
        listing = Listing(
            visit,
            columns=(
                Column("title", words("improvements.what"), lambda item: item.title),
                Column(
                    "state",
                    words("improvements.state"),
                    lambda item: place.state_of(words, item.state),
                ),
                Column("due", words("improvements.due"), due),
                Column(
                    "department",
                    words("improvements.department"),
                    lambda item: named(departments, item.department_id),
                ),
                Column(
                    "owner",
                    words("improvements.owner"),
                    lambda item: board.names.of(item.owner) if item.owner else "–",
                ),
                Column("kind", words("improvements.kind"), lambda item: kinds[item.kind.value]),
                Column(
                    "rank",
                    words("improvements.rank"),
                    lambda item: measure(item.rank),
                    number=True,
                ),
            ),
            load=load,
            key=lambda item: item.id,
            opens=lambda item: place.address(item.id),
            filters=(
                AnyOf("state", words("improvements.state"), states),
                AnyOf(
                    "department",
                    words("improvements.department"),
                    {item.id: item.name for item in departments.values()},
                ),
                AnyOf("owner", words("improvements.owner"), people),
                AnyOf("kind", words("improvements.kind"), kinds),
                OneOf(
                    "overdue",
                    words("improvements.overdue"),
                    {"yes": words("improvements.overdue_only")},
                ),
                OrderedBy("order", words("improvements.order"), orders),
            ),
            empty=(words("improvements.empty"), words("improvements.empty_hint")),
        )
        await listing.draw()


def _after(cursor: str | None, sort: ItemSort) -> Position | None:
    if sort is not ItemSort.RANK:
        return position_of(cursor)
    rank, _, item_id = (cursor or "").partition(" ")
    try:
        return (float(rank), item_id) if item_id else None
    except ValueError:
        return None


def _cursor(found: Position) -> str:
    value, item_id = found
    return cursor_of((value, item_id)) if isinstance(value, datetime) else f"{value} {item_id}"
