"""The clocks of an incident: since the first public post, since detection, to the next deadline."""

from __future__ import annotations

from datetime import datetime, timedelta

from nicegui import ui

from playbooks import RunStep, StepState
from service.auth import Action, Principal, Resource
from service.console.format import full_time, short_time
from service.console.pages.incident.sheet import IncidentSheet
from service.console.theme import plain, ticking
from service.coverage.statement import Statement

_BEFORE = timedelta(hours=24)
"""A source that was dark shortly before may hide that it all began earlier."""
_NAMED = 4
_Moment = tuple[str, datetime | None, datetime | None]


def draw_clocks(page: IncidentSheet) -> None:
    """What is due next, then how long it has been going on."""
    words = page.words
    with ui.element("section").classes("panel stack"):
        plain(words("clock.title"), "h2")
        with ui.element("div").classes("clocks"):
            _draw_next(page)
            late = _overdue(page)
            if late:
                with ui.element("div").classes("clock"):
                    plain(words("incident.overdue"), classes="soft small")
                    plain(str(late), classes="count late")
        with ui.element("div").classes("clocks"):
            for label, since, stop in _clocks_of(page):
                _draw_clock(page, label, since, stop)


def _clocks_of(page: IncidentSheet) -> tuple[_Moment, ...]:
    """Label, beginning and end of each clock that has begun; one without an end still runs."""
    incident, words = page.incident, page.words
    ended = incident.closed_at
    clocks: list[_Moment] = [
        (words("clock.first_post"), incident.first_post_at, ended),
        (words("clock.opened"), incident.opened_at, ended),
    ]
    if incident.acknowledged_at is not None:
        taken = (words("incident.acknowledged_after"), incident.opened_at, incident.acknowledged_at)
        clocks.append(taken)
    if incident.contained_at is not None:
        clocks.append((words("clock.contained"), incident.contained_at, ended))
    return tuple(clocks)


def _draw_clock(
    page: IncidentSheet, label: str, since: datetime | None, stop: datetime | None
) -> None:
    if since is None:
        return
    ended = {} if stop is None else {"data_stop": stop.isoformat()}
    shown = stop if stop is not None and stop == page.incident.acknowledged_at else since
    with ui.element("div").classes("clock"):
        plain(label, classes="soft small")
        title = full_time(shown, page.zone)
        ticking("since", since, title=title, **ended).classes("count")
        plain(short_time(shown, page.zone), classes="soft small")


def _draw_next(page: IncidentSheet) -> None:
    words, following = page.words, next_step(page)
    with ui.element("div").classes("clock clock-main"):
        if following is None or following.due_at is None:
            plain(words("incident.no_deadline"), classes="soft")
            return
        plain(words("incident.next_deadline"), classes="soft small")
        warn = {} if following.warn_at is None else {"data_warn": following.warn_at.isoformat()}
        ticking("until", following.due_at, **warn).classes("count")
        role = words.choice("role", following.step.role.value)
        plain(f"{words.of(following.step.title)} · {role}", classes="strong")
        plain(short_time(following.due_at, page.zone), classes="soft small")


def next_step(page: IncidentSheet) -> RunStep | None:
    """The step that breaks next; when all that is open is late, the one that is late longest."""
    run = page.dossier.run
    if run is None or not page.is_open:
        return None
    dated = [
        (step.state is StepState.BREACHED, step.due_at, step.order, step)
        for step in run.steps
        if step.open and step.due_at is not None
    ]
    return min(dated, key=lambda item: item[:3])[3] if dated else None


def _overdue(page: IncidentSheet) -> int:
    run = page.dossier.run
    steps = () if run is None else run.steps
    return sum(step.state is StepState.BREACHED for step in steps)


async def read_sight(page: IncidentSheet, principal: Principal) -> Statement:
    """What could be seen from a day before the first post on. Raises Forbidden."""
    principal.require(Action.READ, Resource.SOURCE)
    incident = page.incident
    return await page.board.container.coverage.statement(
        since=incident.first_post_at - _BEFORE, until=incident.closed_at
    )


def draw_sight(page: IncidentSheet, seen: Statement) -> None:
    """Whether it may have begun earlier, or be larger, where nobody could look."""
    words = page.words
    dark = [item for item in seen.feeds if not item.is_complete]
    if not seen.feeds or not dark:
        plain(words("sight.complete" if seen.feeds else "sight.nothing"), "p", "soft small")
        return
    names = words("list.comma").join(item.feed.name for item in dark[:_NAMED])
    with ui.element("p").classes("soon small"):
        plain(words("sight.gaps", count=len(dark)))
        plain(names, classes="foreign")
