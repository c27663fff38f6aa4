"""The bars over time, which can be brushed, and what the matches can be narrowed by."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

from nicegui import ui

from service.console.charts import Point, Series, bar, show
from service.console.format import full_time, short_time, span
from service.console.pages.posts.asking import FACETS, Asking
from service.console.pages.posts.found import Figures, bars_between
from service.console.pages.posts.names import PostNames
from service.console.session import Visit
from service.console.theme import button, plain, put

Ask = Callable[[Asking], Awaitable[object]]
_SHOWN = 6
_DAY = timedelta(days=1)


def draw_bars(visit: Visit, figures: Figures, asking: Asking, ask: Ask) -> None:
    """Posts over time, bad ones apart. A press narrows to one bar, a brush to several."""
    words, zone = visit.words, visit.zone

    async def between(first: int, last: int) -> None:
        since, until = bars_between(figures, first, last)
        await ask(asking.having(from_=_written(since), to=_written(until), period=""))

    async def one(point: Point) -> None:
        await between(point.index, point.index)

    labels = [_label(visit, bucket.start, figures.width) for bucket in figures.buckets]
    chart = bar(
        words("posts.over_time", width=span(figures.width, words)),
        labels,
        [
            Series(words("posts.others"), [b.posts - b.negative for b in figures.buckets]),
            Series(words("posts.negative"), [b.negative for b in figures.buckets]),
        ],
        unit=words("posts.unit"),
        stacked=True,
    )
    with ui.element("section").classes("panel tight bars"):
        show(visit, chart, on_point=one, on_range=between)
        if figures.buckets:
            until = figures.buckets[-1].start + figures.width
            said = words(
                "posts.span",
                since=short_time(figures.buckets[0].start, zone),
                until=short_time(until, zone),
            )
            with ui.element("div").classes("line small soft"):
                put(plain(said), title=full_time(until, zone))
                plain(words("posts.brush_hint"))


def _label(visit: Visit, start: datetime, width: timedelta) -> str:
    local = start.astimezone(visit.zone)
    return f"{local:%Y-%m-%d}" if width >= _DAY else f"{local:%m-%d %H:%M}"


def _written(instant: datetime) -> str:
    return instant.isoformat(timespec="seconds")


def draw_facets(
    visit: Visit, figures: Figures, names: PostNames, asking: Asking, ask: Ask, *, exact: bool
) -> None:
    """Each value with how many matches have it; pressed again, a value is let go."""
    words = visit.words
    with put(ui.element("aside"), aria_label=words("posts.narrow")).classes("panel stack facets"):
        plain(words("posts.narrow"), "h2")
        if not exact:
            plain(words("posts.at_most_hint"), "p", "soft small")
        for facet in FACETS:
            counts = dict(figures.facets.get(facet, ()))
            for value in asking.many(facet.value):
                counts.setdefault(value, 0)
            if not counts:
                continue
            with put(ui.element("div"), role="group").classes("tight"):
                plain(words.choice("posts.facets", facet.value), "h3", "small soft")
                ordered = sorted(
                    counts.items(), key=lambda item: item[0] not in asking.many(facet.value)
                )
                for value, count in ordered[: max(_SHOWN, len(asking.many(facet.value)))]:
                    _value(names, asking, ask, facet.value, value, count)


def _value(names: PostNames, asking: Asking, ask: Ask, facet: str, value: str, count: int) -> None:
    chosen = value in asking.many(facet)
    press = partial(ask, asking.toggled(facet, value))
    pressed = put(ui.element("button"), type="button", aria_pressed=str(chosen).lower())
    put(pressed, data_key=f"facet-{facet}-{value}"[:120]).classes("facet")
    pressed.on("click", press)
    with pressed:
        plain("✓" if chosen else "", classes="tick").props('aria-hidden="true"')
        plain(names.of(facet, value), classes="grow foreign")
        plain(f"{count:,}", classes="soft")


def draw_chosen(visit: Visit, names: PostNames, asking: Asking, ask: Ask) -> None:
    """Everything that narrows the search and is not in the form, each with a way to let go."""
    words = visit.words
    chosen = [
        (name, value)
        for name in (*(facet.value for facet in FACETS), "topic", "author", "copy_group")
        for value in asking.many(name)
    ]
    if not chosen:
        return
    with ui.element("div").classes("line"):
        plain(words("posts.narrowed_by"), classes="soft small")
        for name, value in chosen:
            said = f"{words.choice('posts.facets', name)}: {names.of(name, value)} ×"
            press = partial(ask, asking.toggled(name, value))
            button(said, press, "act-small foreign", key=f"drop-{name}-{value}"[:120])
        everything = asking.having(**{name: () for name, _ in chosen})
        button(words("listing.clear"), partial(ask, everything), "act-small act-quiet", key="clear")
