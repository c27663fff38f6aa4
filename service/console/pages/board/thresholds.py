"""Thresholds of an indicator for a monitor: read, set, set back; and what was crossed."""

from __future__ import annotations

from functools import partial

from nicegui import ui

from service.auth import Action, Principal, Resource
from service.console.deeds import attempt, go
from service.console.dialogs import Question, ask
from service.console.format import moment
from service.console.forms import Form, Stored, Values
from service.console.i18n import Words
from service.console.pages.board.tiles import level_mark
from service.console.scope import Scope
from service.console.session import Visit
from service.console.states import later
from service.console.theme import button, plain
from service.indicators import (
    Crossing,
    IndicatorId,
    Levels,
    Measured,
    Threshold,
    Watched,
    default_threshold,
)
from service.indicators.threshold import Level

_CROSSINGS = 10
_READ = 50
_COLOURS = ("yellow", "orange", "red")


async def thresholds_panel(visit: Visit, scope: Scope, item: IndicatorId) -> None:
    """The thresholds, for who may with a form; and the levels that were crossed."""
    words, monitor = visit.words, scope.monitor.id
    watched = await _watched(visit, monitor, item, await visit.principal())
    with ui.element("div").classes("columns"):
        with ui.element("section").classes("panel stack thresholds"):
            with ui.element("div").classes("line"):
                plain(words("board.thresholds"), "h2")
                level_mark(words, watched.standing.level if watched.standing else Level.NONE)
                own = watched.threshold.version > 0
                said = words("board.thresholds_own" if own else "board.thresholds_usual")
                plain(said, classes="soft small")
            plain(words("board.thresholds_hint"), "p", "soft small")
            if visit.may(Action.EDIT, Resource.INDICATOR, monitor=monitor):
                _form(visit, scope, item, watched.threshold)
            else:
                _told(words, watched.threshold)
        with ui.element("section").classes("panel stack"):
            plain(words("board.crossings"), "h2")
            later(visit, partial(_crossings, visit, monitor), partial(_draw_crossings, visit, item))


async def _watched(visit: Visit, monitor: str, item: IndicatorId, principal: Principal) -> Watched:
    every = await visit.container.indicators.desk.every(principal, monitor)
    return next(one for one in every if one.threshold.indicator is item)


def _form(visit: Visit, scope: Scope, item: IndicatorId, threshold: Threshold) -> None:
    words, monitor = visit.words, scope.monitor.id
    desk = visit.container.indicators.desk

    async def reread(principal: Principal) -> Stored:
        return _stored((await _watched(visit, monitor, item, principal)).threshold)

    async def save(principal: Principal, values: Values) -> None:
        least, margin = values.whole("least"), values.number("margin")
        usual = default_threshold(item)
        draft = Threshold(
            indicator=item,
            measured=Measured(values.text("measured")),
            levels=Levels(**{name: values.number(name) for name in _COLOURS}),
            least=usual.least if least is None else least,
            margin=usual.margin if margin is None else margin,
            alert=values.yes("alert"),
        )
        await desk.put(principal, monitor, draft, version=values.version)

    async def reset() -> None:
        question = Question(
            title=words("board.reset_title"),
            hint=words("board.reset_hint"),
            confirm=words("board.reset"),
            grave=True,
        )
        if await ask(visit.client, words, question) is None:
            return

        async def deed(principal: Principal) -> None:
            await desk.reset(principal, monitor, item)

        if await attempt(visit, deed):
            go(visit, scope.address(f"/board/{item.value}"), said=words("board.reset_done"))

    form = Form(
        visit,
        f"threshold-{monitor}-{item.value}",
        stored=_stored(threshold),
        save=save,
        reread=reread,
    )
    form.said = words("board.thresholds_saved")
    measures = {one.value: words.choice("board.measures", one.value) for one in Measured}
    with form:
        form.choice("measured", words("board.measured"), measures)
        for name in _COLOURS:
            form.number(name, words(f"board.{name}"), hint=words("board.line_hint"))
        form.number("least", words("board.least"))
        form.number("margin", words("board.margin"), hint=words("board.margin_hint"))
        form.yes("alert", words("board.alert"))
        with form.submit(words("board.save")):
            may_reset = visit.may(Action.DELETE, Resource.INDICATOR, monitor=monitor)
            if threshold.version > 0 and may_reset:
                button(words("board.reset"), reset, "act-grave", key="reset")


def _stored(threshold: Threshold) -> Stored:
    levels = threshold.levels
    values = {
        "measured": threshold.measured.value,
        "yellow": _typed(levels.yellow),
        "orange": _typed(levels.orange),
        "red": _typed(levels.red),
        "least": str(threshold.least),
        "margin": _typed(threshold.margin),
        "alert": threshold.alert,
    }
    return Stored(values=values, version=threshold.version)


def _typed(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _told(words: Words, threshold: Threshold) -> None:
    """For who may not set them."""
    levels = threshold.levels
    with ui.element("dl").classes("facts"):
        plain(words("board.measured"), "dt")
        plain(words.choice("board.measures", threshold.measured.value), "dd")
        for name, value in (
            ("yellow", levels.yellow),
            ("orange", levels.orange),
            ("red", levels.red),
        ):
            plain(words(f"board.{name}"), "dt")
            plain(_typed(value) or "–", "dd")
        plain(words("board.least"), "dt")
        plain(f"{threshold.least:,}", "dd")


async def _crossings(visit: Visit, monitor: str, principal: Principal) -> tuple[Crossing, ...]:
    desk = visit.container.indicators.desk
    return (await desk.crossings(principal, monitor_id=monitor, limit=_READ)).items


def _draw_crossings(visit: Visit, item: IndicatorId, crossings: tuple[Crossing, ...]) -> None:
    """Those of this indicator, newest first."""
    words = visit.words
    mine = [one for one in crossings if one.indicator is item][:_CROSSINGS]
    if not mine:
        plain(words("board.no_crossings"), "p", "soft")
        return
    with ui.element("ul").classes("plain-list stack"):
        for one in mine:
            with ui.element("li").classes("line"):
                moment(visit, one.at)
                before, after = (
                    words.choice("board.levels", level.value) for level in (one.before, one.after)
                )
                plain(words("board.crossing_said", before=before, after=after))
