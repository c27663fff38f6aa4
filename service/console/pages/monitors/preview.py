"""What a query takes of the newest stored posts, looked at whenever somebody stops typing."""

from __future__ import annotations

from nicegui import ui

from nlp.errors import BadQuery
from nlp.pii import masked
from nlp.query import Query
from service.console.board import Board
from service.console.charts import Series, bar, show
from service.console.deeds import refuse
from service.console.format import moment
from service.console.pages.monitors.grammar import draw_verdict, read
from service.console.session import Visit
from service.console.states import loading
from service.console.theme import plain, put
from service.console.toolkit import Timer
from service.ingest.query_trial import QueryTrial, try_query
from service.monitors import BrandDirectory
from service.stores import StoredPost

REST_S = 0.7
"""Without a key for so long, the stored posts are looked at."""
_SHOWN = 160


class Verdict:
    """Under the query: whether it can be read, and where not."""

    def __init__(self, visit: Visit, query: str) -> None:
        self._words = visit.words
        self._place = put(ui.element("div"), aria_live="polite")
        self.show(query)

    def show(self, query: str) -> None:
        """The query is now this."""
        self._place.clear()
        with self._place:
            draw_verdict(self._words, query, read(query))


class Hits:
    """What the query takes: the newest first, counted by day."""

    def __init__(self, visit: Visit, board: Board, *, query: str, brand_id: str | None) -> None:
        self.query, self.brand_id = query, brand_id
        self._visit = visit
        self._board = board
        self._ticket = 0
        # Not inside the place: what clears it would take away the timer that is just running.
        self._timers = put(ui.element("div"), hidden="")
        self._place = ui.element("div").classes("stack")
        self._look_soon(0)

    def typed(self, query: str) -> None:
        """The query is now this."""
        self.query = query
        self._look_soon(REST_S)

    def chosen(self, brand_id: str) -> None:
        """The brand is now this; empty for none."""
        self.brand_id = brand_id or None
        self._look_soon(REST_S)

    def _look_soon(self, wait_s: float) -> None:
        self._ticket += 1
        ticket = self._ticket
        with self._timers:
            Timer(self._visit.drawn, wait_s, lambda: self._look(ticket), once=True)

    async def _look(self, ticket: int) -> None:
        if ticket != self._ticket:
            return
        query = read(self.query)
        self._place.clear()
        words = self._visit.words
        if query is None or isinstance(query, BadQuery):
            with self._place:
                plain(words("monitors.preview.none"), "p", "soft")
            return
        with self._place:
            loading(words)
        try:
            found = await self._try(query)
        except Exception as error:
            self._place.clear()
            refuse(self._visit, error)
            with self._place:
                plain(words("monitors.preview.failed"), "p", "soft")
            return
        if ticket != self._ticket:
            return
        self._place.clear()
        with self._place:
            _draw_hits(self._visit, found)

    async def _try(self, query: Query) -> QueryTrial:
        container = self._board.container
        directory = BrandDirectory(container.database, container.brands)
        await directory.refresh()
        return await try_query(
            container.store,
            query,
            directory.sides(self.brand_id),
            now=self._visit.now(),
            zone=self._visit.zone,
        )


def _draw_hits(visit: Visit, found: QueryTrial) -> None:
    words = visit.words
    if not found.read:
        plain(words("monitors.preview.no_posts"), "p", "soft")
        return
    share = f"{100 * found.hits / found.read:.1f}"
    said = words(
        "monitors.preview.hits", hits=f"{found.hits:,}", read=f"{found.read:,}", share=share
    )
    plain(said, "p", "strong")
    with ui.element("p").classes("soft small"):
        key = "monitors.preview.whole" if found.complete else "monitors.preview.newest"
        plain(words(key))
        plain(" ")
        moment(visit, found.since)
    if found.spared:
        plain(words("monitors.preview.spared", posts=f"{found.spared:,}"), "p", "soft small")
    _draw_days(visit, found)
    if not found.newest:
        plain(words("monitors.preview.nothing"), "p", "soft")
    for post in found.newest:
        _draw_post(visit, post)


def _draw_days(visit: Visit, found: QueryTrial) -> None:
    words = visit.words
    labels = [f"{day:%m-%d}" for day in found.by_day]
    series = Series(words("monitors.preview.posts"), [float(n) for n in found.by_day.values()])
    with ui.element("div").classes("short-chart"):
        show(visit, bar(words("monitors.preview.by_day"), labels, [series]))


def _draw_post(visit: Visit, post: StoredPost) -> None:
    said = masked(f"{post.title}\n{post.text}" if post.title else post.text)
    shown = said if len(said) <= _SHOWN else f"{said[:_SHOWN]}…"
    with ui.element("article").classes("post"):
        with ui.element("div").classes("line soft small"):
            plain(post.source, classes="foreign")
            moment(visit, post.published_at)
        plain(shown, "p", "said foreign")
