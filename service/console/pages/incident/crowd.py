"""Growth, spread and mood of the crowd behind an incident: fetched once the page is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nicegui import ui

from nlp.pii import masked
from service.auth import Action, Principal, Resource
from service.console.charts import Series, bar, line, show
from service.console.pages.incident.growth import Growth, crowd_of, read_growth
from service.console.pages.incident.sheet import IncidentSheet
from service.console.states import later
from service.console.theme import plain
from service.incidents import Kind
from service.posts.filters import FacetRequest
from service.stores import FacetField

_HOUR_S = 3600
_TERMS = 12
_TOPICS = 8
_NO_TOPIC = "-"
_Counts = Sequence[tuple[str, int]]


def draw_growth(page: IncidentSheet) -> None:
    """Posts over time beside what is usual; nothing for an incident that takes no posts."""
    words = page.words
    if page.incident.kind is not Kind.CRISIS:
        return

    async def load(principal: Principal) -> Growth:
        return await read_growth(page.board.container, principal, page.incident)

    with ui.element("section").classes("panel stack"):
        plain(words("growth.title"), "h2")
        later(page.visit, load, lambda growth: show_growth(page, growth))


def show_growth(page: IncidentSheet, growth: Growth) -> None:
    """The chart, and how to read it."""
    words = page.words
    hours = growth.width.total_seconds() / _HOUR_S
    unit = words("growth.minutes", count=round(hours * 60)) if hours < 1 else ""
    unit = unit or words("growth.hours", count=round(hours))
    series = [Series(words("growth.posts"), growth.posts)]
    if growth.negative:
        series.append(Series(words("growth.negative"), growth.negative))
    if growth.knows_usual:
        usual = [None if value is None else round(value, 2) for value in growth.usual]
        series.append(Series(words("growth.usual"), usual))
    labels = [f"{start.astimezone(page.zone):%m-%d %H:%M}" for start in growth.starts]
    title = words("growth.chart", width=unit, zone=page.zone.key)
    show(
        page.visit,
        line(title, labels, series, unit=words("growth.unit")),
    )
    plain(words("growth.hint" if growth.knows_usual else "growth.no_usual"), "p", "soft small")


@dataclass(frozen=True, slots=True, kw_only=True)
class CrowdMood:
    """What the crowd feels, speaks of, and in which words; counts of posts."""

    emotions: _Counts
    topics: _Counts
    terms: tuple[str, ...]
    labels: Mapping[str, str]


async def read_mood(page: IncidentSheet, principal: Principal) -> CrowdMood:
    """Counted in the store over all posts of the crisis. Raises Forbidden, StoreError."""
    container, incident = page.board.container, page.incident
    principal.require(Action.READ, Resource.POST, monitor=incident.monitor_id)
    query = crowd_of(incident, now=container.clock.now())
    fields = (FacetField.EMOTION, FacetField.TOPIC)
    facets = await container.posts.facets(FacetRequest(query=query, fields=fields, limit=60))
    terms = await container.posts.terms(query, limit=_TERMS)
    labels, active = await _topics(page, principal)
    topics = [
        (name, count)
        for name, count in facets.get(FacetField.TOPIC, ())
        if name.split(":")[0] in active and not name.endswith(f":{_NO_TOPIC}")
    ]
    return CrowdMood(
        emotions=facets.get(FacetField.EMOTION, ()),
        topics=topics[:_TOPICS],
        terms=tuple(masked(item.term) for item in terms),
        labels=labels,
    )


async def _topics(
    page: IncidentSheet, principal: Principal
) -> tuple[dict[str, str], frozenset[str]]:
    """Labels by `version:topic`, and the version that speaks for the monitor: its own, if any."""
    if not principal.may(Action.READ, Resource.TOPIC, monitor=page.incident.monitor_id):
        return {}, frozenset()
    desk = page.board.container.topics.desk
    found = await desk.page(principal, monitor=page.incident.monitor_id, limit=20)
    every = found.items or (await desk.page(principal, limit=20)).items
    version = next((item for item in every if item.active and item.findings), None)
    if version is None or version.findings is None:
        return {}, frozenset()
    number = str(version.number)
    labels = {
        f"{number}:{item['id']}": masked(item["label"]) for item in version.findings["topics"]
    }
    return labels, frozenset({number})


def draw_mood(page: IncidentSheet, mood: CrowdMood) -> None:
    """Bars of emotions and topics, and the words that stand out."""
    words = page.words
    with ui.element("section").classes("panel stack"):
        plain(words("crowd.title"), "h2")
        if not mood.emotions and not mood.terms:
            plain(words("crowd.none"), classes="soft")
            return
        with ui.element("div").classes("pair"):
            if mood.emotions:
                names = [words.choice("emotion", name) for name, _ in mood.emotions]
                _bars(page, words("crowd.emotions"), names, mood.emotions)
            if mood.topics:
                names = [mood.labels.get(name, name) for name, _ in mood.topics]
                _bars(page, words("crowd.topics"), names, mood.topics)
        if not mood.topics:
            plain(words("crowd.no_topics"), "p", "soft small")
        if mood.terms:
            with ui.element("p").classes("small"):
                plain(words("crowd.terms"), classes="soft")
                plain(words("list.comma").join(mood.terms), classes="foreign")


def _bars(page: IncidentSheet, title: str, names: Sequence[str], counts: _Counts) -> None:
    series = [Series(page.words("crowd.posts"), [count for _, count in counts])]
    show(page.visit, bar(title, names, series, unit=page.words("growth.unit")))
