"""One indicator: its course, what it was before, what it is made of, and why it changed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from urllib.parse import parse_qsl, urlsplit

from nicegui import ui

from service.auth import Principal
from service.console.board import Board
from service.console.charts import Point, Series, bar, line, show
from service.console.deeds import go
from service.console.figures import (
    change_of,
    counted_said,
    figure_said,
    number_said,
    value_said,
)
from service.console.format import short_time
from service.console.i18n import Words
from service.console.page import console_page, heading
from service.console.pages.board.attribution import attribution_panel
from service.console.pages.board.charts import bucket_labels, is_mostly_told, wider
from service.console.pages.board.place import PLACE
from service.console.pages.board.thresholds import thresholds_panel
from service.console.pages.board.tiles import change_mark
from service.console.scope import Scope, nothing_watched, posts_address, read_scope, scope_bar
from service.console.session import BASE, Visit
from service.console.states import later
from service.console.theme import link, plain
from service.errors import NotFound
from service.indicators import DEFINITIONS, Earlier, IndicatorId, Reading
from service.indicators.definition import Unit
from service.indicators.links import MOST_VALUES, Link

_SPOKEN = ("sentiment", "emotion", "intent", "channel")
"""Parts whose values have words of their own, in families of the same names."""
_FILTERS = frozenset({*_SPOKEN, "source", "topic"})
_IN_SECONDS = frozenset({"acknowledged", "answered"})


def register_indicator(board: Board) -> None:
    """The page `/board/{indicator}`."""

    @console_page(board, PLACE, "/board/{indicator}")
    async def one(visit: Visit, indicator: str) -> None:
        words = visit.words
        item = _indicator(words, indicator)
        scope = await read_scope(visit)
        hint = words.choice("board.about", item.value)
        with heading(visit, words.of(DEFINITIONS[item].name), hint=hint):
            if scope is not None:
                link(scope.address("/board"), words("board.all"), "act")
        if scope is None:
            nothing_watched(visit)
            return
        path = f"/board/{item.value}"
        scope_bar(visit, scope, path)
        later(
            visit,
            partial(_read, visit, scope, item),
            partial(_draw, visit, scope),
        )
        attribution_panel(visit, scope, item, path)
        await thresholds_panel(visit, scope, item)


def _indicator(words: Words, name: str) -> IndicatorId:
    try:
        return IndicatorId(name)
    except ValueError as error:
        raise NotFound(words("board.no_indicator", name=name[:40])) from error


async def _read(visit: Visit, scope: Scope, item: IndicatorId, principal: Principal) -> Reading:
    """The figure with its course, by wider buckets where these hold too few cases."""
    board = visit.container.indicators.board
    for bucket in wider(scope.span.bucket):
        (found,) = await board.readings(
            principal, scope.monitor.id, scope.window, indicators=(item,), bucket=bucket
        )
        if found.figure.value is None or is_mostly_told(found):
            break
    return found


def _draw(visit: Visit, scope: Scope, found: Reading) -> None:
    words, item = visit.words, found.indicator
    with ui.element("div").classes("columns"):
        with ui.element("div").classes("stack"):
            with ui.element("section").classes("panel stack"):
                _course(visit, scope, found)
            _parts(visit, scope, found)
        with ui.element("div").classes("stack"):
            with ui.element("section").classes("panel stack"):
                plain(figure_said(words, item, found.figure), "p", "figure")
                plain(counted_said(words, item, found.figure), "p", "soft")
                _before(visit, found)
            _behind(visit, scope, found)


def _course(visit: Visit, scope: Scope, found: Reading) -> None:
    """The value of each bucket; gaps where it says nothing."""
    words = visit.words
    defined = DEFINITIONS[found.indicator]
    windows = [window for window, _ in found.series]
    minutes = defined.unit is Unit.SECONDS
    values = [_plotted(figure.value, minutes=minutes) for _, figure in found.series]
    chart = line(
        words.of(defined.name),
        bucket_labels(windows, scope.span.bucket, visit.zone),
        [Series(words("board.value"), values)],
        unit=words("unit.minute") if minutes else "",
    )

    async def drill(point: Point) -> None:
        go(visit, scope.posts(window=windows[point.index]))

    has_posts = any(link.part == "posts" for link in found.links)
    show(visit, chart, on_point=drill if has_posts else None)


def _before(visit: Visit, found: Reading) -> None:
    """The same figure of three earlier windows."""
    words, item = visit.words, found.indicator
    plain(words("board.compared"), "h2")
    with ui.element("table").classes("figures"):
        with ui.element("thead"), ui.element("tr"):
            for name in ("earlier", "value", "change"):
                plain(words(f"board.{name}"), "th").props('scope="col"')
        with ui.element("tbody"):
            for which in Earlier:
                past = found.before.get(which)
                if past is None:
                    continue
                with ui.element("tr"):
                    with ui.element("td"), ui.element("div").classes("tight"):
                        plain(words.choice("board.earliers", which.value))
                        edges = (past.window.since, past.window.until)
                        since, until = (short_time(at, visit.zone) for at in edges)
                        said = words("scope.span", since=since, until=until)
                        plain(said, classes="soft small wrap")
                    plain(figure_said(words, item, past.figure), "td", "wrap")
                    with ui.element("td").classes("wrap"):
                        change = change_of(words, item, past)
                        if change is None:
                            plain("–")
                        else:
                            change_mark(words, change, versus=False)


def _parts(visit: Visit, scope: Scope, found: Reading) -> None:
    """What the figure is made of, a chart for each kind of part."""
    words = visit.words
    for name, counts in found.figure.parts.items():
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_VALUES]
        if not ranked:
            continue
        with ui.element("section").classes("panel stack"):
            if name in _IN_SECONDS:
                plain(words.choice("board.parts", name), "h2")
                with ui.element("dl").classes("facts"):
                    for member, seconds in counts.items():
                        plain(words.choice("board.members", member), "dt")
                        plain(value_said(words, Unit.SECONDS, seconds), "dd")
                continue
            _part_chart(visit, scope, name, dict(ranked))


def _part_chart(visit: Visit, scope: Scope, name: str, counts: Mapping[str, float]) -> None:
    words = visit.words
    title = f"{words('board.made_of')} · {words.choice('board.parts', name)}"
    members = list(counts)
    labels = [member_said(words, name, member) for member in members]
    values = [round(count, 1) for count in counts.values()]
    chart = bar(title, labels, [Series(words.choice("board.parts", name), values)])

    async def drill(point: Point) -> None:
        go(visit, scope.posts({name: members[point.index]}))

    show(visit, chart, on_point=drill if name in _FILTERS else None)


def member_said(words: Words, part: str, member: str) -> str:
    """A value of a part in words, where there are any."""
    if part in _SPOKEN:
        return words.choice(part, member)
    return words.choice("board.members", member)


def _behind(visit: Visit, scope: Scope, found: Reading) -> None:
    """The searches that find what was counted."""
    words = visit.words
    if not found.links:
        return
    with ui.element("section").classes("panel stack"):
        plain(words("board.behind"), "h2")
        plain(words("board.behind_hint"), "p", "soft small")
        with ui.element("ul").classes("plain-list"):
            for item in found.links:
                with ui.element("li").classes("line"):
                    link(_address(scope, item), _part_said(words, item.part), "foreign")
                    if item.count is not None:
                        count = number_said(words, Unit.POSTS, item.count)
                        plain(words("board.behind_count", count=count), classes="soft")


def _address(scope: Scope, item: Link) -> str:
    """Where the console shows what a link of the API finds."""
    if item.part == "statement":
        return f"{BASE}/coverage"
    if item.part == "crises":
        return scope.crises()
    asked = dict(parse_qsl(urlsplit(item.href).query))
    monitors = asked.pop("monitor")
    filters = {name: value for name, value in asked.items() if name in _FILTERS}
    return posts_address(monitors, scope.window, filters)


def _part_said(words: Words, part: str) -> str:
    name, _, member = part.partition("=")
    if not member:
        return words.choice("board.links", name)
    return f"{words.choice('board.parts', name)} · {member_said(words, name, member)}"


def _plotted(value: float | None, *, minutes: bool) -> float | None:
    if value is None:
        return None
    return round(value / 60, 1) if minutes else round(value, 4)
