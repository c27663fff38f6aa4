"""The list of channels."""

from __future__ import annotations

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.i18n import Words
from service.console.listing import Column, Containing, Listing, ListQuery, OneOf, Rows
from service.console.page import console_page, heading
from service.console.pages.channels.place import NEW, PLACE, address_of
from service.console.session import BASE, Visit
from service.console.theme import link, plain
from service.monitors import ChannelConfig, ChannelKind


def register_every(board: Board) -> None:
    """The page `/channels`."""
    channels = board.container.channels

    @console_page(board, PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words

        async def load(_principal: Principal, query: ListQuery) -> Rows[ChannelConfig]:
            wanted, kind = query.text("q").casefold(), query.one("kind")
            found = [
                item
                for item in await channels.every()
                if wanted in f"{item.name}\n{item.id}".casefold()
                and kind in (None, "", item.kind.value)
            ]
            return Rows.cut(found, query)

        actions = heading(visit, words("channels.title"), hint=words("channels.hint"))
        if visit.may(Action.EDIT, Resource.CHANNEL):
            with actions:
                link(f"{BASE}{NEW}", words("channels.new"), "act act-main")
        tiers = {tier.id: words.of(tier.name) for tier in board.container.library.tiers.tiers}
        listing = Listing(
            visit,
            columns=(
                Column("name", words("channels.name"), _draw_name),
                Column("kind", words("channels.kind"), lambda item: kind_of(item, words)),
                Column("host", words("channels.host"), lambda item: item.url_host or "–"),
                Column("events", words("channels.events"), lambda item: taking(item, words)),
                Column(
                    "tier",
                    words("channels.minimum_tier"),
                    lambda item: tiers.get(item.minimum_tier or "", words("channels.any_tier")),
                ),
                Column("state", words("channels.state"), lambda item: state_of(item, words)),
            ),
            load=load,
            key=lambda item: item.id,
            opens=lambda item: address_of(item.id),
            filters=(
                Containing("q", words("channels.search")),
                OneOf(
                    "kind",
                    words("channels.kind"),
                    {
                        kind.value: words.choice("channels.kinds", kind.value)
                        for kind in ChannelKind
                    },
                ),
            ),
            empty=(words("channels.empty"), words("channels.empty_hint")),
        )
        await listing.draw()


def kind_of(item: ChannelConfig, words: Words) -> str:
    """What sort of receiver it is."""
    return words.choice("channels.kinds", item.kind.value)


def taking(item: ChannelConfig, words: Words) -> str:
    """How much it is told."""
    if not item.events:
        return words("channels.all_events")
    return words("channels.some_events", count=len(item.events))


def state_of(item: ChannelConfig, words: Words) -> str:
    """Whether it is on, and for what."""
    state = "on" if item.enabled else "off"
    said = words.choice("channels.states", state)
    return f"{said} · {words('channels.drill_only')}" if item.drill else said


def _draw_name(item: ChannelConfig) -> None:
    plain(item.name, classes="strong foreign")
    plain(item.id, "div", "soft small code")
