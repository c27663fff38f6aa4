"""Every briefing that the visitor may read, the newest first."""

from __future__ import annotations

from service.auth import Action, Principal, Resource
from service.briefings import Briefing, BriefingFilter, Kind, State
from service.console.board import Board
from service.console.format import moment
from service.console.listing import AnyOf, Column, Listing, ListQuery, OneOf, Rows
from service.console.listing.position import cursor_of, position_of
from service.console.page import console_page, heading
from service.console.pages.briefings import place
from service.console.session import BASE, Visit
from service.console.theme import link, plain


def register(board: Board) -> None:
    """The page `/briefings`."""
    container = board.container

    @console_page(board, place.PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words
        brands = {item.id: item.name for item in await container.brands.every()}
        monitors = await container.monitors.every()
        writes = visit.may(Action.EDIT, Resource.BRIEFING)

        async def load(principal: Principal, query: ListQuery) -> Rows[Briefing]:
            brand = query.one("brand")
            ours = tuple(item.id for item in monitors if item.brand_id == brand)
            if brand is not None and not ours:
                return Rows(())
            wanted = BriefingFilter(
                kinds=tuple(Kind(name) for name in query.many("kind")),
                states=tuple(State(name) for name in query.many("state")),
                monitors=() if brand is None else ours,
            )
            found, following = await container.briefings.desk.page(
                principal, wanted, after=position_of(query.cursor), limit=query.limit
            )
            await board.names.learn(*(_last_by(item) for item in found))
            cursor = None if following is None else cursor_of(following)
            return Rows(found, following=cursor)

        with heading(visit, words("briefings.title"), hint=words("briefings.hint")):
            link(f"{BASE}{place.SCHEDULES}", words("briefings.schedules"), "act")
            if writes:
                link(f"{BASE}{place.NEW}", words("briefings.prepare"), "act act-main")
        kinds = {kind.value: words.choice("briefings.kinds", kind.value) for kind in Kind}
        # Drafts and discarded ones are for those who write them.
        states = {
            state.value: words.choice("briefings.states", state.value)
            for state in State
            if writes or state in (State.APPROVED, State.DELIVERED)
        }
        listing = Listing(
            visit,
            columns=_columns(board, visit),
            load=load,
            key=lambda item: item.id,
            opens=lambda item: place.address(item.id),
            filters=(
                AnyOf("kind", words("briefings.kind"), kinds),
                AnyOf("state", words("briefings.state"), states),
                OneOf("brand", words("briefings.brand"), brands),
            ),
            empty=(words("briefings.empty"), words("briefings.empty_hint")),
        )
        await listing.draw()


def _columns(board: Board, visit: Visit) -> tuple[Column[Briefing], ...]:
    words = visit.words

    def state(item: Briefing) -> None:
        said = words.choice("briefings.states", item.state.value)
        plain(said, classes=f"state said-{item.state.value}")

    def last(item: Briefing) -> None:
        plain(words.choice("actor", board.names.of(_last_by(item))), "div", "foreign")

    return (
        Column(
            "title",
            words("briefings.name"),
            lambda item: place.title_of(board.container, item),
        ),
        Column(
            "kind",
            words("briefings.kind"),
            lambda item: words.choice("briefings.kinds", item.kind.value),
        ),
        Column("state", words("briefings.state"), state),
        Column(
            "prepared", words("briefings.prepared"), lambda item: moment(visit, item.created_at)
        ),
        Column("last", words("briefings.last_by"), last),
    )


def _last_by(item: Briefing) -> str:
    """Who did the latest thing with it."""
    return (
        item.discarded_by
        or item.delivered_by
        or item.approved_by
        or item.edited_by
        or item.prepared_by
    )
