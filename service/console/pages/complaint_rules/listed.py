"""Every complaint rule by id: the first that takes a post opens its ticket."""

from __future__ import annotations

from service.auth import Action, Principal, Resource
from service.complaints import ComplaintRule
from service.complaints.rule import SHIPPED
from service.console.board import Board
from service.console.listing import Column, Listing, ListQuery, Rows
from service.console.page import console_page, heading
from service.console.pages.complaint_rules import place
from service.console.pages.oncall.overview import read_names
from service.console.session import BASE, Visit
from service.console.theme import link, plain


def register(board: Board) -> None:
    """The page `/complaint-rules`."""
    rules = board.container.complaints.rules

    @console_page(board, place.PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words
        monitors = await board.monitor_names()
        names = await read_names(board.container)

        async def load(principal: Principal, query: ListQuery) -> Rows[ComplaintRule]:
            principal.require(Action.READ, Resource.COMPLAINT_RULE)
            found = await rules.page(after=query.cursor, limit=query.limit)
            return Rows(found.items, following=found.next)

        def name(item: ComplaintRule) -> None:
            plain(item.name, "div", "strong foreign")
            plain(item.id, "div", "soft small code")
            if item.id == SHIPPED and not item.version:
                plain(words("complaint_rules.ships"), classes="state")

        def state(item: ComplaintRule) -> str:
            key = "live" if item.enabled else "idle"
            sign = "●" if item.enabled else "○"
            return f"{sign} {words.choice('complaint_rules.states', key)}"

        def where(item: ComplaintRule) -> str:
            told = [monitors.get(monitor, monitor) for monitor in item.monitors]
            return words("list.comma").join(told) or words("complaint_rules.every_brand")

        def needs(item: ComplaintRule) -> str:
            told = words.choice("complaint_rules.evidence", item.needs.value)
            return f"{told} · {words('complaint_rules.sure', share=f'{item.confidence:.0%}')}"

        with heading(visit, words("complaint_rules.title"), hint=words("complaint_rules.hint")):
            if visit.may(Action.EDIT, Resource.COMPLAINT_RULE):
                link(f"{BASE}{place.NEW}", words("complaint_rules.new"), "act act-main")
            if visit.may(Action.READ, Resource.COMPLAINT):
                link(f"{BASE}/complaints", words("complaints.title"), "act")
        listing = Listing(
            visit,
            columns=(
                Column("name", words("complaint_rules.name"), name),
                Column("state", words("complaint_rules.state"), state),
                Column("monitors", words("complaint_rules.monitors"), where),
                Column("needs", words("complaint_rules.needs"), needs),
                Column(
                    "owner",
                    words("complaint_rules.owner"),
                    lambda item: names.of(item.owner, words),
                ),
                Column(
                    "per_hour",
                    words("complaint_rules.per_hour"),
                    lambda item: f"{item.per_hour:,}",
                    number=True,
                ),
            ),
            load=load,
            key=lambda item: item.id,
            opens=lambda item: place.address(item.id),
            empty=(words("complaint_rules.empty"), words("complaint_rules.empty_hint")),
        )
        await listing.draw()
