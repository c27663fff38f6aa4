"""The wall screen: what burns, what breaks next, how loud and how blind; live, and no controls."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.charts import Chart, Series, line, show
from service.console.deeds import go, keep_fresh
from service.console.figures import change_of, figure_said, parted
from service.console.format import clock_time
from service.console.i18n import Words
from service.console.page import console_page
from service.console.pages.board.charts import bucket_labels
from service.console.pages.board.tiles import Tiles, change_mark, level_mark, read_tiles
from service.console.places import Place, Section
from service.console.queue_rows import QueueRow
from service.console.scope import Period, Scope, nothing_watched, read_scope
from service.console.session import Visit
from service.console.states import loading
from service.console.strip import Sources, health_word, read_sources
from service.console.theme import plain, put, ticking, tier_badge
from service.console.toolkit import Timer
from service.incidents import Kind, State
from service.incidents.filters import IncidentFilter
from service.indicators import DEFINITIONS, Bucket, Earlier, IndicatorId, Reading
from service.indicators.threshold import Level

PLACE = Place(
    name="wall",
    path="/wall",
    section=Section.INSIGHT,
    may=(Action.READ, Resource.INDICATOR),
    bare=True,
)

_LIVE_S = 0.5
_FIGURES_EVERY = timedelta(seconds=60)
_SOURCES_EVERY = timedelta(seconds=30)
_ANEW_S = 6 * 3600.0
"""The page is loaded anew so often: a browser that is open for weeks gives nothing back itself."""
_READ = 200
_ROWS = 6
_FEEDS = 8
_KINDS = (Kind.CRISIS, Kind.COVERAGE, Kind.BACKLOG)
"""Whoever walks past sees the screen: of a person at risk nothing is told there."""
_FIGURES = (
    IndicatorId.VOLUME,
    IndicatorId.NEGATIVE_SHARE,
    IndicatorId.NET_SENTIMENT,
    IndicatorId.COMPLAINTS_PER_1000,
)


_AXIS_PX = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Burning:
    """Open incidents: the first of the queue, and how many there are."""

    rows: tuple[QueueRow, ...]
    total: int

    @property
    def breaks_next(self) -> QueueRow | None:
        """What can still be saved: what is late already comes only after that."""
        dated = [(row.next_step, row) for row in self.rows if row.next_step is not None]
        found = min(
            dated, key=lambda it: (it[0].late, it[0].due_at, -it[1].tier_rank), default=None
        )
        return None if found is None else found[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Loudness:
    """The figures of the last day, its course, and when they were read."""

    tiles: Tiles
    course: Reading
    at: datetime


def register(board: Board) -> None:
    """The page `/wall`."""

    @console_page(board, PLACE)
    async def screen(visit: Visit) -> None:
        scope = await read_scope(visit, usual=Period.DAY)
        if scope is None:
            plain(visit.words("wall.title"), "h1")
            nothing_watched(visit)
            return
        wall = Wall(board, visit, scope)
        await wall.read_burning(await visit.principal())
        wall.draw()


class Wall:
    """One screen on a wall."""

    def __init__(self, board: Board, visit: Visit, scope: Scope) -> None:
        self._board = board
        self._visit = visit
        self._scope = scope
        self._stamp: object = None
        self._burning = Burning(rows=(), total=0)
        self._loud: Loudness | None = None
        self._sources: Sources | None = None
        self._figures_due = self._sources_due = visit.now()

    def draw(self) -> None:
        """Everything once; afterwards only what has changed is drawn anew."""
        words, scope = self._visit.words, self._scope
        with ui.element("header").classes("wall-head"):
            names = (
                [scope.monitor.name]
                if scope.brand is None
                else [scope.brand.name, scope.monitor.name]
            )
            plain(" · ".join(dict.fromkeys(names)), "h1", "foreign")
            plain(words("wall.of_day"), classes="soft")
        with ui.element("div").classes("wall-grid"):
            with put(ui.element("section"), aria_label=words("wall.burning")):
                self._draw_burning()
            with put(ui.element("section"), aria_label=words("wall.figures")):
                self._draw_loud()
        with put(ui.element("section"), aria_label=words("coverage.strip")):
            self._draw_sources()
        keep_fresh(self._visit, _LIVE_S, self._look)
        address = str(self._visit.request.url.path)
        query = self._visit.request.url.query
        anew = f"{address}?{query}" if query else address
        Timer(self._visit.drawn, _ANEW_S, lambda: go(self._visit, anew), immediate=False)

    async def read_burning(self, principal: Principal) -> bool:
        """Read the open incidents; answers whether they are others than those shown."""
        self._stamp = await self._board.pulse.stamp()
        wanted = IncidentFilter(kinds=_KINDS, drill=False, private=False)
        desk = self._visit.container.desk
        incidents, total = await desk.queue(principal, wanted, limit=_READ)
        rows = await self._board.rows(incidents, self._visit.words)
        found = Burning(rows=rows, total=total)
        changed, self._burning = found != self._burning, found
        return changed

    async def _look(self) -> None:
        now = self._visit.now()
        moved = await self._board.pulse.stamp() != self._stamp
        if moved and await self.read_burning(await self._visit.principal()):
            self._draw_burning.refresh()
        if now >= self._sources_due and self._visit.may(Action.READ, Resource.SOURCE):
            self._sources_due = now + _SOURCES_EVERY
            self._sources = await read_sources(self._visit.container, await self._visit.principal())
            self._draw_sources.refresh()
        if now >= self._figures_due:
            self._figures_due = now + _FIGURES_EVERY
            self._loud = await self._read_loud(await self._visit.principal(), now)
            self._draw_loud.refresh()

    async def _read_loud(self, principal: Principal, now: datetime) -> Loudness:
        """Of the last day, that moves on with the clock."""
        scope = self._scope.at(now)
        tiles = await read_tiles(self._visit, scope, principal, wanted=_FIGURES)
        (course,) = await self._visit.container.indicators.board.readings(
            principal,
            scope.monitor.id,
            scope.window,
            indicators=(IndicatorId.VOLUME,),
            bucket=Bucket.HOUR,
            compared=(),
        )
        return Loudness(tiles=tiles, course=course, at=now)

    @ui.refreshable_method
    def _draw_burning(self) -> None:
        words, burning = self._visit.words, self._burning
        tiers = self._board.container.library.tiers.tiers
        counts = Counter(row.tier for row in burning.rows)
        with ui.element("div").classes("wall-line"):
            plain(f"{burning.total:,}", "b", "wall-number")
            plain(words("wall.open"), classes="soft")
            for tier in reversed(tiers):
                if counts[tier.id]:
                    with ui.element("span").classes("wall-tier"):
                        tier_badge(words, tiers, tier.id)
                        plain(f"{counts[tier.id]:,}", "b")
        with ui.element("div").classes("wall-line"):
            for name, number in (
                ("unacknowledged", sum(row.state is State.NEW for row in burning.rows)),
                ("overdue", sum(row.overdue for row in burning.rows)),
            ):
                plain(f"{number:,}", "b", "late" if number else "")
                plain(words(f"wall.{name}"), classes="soft")
        self._draw_next(burning.breaks_next)
        if not burning.rows:
            plain(words("wall.calm"), "p", "wall-calm")
            return
        with ui.element("ol").classes("wall-rows"):
            for row in burning.rows[:_ROWS]:
                with ui.element("li"):
                    tier_badge(words, tiers, row.tier)
                    plain(row.title, classes="strong grow foreign")
                    plain(row.monitor, classes="soft foreign")
                    if row.next_step is not None:
                        ticking("until", row.next_step.due_at)
        if burning.total > _ROWS:
            plain(words("wall.more", n=f"{burning.total - _ROWS:,}"), "p", "soft")

    def _draw_next(self, row: QueueRow | None) -> None:
        words = self._visit.words
        if row is None or row.next_step is None:
            return
        with ui.element("div").classes("wall-next"):
            plain(words("wall.breaks_next"), classes="soft")
            plain(row.next_step.title, classes="strong foreign")
            holder = row.holder or words("wall.nobody")
            plain(f"{row.next_step.role} · {holder}", classes="soft foreign")
            ticking("until", row.next_step.due_at).classes("wall-number")

    @ui.refreshable_method
    def _draw_loud(self) -> None:
        words, loud = self._visit.words, self._loud
        if loud is None:
            loading(words)
            return
        with ui.element("ul").classes("wall-tiles"):
            for reading in loud.tiles.readings:
                item = reading.indicator
                with ui.element("li"):
                    with ui.element("div").classes("wall-line"):
                        plain(words.of(DEFINITIONS[item].name), classes="soft")
                        level_mark(words, loud.tiles.levels.get(item, Level.NONE))
                    _draw_figure(words, item, reading)
                    change = change_of(words, item, reading.before.get(Earlier.PREVIOUS))
                    if change is not None:
                        change_mark(words, change)
        windows = [window for window, _ in loud.course.series]
        chart = line(
            words("wall.course"),
            bucket_labels(windows, Bucket.HOUR, self._visit.zone),
            [Series(words("board.course_posts"), [it.value for _, it in loud.course.series])],
        )
        show(self._visit, _large(chart))
        at = clock_time(loud.at, self._visit.zone)
        plain(words("wall.read_at", at=at), "p", "soft")

    @ui.refreshable_method
    def _draw_sources(self) -> None:
        words, sources = self._visit.words, self._sources
        if sources is None:
            return
        with ui.element("div").classes("wall-line wall-sources"):
            plain(sources.tally(words), classes="strong")
            for item in sources.feeds[:_FEEDS]:
                with ui.element("span").classes(f"chip chip-{item.health.value}"):
                    health_word(words, item.health)
                    plain(item.feed.name, classes="foreign")


def _draw_figure(words: Words, item: IndicatorId, reading: Reading) -> None:
    """The number as large as can be, its unit beside it small enough to stay in the line."""
    value = reading.figure.value
    if value is None:
        plain(figure_said(words, item, reading.figure), "b", "unsaid")
        return
    number, unit = parted(words, item, value)
    with ui.element("div").classes("wall-figure"):
        plain(number, "b", "wall-number")
        if unit:
            plain(unit, classes="soft")


def _large(chart: Chart) -> Chart:
    """With axes that can be read from across the room, and so fewer words on them."""
    axes = {
        name: {
            **chart.options[name],
            "axisLabel": {**chart.options[name]["axisLabel"], "fontSize": _AXIS_PX, "width": 160},
        }
        for name in ("xAxis", "yAxis")
    }
    axes["yAxis"]["splitNumber"] = 3
    # Half of the first and of the last word stands beside the plot.
    grid = {**chart.options["grid"], "left": 44, "right": 64}
    return replace(chart, options={**chart.options, **axes, "grid": grid})
