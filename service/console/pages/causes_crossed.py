"""Causes against the hour, the weekday and imported series: what chance does not explain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

from nicegui import ui

from nlp.causes import load_causes
from nlp.lexicon import SCENARIOS
from service.auth import Action, Principal, Resource
from service.console.charts import heat_map, show
from service.console.i18n import Words
from service.console.scope import Scope
from service.console.session import Visit
from service.console.states import later
from service.console.theme import plain
from service.indicators.causes import Crossed, Daily, Per
from service.indicators.causes.crossed import MOST_EDGES, MOST_SERIES, SIGNIFICANT, Table

_CAUSES = 10
"""Rows of a heat map: the causes with most posts."""
_KNOWN = 200
_SERIES_OFFERED = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the address asks for. `known` are the series that there are, with their units."""

    scenario: str | None
    series: tuple[str, ...]
    known: Mapping[str, str]
    per: Per
    edges: tuple[float, ...]
    edges_text: str
    problem: str


async def read_asked(visit: Visit) -> Asked:
    """From the address; what there is not, or cannot be read, is left out and said."""
    words, query = visit.words, visit.query
    known: dict[str, str] = {}
    if visit.may(Action.READ, Resource.SERIES):
        page = await visit.container.series.page(limit=_SERIES_OFFERED)
        known = {
            item.name: f"{item.name} ({item.unit})" if item.unit else item.name
            for item in page.items
        }
    asked = [name for name in query.getlist("series") if name]
    series = tuple(dict.fromkeys(name for name in asked if name in known))[:MOST_SERIES]
    problem = "" if len(series) == len(set(asked)) else words("causes.lost_series")
    scenario = query.get("scenario", "")
    text = query.get("edges", "")[:_KNOWN]
    edges = _edges(text)
    if edges is None:
        problem = words("causes.bad_edges", most=MOST_EDGES)
    per = query.get("per", "")
    return Asked(
        scenario=scenario if scenario in SCENARIOS else None,
        series=series,
        known=known,
        per=Per(per) if per in set(Per) else Per.DAY,
        edges=edges or (),
        edges_text=text,
        problem=problem,
    )


def crossed_panel(visit: Visit, scope: Scope, asked: Asked) -> None:
    """Findings on top, then a heat map for each factor."""
    with ui.element("section").classes("panel stack"):
        later(visit, partial(_read, visit, scope, asked), partial(_draw, visit))


async def _read(visit: Visit, scope: Scope, asked: Asked, principal: Principal) -> Crossed:
    if asked.series:
        principal.require(Action.READ, Resource.SERIES)
    return await visit.container.indicators.crossed.crossed(
        principal,
        scope.monitor.id,
        scope.window,
        scenario=asked.scenario,
        daily=tuple(Daily),
        series=asked.series,
        per=asked.per,
        edges=asked.edges if asked.series else (),
    )


def _draw(visit: Visit, found: Crossed) -> None:
    words = visit.words
    plain(words("causes.findings"), "h2")
    plain(words("causes.findings_hint", p=SIGNIFICANT), "p", "soft small")
    if not found.findings:
        plain(words("causes.no_findings"), "p", "soft")
    else:
        with ui.element("table").classes("figures"):
            with ui.element("thead"), ui.element("tr"):
                for name in ("cause", "factor", "band", "seen", "expected", "lift", "chance"):
                    plain(words(f"causes.{name}"), "th").props('scope="col"')
            with ui.element("tbody"):
                for item in found.findings:
                    with ui.element("tr"):
                        plain(cause_said(words, item.cause), "td", "wrap")
                        plain(_factor(words, item.factor), "td", "foreign")
                        plain(_band(words, item.factor, item.band), "td")
                        plain(f"{item.n:,}", "td")
                        plain(f"{item.expected:,.1f}", "td")
                        plain(f"{item.lift:.1f}", "td")
                        plain(f"{item.p_adjusted:.4f}", "td")
    with ui.element("div").classes("stack"):
        for table in found.tables:
            _table(visit, table)
    read, posts = f"{found.read:,}", f"{found.posts:,}"
    plain(words("causes.read_only", read=read, posts=posts), "p", "soft small")


def _table(visit: Visit, table: Table) -> None:
    """Posts by cause and band."""
    words = visit.words
    title = words("causes.against", factor=_factor(words, table.factor))
    if table.unit:
        title = f"{title} ({table.unit})"
    if table.reason is not None:
        plain(title, "h3", "strong foreign")
        plain(words.choice("causes.unsaid", table.reason.value), "p", "soft")
        return
    bands = [item.band.label for item in table.bands]
    counts: dict[str, dict[str, int]] = {}
    for row in table.rows:
        counts.setdefault(row.cause, {})[row.band] = row.n
    biggest = sorted(counts, key=lambda cause: -sum(counts[cause].values()))[:_CAUSES]
    chart = heat_map(
        title,
        [_band(words, table.factor, band) for band in bands],
        [cause_said(words, cause) for cause in biggest],
        [[counts[cause].get(band, 0) for band in bands] for cause in biggest],
        unit=words("causes.posts"),
    )
    show(visit, chart)


def cause_said(words: Words, cause: str) -> str:
    """The name of a cause."""
    found = load_causes().causes.get(cause)
    return cause if found is None else words.of({"zh": found.zh, "en": found.en})


def _factor(words: Words, factor: str) -> str:
    return words.choice("causes.factors", factor)


def _band(words: Words, factor: str, band: str) -> str:
    if factor == Daily.WEEKDAY.value:
        return words.choice("weekday", band)
    return band.replace(" to < ", " – < ").replace(">=", "≥")


def _edges(text: str) -> tuple[float, ...] | None:
    """Numbers that grow, with spaces or commas between them; None for what cannot be meant."""
    parts = text.replace(",", " ").replace("，", " ").split()
    try:
        edges = tuple(float(part) for part in parts)
    except ValueError:
        return None
    if len(edges) > MOST_EDGES or any(abs(edge) > 1e12 or edge != edge for edge in edges):
        return None
    return edges if list(edges) == sorted(set(edges)) else None
