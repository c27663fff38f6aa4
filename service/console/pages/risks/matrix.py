"""The register as a matrix: how grave by how likely, each cell in words with its entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from nicegui import ui

from service.console.pages.risks import place
from service.console.session import Visit
from service.console.theme import link, plain, put
from service.risks import Entry, Formula

LEVELS = tuple(range(1, 6))


def draw_matrix(visit: Visit, formula: Formula, entries: Sequence[Entry]) -> None:
    """Five by five; a cell with entries leads to them in the list below."""
    words = visit.words
    counts = Counter(
        (place.severity(item.assessment.score), item.risk.draft.likelihood) for item in entries
    )
    with ui.element("section").classes("panel stack"):
        plain(words("risks.matrix"), "h2")
        label = words("risks.matrix")
        scroller = put(ui.element("div"), tabindex="0", role="region", aria_label=label)
        with scroller.classes("scroller"), ui.element("table").classes("matrix"):
            with ui.element("thead"), ui.element("tr"):
                put(plain(words("risks.axes"), "th", "soft"), scope="col")
                for likelihood in LEVELS:
                    name = place.chance_name(words, formula, likelihood)
                    put(plain(name, "th"), scope="col")
            with ui.element("tbody"):
                for grave in reversed(LEVELS):
                    with ui.element("tr"):
                        name = words("risks.grave_of", level=grave)
                        put(plain(name, "th"), scope="row")
                        for likelihood in LEVELS:
                            count = counts[grave, likelihood]
                            _draw_cell(visit, formula, grave, likelihood, count)
        plain(words("risks.matrix_hint"), "p", "soft small")


def _draw_cell(visit: Visit, formula: Formula, grave: int, likelihood: int, count: int) -> None:
    words = visit.words
    band = place.band_at(formula, Decimal(grave * likelihood))
    rank = next(at for at, item in enumerate(formula.bands) if item.id == band)
    name = place.band_name(words, formula, band)
    with ui.element("td").classes(f"band-{min(rank, 2)}"):
        plain(name, "div", "small")
        if count:
            where = f"{place.LIST}?severity={grave}&likelihood={likelihood}"
            link(where, words("risks.entries", count=count), "strong")
