"""The list of sources."""

from __future__ import annotations

from crawlers import kinds
from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.format import moment
from service.console.listing import Column, Containing, Listing, ListQuery, OneOf, Rows
from service.console.page import console_page, heading
from service.console.pages.sources.place import NEW, PLACE, address_of
from service.console.session import BASE, Visit
from service.console.strip import health_of, health_word
from service.console.theme import link, plain
from service.coverage import Feed
from service.monitors import SourceConfig


def register_every(board: Board) -> None:
    """The page `/sources`."""
    container = board.container

    @console_page(board, PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words
        feeds = {feed.id: feed for feed in (await container.coverage.overview()).feeds}

        async def load(_principal: Principal, query: ListQuery) -> Rows[SourceConfig]:
            wanted, kind = query.text("q").casefold(), query.one("kind")
            found = [
                item
                for item in await container.sources.every()
                if wanted in f"{item.name}\n{item.id}".casefold() and kind in (None, "", item.kind)
            ]
            return Rows.cut(found, query)

        actions = heading(visit, words("sources.title"), hint=words("sources.hint"))
        with actions:
            link(f"{BASE}/coverage", words("sources.to_coverage"), "act")
            link(f"{BASE}/imports", words("imports.title"), "act")
            if visit.may(Action.EDIT, Resource.SOURCE):
                link(f"{BASE}{NEW}", words("sources.new"), "act act-main")
        names = {kind: words.choice("sources.kinds", kind) for kind in sorted(kinds())}
        listing = Listing(
            visit,
            columns=(
                Column("name", words("sources.name"), _draw_name),
                Column("kind", words("sources.kind"), lambda item: names.get(item.kind, item.kind)),
                Column(
                    "sight",
                    words("sources.sight"),
                    lambda item: _draw_sight(visit, feeds.get(item.id)),
                ),
                Column(
                    "last_post",
                    words("sources.last_post"),
                    lambda item: _draw_last(visit, feeds.get(item.id)),
                ),
                Column(
                    "interval",
                    words("sources.interval"),
                    lambda item: words("sources.seconds", seconds=f"{item.interval_s:,}"),
                ),
                Column(
                    "state",
                    words("sources.state"),
                    lambda item: words.choice("sources.states", "on" if item.enabled else "paused"),
                ),
            ),
            load=load,
            key=lambda item: item.id,
            opens=lambda item: address_of(item.id),
            filters=(
                Containing("q", words("sources.search")),
                OneOf("kind", words("sources.kind"), names),
            ),
            empty=(words("sources.empty"), words("sources.empty_hint")),
        )
        await listing.draw()


def _draw_name(item: SourceConfig) -> None:
    plain(item.name, classes="strong foreign")
    plain(item.id, "div", "soft small code")


def _draw_sight(visit: Visit, feed: Feed | None) -> None:
    if feed is None:
        plain(visit.words("sources.not_yet"), classes="soft")
        return
    health_word(visit.words, health_of(feed, {}))
    plain(visit.words.choice("coverage.sights", feed.condition.sight.value), "div", "small soft")


def _draw_last(visit: Visit, feed: Feed | None) -> None:
    if feed is None or feed.last_post_at is None:
        plain("–")
    else:
        moment(visit, feed.last_post_at)
