"""Every review, what falls due next first."""

from __future__ import annotations

from service.auth import Principal
from service.console.board import Board
from service.console.format import moment
from service.console.listing import AnyOf, Column, Listing, ListQuery, OneOf, Rows
from service.console.listing.position import cursor_of, position_of
from service.console.page import console_page, heading
from service.console.pages.aftermath import causes_of, departments_of, named
from service.console.pages.reviews import place
from service.console.session import Visit
from service.console.theme import plain
from service.reviews import Involved, Review, ReviewFilter, ReviewSort, ReviewState
from service.reviews.rows import position

Row = tuple[Review, tuple[Involved, ...]]


def register(board: Board) -> None:
    """The page `/reviews`."""
    container = board.container

    @console_page(board, place.PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words
        departments = await departments_of(container)
        monitors = await board.monitor_names()
        scenarios = board.scenario_names(words)

        async def load(principal: Principal, query: ListQuery) -> Rows[Row]:
            wanted = ReviewFilter(
                states=tuple(ReviewState(name) for name in query.many("state"))
                or (ReviewState.OPEN,),
                monitors=query.many("monitor"),
                causes=query.many("cause"),
                department_id=query.one("department"),
                overdue=True if query.one("overdue") else None,
            )
            found = await container.reviewing.desk.page(
                principal, wanted, after=position_of(query.cursor), limit=query.limit + 1
            )
            shown, following = found[: query.limit], None
            if len(found) > query.limit:
                following = cursor_of(position(shown[-1][0], ReviewSort.DUE))
            await board.names.learn(*(review.owner for review, _ in shown))
            return Rows(shown, following=following)

        def subject(row: Row) -> str:
            scenario = row[0].scenario or ""
            return scenarios.get(scenario, scenario) or words("reviews.unnamed")

        def due(row: Row) -> str | None:
            review = row[0]
            if review.state is not ReviewState.OPEN:
                return "–"
            if review.due_at <= visit.now():
                plain(f"▲ {words('reviews.overdue')}", "div", "late")
            moment(visit, review.due_at)
            return None

        def awaited(row: Row) -> str:
            names = [named(departments, item.department_id) for item in row[1] if item.is_awaited]
            return words("list.comma").join(names) or "–"

        heading(visit, words("reviews.title"), hint=words("reviews.hint"))
        states = {item.value: words.choice("reviews.states", item.value) for item in ReviewState}
        listing = Listing(
            visit,
            columns=(
                Column("scenario", words("reviews.scenario"), subject),
                Column(
                    "monitor",
                    words("reviews.monitor"),
                    lambda row: monitors.get(row[0].monitor_id, row[0].monitor_id),
                ),
                Column("due", words("reviews.due"), due),
                Column("state", words("reviews.state"), lambda row: states[row[0].state.value]),
                Column(
                    "owner",
                    words("reviews.owner"),
                    lambda row: board.names.of(row[0].owner) if row[0].owner else "–",
                ),
                Column("awaited", words("reviews.awaited"), awaited),
            ),
            load=load,
            key=lambda row: row[0].id,
            opens=lambda row: place.address(row[0].id),
            filters=(
                AnyOf("state", words("reviews.state"), states),
                AnyOf("monitor", words("reviews.monitor"), monitors),
                AnyOf("cause", words("reviews.cause_class"), causes_of(words)),
                OneOf(
                    "department",
                    words("reviews.department"),
                    {item.id: item.name for item in departments.values()},
                ),
                OneOf("overdue", words("reviews.overdue"), {"yes": words("reviews.overdue_only")}),
            ),
            empty=(words("reviews.empty"), words("reviews.empty_hint")),
        )
        await listing.draw()
