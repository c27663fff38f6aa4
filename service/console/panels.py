"""Facts on a page: tiles of figures, pairs of name and value, small tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from nicegui import ui

from service.console.theme import plain, put

Cell = str | Callable[[], object]
"""Text, of anybody, or what draws the cell."""


def fact_tiles(figures: Iterable[tuple[str, str]]) -> None:
    """Figures beside each other: (label, figure with its unit)."""
    with ui.element("dl").classes("fact-tiles"):
        for label, figure in figures:
            with ui.element("div"):
                plain(label, "dt", "soft small foreign")
                plain(figure, "dd", "strong foreign")


def pairs(rows: Iterable[tuple[str, Cell]]) -> None:
    """Names with their values, one below the other."""
    with ui.element("dl").classes("pairs"):
        for name, value in rows:
            plain(name, "dt", "soft")
            with ui.element("dd"):
                _draw(value)


def scroller(caption: str) -> ui.element:
    """What scrolls sideways by itself where the window is narrow, by keys too."""
    region = put(ui.element("div"), tabindex="0", role="region", aria_label=caption)
    return region.classes("scroller")


def small_table(
    head: Sequence[Cell], rows: Iterable[Sequence[Cell]], *, caption: str, numbers: int = 0
) -> None:
    """A table of few rows; `numbers` columns at its end are figures. `caption` is read aloud."""
    with scroller(caption), ui.element("table").classes("figures wide"):
        with ui.element("thead"), ui.element("tr"):
            for place, name in enumerate(head):
                with put(ui.element("th"), scope="col") as cell:
                    if place >= len(head) - numbers:
                        cell.classes("number")
                    _draw(name)
        with ui.element("tbody"):
            for row in rows:
                with ui.element("tr"):
                    for place, value in enumerate(row):
                        with ui.element("td") as cell:
                            if place >= len(row) - numbers:
                                cell.classes("number")
                            _draw(value)


def _draw(value: Cell) -> None:
    if isinstance(value, str):
        plain(value, classes="foreign")
    else:
        value()
