"""All versions of the topics, and above them what the active one says of a monitor."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from urllib.parse import quote

from fastapi import Response
from fastapi.responses import RedirectResponse

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.format import moment
from service.console.i18n import Words
from service.console.listing import Column, Listing, ListQuery, Rows
from service.console.page import console_page, heading
from service.console.pages.topics.mood import mood_panel
from service.console.pages.topics.place import PLACE
from service.console.scope import read_scope, scope_bar
from service.console.session import BASE, Visit
from service.console.states import empty
from service.console.theme import link, plain
from service.errors import InvalidInput
from service.topics import TopicVersion
from service.topics.model import MOST_VERSIONS


def register_overview(board: Board) -> None:
    """The page `/topics`."""
    desk = board.container.topics.desk

    @console_page(board, PLACE)
    async def overview(visit: Visit) -> Response | None:
        words = visit.words
        story = visit.query.get("story")
        if story:
            # Briefings lead to a story from here.
            return RedirectResponse(f"{BASE}/stories/{quote(story, safe='')}", status_code=303)
        versions = (await desk.page(await visit.principal(), limit=MOST_VERSIONS)).items
        scope = await read_scope(visit)
        monitors = await board.monitor_names()
        with heading(visit, words("topics.title"), hint=words("topics.hint")):
            if visit.may(Action.EDIT, Resource.TOPIC):
                link(f"{BASE}/topics/new", words("topics.new"), "act act-main")
        if scope is not None:
            scope_bar(visit, scope, "/topics")
            active = active_for(versions, scope.monitor.id)
            if active is None:
                empty(words("topics.none_active"), words("topics.none_active_hint"))
            else:
                mood_panel(visit, scope, active, "/topics")
        await _versions(board, visit, monitors)
        return None

    async def _versions(board: Board, visit: Visit, monitors: dict[str, str]) -> None:
        words = visit.words

        async def load(principal: Principal, query: ListQuery) -> Rows[TopicVersion]:
            found = await desk.page(principal, before=_before(query.cursor), limit=query.limit)
            return Rows(found.items, following=found.next)

        plain(words("topics.versions"), "h2")
        listing = Listing(
            visit,
            name="versions",
            columns=(
                Column("number", words("topics.version"), lambda item: f"#{item.number}"),
                Column("state", words("topics.state"), partial(_state, words)),
                Column("of", words("topics.of"), lambda item: of_said(words, item, monitors)),
                Column("topics", words("topics.topics"), _count, number=True),
                Column("coherence", words("topics.coherence"), _coherence, number=True),
                Column("made", words("topics.made"), lambda item: moment(visit, item.created_at)),
            ),
            load=load,
            key=lambda item: str(item.number),
            opens=lambda item: f"{BASE}/topics/{item.number}",
            empty=(words("topics.empty"), words("topics.empty_hint")),
        )
        await listing.draw()


def active_for(versions: Sequence[TopicVersion], monitor: str) -> TopicVersion | None:
    """The active version of the monitor's own, else that of all posts."""
    active = {item.monitor: item for item in versions if item.active}
    return active.get(monitor, active.get(None))


def of_said(words: Words, item: TopicVersion, monitors: dict[str, str]) -> str:
    """Of which monitor's posts it is."""
    return (
        words("topics.of_all") if item.monitor is None else monitors.get(item.monitor, item.monitor)
    )


def _state(words: Words, item: TopicVersion) -> str:
    said = words.choice("topics.states", item.state.value)
    return f"{said} · {words('topics.active')}" if item.active else said


def _count(item: TopicVersion) -> str:
    return "–" if item.findings is None else str(len(item.findings["topics"]))


def _coherence(item: TopicVersion) -> str:
    found = None if item.findings is None else item.findings["coherence"]
    return "–" if found is None else f"{found:.3f}"


def _before(cursor: str | None) -> int | None:
    if cursor is None:
        return None
    if not (cursor.isascii() and cursor.isdigit() and len(cursor) <= 9):
        raise InvalidInput("after: no page begins there")
    return int(cursor)
