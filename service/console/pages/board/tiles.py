"""The fifteen indicators as tiles: value, change, level; each leads to what it is made of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from nicegui import ui

from service.auth import Principal
from service.console.figures import Change, change_of, counted_said, figure_said
from service.console.i18n import Words
from service.console.scope import Scope
from service.console.session import Visit
from service.console.theme import plain, put
from service.indicators import DEFINITIONS, Earlier, IndicatorId, Reading
from service.indicators.threshold import Level

SHAPES = {Level.YELLOW: "◆", Level.ORANGE: "▲", Level.RED: "■"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tiles:
    """Readings in the order of the design, with the level of each at the last look."""

    readings: Sequence[Reading]
    levels: Mapping[IndicatorId, Level]


async def read_tiles(
    visit: Visit,
    scope: Scope,
    principal: Principal,
    *,
    wanted: Collection[IndicatorId] = frozenset(IndicatorId),
) -> Tiles:
    """The indicators, all fifteen unless told, beside the time before. Raises StoreError."""
    indicators = visit.container.indicators
    readings = await indicators.board.readings(
        principal,
        scope.monitor.id,
        scope.window,
        indicators=wanted,
        compared=(Earlier.PREVIOUS,),
    )
    watched = await indicators.desk.every(principal, scope.monitor.id)
    levels = {
        item.threshold.indicator: item.standing.level
        for item in watched
        if item.standing is not None
    }
    return Tiles(readings=readings, levels=levels)


def draw_tiles(visit: Visit, scope: Scope, tiles: Tiles) -> None:
    """Draw them as a list of links."""
    words = visit.words
    with put(ui.element("ul"), aria_label=words("board.figures")).classes("tiles"):
        for reading in tiles.readings:
            level = tiles.levels.get(reading.indicator, Level.NONE)
            with ui.element("li"):
                _tile(words, scope, reading, level)


def _tile(words: Words, scope: Scope, reading: Reading, level: Level) -> None:
    item = reading.indicator
    anchor = put(
        ui.element("a"),
        href=scope.address(f"/board/{item.value}"),
        data_key=f"indicator-{item.value}",
    )
    with anchor.classes("tile"):
        with ui.element("div").classes("line"):
            plain(words.of(DEFINITIONS[item].name), classes="soft grow")
            level_mark(words, level)
        said = reading.figure.value is not None
        plain(figure_said(words, item, reading.figure), "b", "" if said else "unsaid")
        change = change_of(words, item, reading.before.get(Earlier.PREVIOUS))
        if change is not None:
            change_mark(words, change)
        elif said:
            plain(words("board.no_before"), classes="soft small")
        if said:
            plain(counted_said(words, item, reading.figure), classes="soft small")


def change_mark(words: Words, change: Change, *, versus: bool = True) -> None:
    """An arrow, the size, and whether that is good, in words too."""
    how = "" if change.worse is None else "worse" if change.worse else "better"
    with ui.element("span").classes(f"small change change-{how or 'moved'}"):
        plain(change.arrow).props('aria-hidden="true"')
        plain(change.said)
        if how:
            plain(words.choice("board.direction", how))
        if versus:
            plain(words("board.versus"), classes="soft")


def level_mark(words: Words, level: Level) -> None:
    """The level in a shape, a word and a colour; nothing where there is none."""
    if level is Level.NONE:
        return
    said = words("board.level_said", level=words.choice("board.levels", level.value))
    with put(ui.element("span"), title=said).classes(f"level level-{level.value}"):
        plain(SHAPES[level]).props('aria-hidden="true"')
        plain(words.choice("board.levels", level.value))
