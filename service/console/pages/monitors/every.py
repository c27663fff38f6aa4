"""The list of monitors."""

from __future__ import annotations

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.i18n import Words
from service.console.listing import Column, Containing, Listing, ListQuery, OneOf, Rows
from service.console.page import console_page, heading
from service.console.pages.monitors.place import NEW, PLACE, address_of
from service.console.session import BASE, Visit
from service.console.theme import link, plain
from service.monitors import Monitor

STATES = ("on", "paused")


def register_every(board: Board) -> None:
    """The page `/monitors`."""
    monitors, brands = board.container.monitors, board.container.brands

    @console_page(board, PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words
        names = {brand.id: brand.name for brand in await brands.every()}

        async def load(_principal: Principal, query: ListQuery) -> Rows[Monitor]:
            wanted = query.text("q").casefold()
            state, brand = query.one("state"), query.one("brand")
            found = [
                item
                for item in await monitors.every()
                if wanted in f"{item.name}\n{item.id}\n{item.query}".casefold()
                and state in (None, "", STATES[not item.enabled])
                and brand in (None, "", item.brand_id)
            ]
            return Rows.cut(found, query)

        actions = heading(visit, words("monitors.title"), hint=words("monitors.hint"))
        if visit.may(Action.EDIT, Resource.MONITOR):
            with actions:
                link(f"{BASE}{NEW}", words("monitors.new"), "act act-main")
        listing = Listing(
            visit,
            columns=(
                Column("name", words("monitors.name"), _draw_name),
                Column(
                    "brand",
                    words("monitors.brand"),
                    lambda item: names.get(item.brand_id or "", "–"),
                ),
                Column("state", words("monitors.state"), lambda item: state_of(item, words)),
                Column("backfill", words("monitors.backfill"), lambda item: filled(item, words)),
            ),
            load=load,
            key=lambda item: item.id,
            opens=lambda item: address_of(item.id),
            filters=(
                Containing("q", words("monitors.search")),
                OneOf("brand", words("monitors.brand"), names),
                OneOf(
                    "state",
                    words("monitors.state"),
                    {name: words.choice("monitors.states", name) for name in STATES},
                ),
            ),
            empty=(words("monitors.empty"), words("monitors.empty_hint")),
        )
        await listing.draw()


def state_of(item: Monitor, words: Words) -> str:
    """Whether it is watched, in a word."""
    return words.choice("monitors.states", STATES[not item.enabled])


def filled(item: Monitor, words: Words) -> str:
    """How far the back-fill is, in a few words."""
    progress = item.backfill or {}
    if progress.get("state") != "running":
        return words("monitors.filled")
    if not item.enabled:
        return words("monitors.fill_waits")
    done, of = int(progress.get("done") or 0), progress.get("of")
    if of is None:
        return words("monitors.fill_begins")
    return words("monitors.filling", done=f"{done:,}", of=f"{int(of):,}")


def _draw_name(item: Monitor) -> None:
    plain(item.name, classes="strong foreign")
    plain(item.query if len(item.query) <= 160 else f"{item.query[:160]}…", "div", "soft small")
