"""Coverage: which sources are blind, late or fine; of one since when, why, and what to do."""

from __future__ import annotations

from functools import partial
from urllib.parse import quote

from nicegui import ui

from service.auth import Action, Resource
from service.console.board import Board
from service.console.page import console_page, heading
from service.console.pages.coverage_feed import (
    arrivals,
    blind,
    blind_with,
    gaps,
    incident_of,
    instant_or_never,
    stages,
    standing,
)
from service.console.places import Place, Section
from service.console.session import BASE, Visit
from service.console.states import empty, later
from service.console.strip import (
    SeenFeed,
    Sources,
    feed_address,
    health_of,
    health_word,
    lag_said,
    read_sources,
    strip,
)
from service.console.theme import link, plain, put
from service.coverage.objectives import FEWEST, Objective

PLACE = Place(
    name="coverage",
    path="/coverage",
    section=Section.INSIGHT,
    may=(Action.READ, Resource.SOURCE),
    deeper=("/coverage/{feed_id:path}",),
)


def register(board: Board) -> None:
    """The pages `/coverage` and `/coverage/{feed_id}`."""
    container = board.container

    @console_page(board, PLACE)
    async def every(visit: Visit) -> None:
        words = visit.words
        with heading(visit, words("coverage.title"), hint=words("coverage.hint")):
            link(f"{BASE}/sources", words("coverage.to_sources"), "act")
        later(visit, partial(read_sources, container), partial(_draw_every, visit))

    @console_page(board, PLACE, "/coverage/{feed_id:path}")
    async def one(visit: Visit, feed_id: str) -> None:
        words = visit.words
        history = await container.coverage.history(feed_id)
        lag = await container.coverage.lag()
        seen = SeenFeed(
            feed=history.feed,
            health=health_of(history.feed, lag.by_feed.get(feed_id, {})),
            stages=lag.by_feed.get(feed_id, {}),
        )
        incident = await incident_of(visit, seen)
        with heading(visit, seen.feed.name, hint=await _called(board, seen)):
            if not seen.feed.pushed:
                address = f"{BASE}/sources/{quote(feed_id, safe='')}"
                link(address, words("coverage.to_source"), "act")
            link(f"{BASE}/coverage", words("coverage.all"), "act")
        standing(visit, seen, incident)
        later(visit, partial(blind_with, visit, seen.feed), partial(blind, visit, seen))
        with ui.element("div").classes("columns"):
            with ui.element("div").classes("stack"):
                arrivals(visit, history)
            with ui.element("div").classes("stack"):
                stages(visit, seen, history)
                gaps(visit, history.gaps)


async def _called(board: Board, seen: SeenFeed) -> str:
    """What people call the source; a platform that is pushed to us has its own name already."""
    if seen.feed.pushed:
        return ""
    sources = await board.container.sources.every()
    return next((item.name for item in sources if item.id == seen.feed.id), "")


def _draw_every(visit: Visit, sources: Sources) -> None:
    words = visit.words
    if not sources.feeds:
        empty(words("coverage.none"), words("coverage.none_hint"))
        return
    with ui.element("section").classes("panel stack"):
        plain(sources.tally(words), "h2")
        strip(visit, sources)
    _promises(visit, sources)
    with ui.element("table").classes("rows"):
        with ui.element("thead"), ui.element("tr"):
            for name in ("state", "source", "why", "last_post", "stage"):
                plain(words(f"coverage.{name}"), "th")
        with ui.element("tbody"):
            for item in sources.feeds:
                _row(visit, item)


def _row(visit: Visit, item: SeenFeed) -> None:
    words, feed = visit.words, item.feed
    with ui.element("tr"):
        with _cell(words("coverage.state")):
            health_word(words, item.health)
        with _cell(words("coverage.source")), ui.element("div").classes("tight"):
            link(feed_address(feed), feed.name, "strong foreign")
            plain(words(f"coverage.{'pushed' if feed.pushed else 'pulled'}"), classes="soft small")
        with _cell(words("coverage.why")), ui.element("div").classes("tight"):
            plain(words.choice("coverage.sights", feed.condition.sight.value), classes="strong")
            plain(words.choice("coverage.causes", feed.condition.cause.value), classes="small")
        with _cell(words("coverage.last_post")):
            instant_or_never(visit, feed.last_post_at)
        with _cell(words("coverage.stage")):
            plain(lag_said(words, item), classes="small")


def _promises(visit: Visit, sources: Sources) -> None:
    """The objectives, and the canary that walks the whole way."""
    words = visit.words
    overview = sources.overview
    with ui.element("section").classes("panel stack"):
        plain(words("coverage.goals"), "h2")
        with ui.element("dl").classes("facts"):
            for item in overview.standing.objectives:
                plain(words.choice("coverage.goals_named", item.name.value), "dt")
                plain(_promise(visit, item), "dd", "late" if item.missed else "")
            plain(words("coverage.canary"), "dt")
            state = overview.canary.health(overview.at)
            plain(words.choice("coverage.canary_said", state.value), "dd")


def _promise(visit: Visit, item: Objective) -> str:
    words = visit.words
    if item.share is None or item.cases < FEWEST[item.name]:
        return words("coverage.goal_unsaid", cases=f"{item.cases:,}")
    kept = words("coverage.goal_missed" if item.missed else "coverage.goal_kept")
    said = words(
        "coverage.goal_said",
        share=f"{item.share:.2%}",
        target=f"{item.target:.1%}",
        cases=f"{item.cases:,}",
    )
    return f"{kept} · {said}"


def _cell(label: str) -> ui.element:
    return put(ui.element("td"), data_label=label)
