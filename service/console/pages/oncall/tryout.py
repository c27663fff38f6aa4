"""Whom a chain would page if something opened at that moment and nobody answered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from nicegui import ui

from service.console.format import moment, short_time
from service.console.i18n import Words
from service.console.pages.oncall.overview import Names
from service.console.session import Visit
from service.console.theme import plain, put
from service.oncall import ChainDraft
from service.oncall.model import Target, TargetKind
from service.oncall.rehearsal import RehearsedStep
from service.oncall.roster import Calls

LOOKS = (0, 5, 15, 30)
"""Minutes after the opening."""


def draw_tryout(
    visit: Visit,
    chain: ChainDraft,
    steps: Sequence[RehearsedStep],
    names: Names,
    *,
    at: datetime,
    address: str,
) -> None:
    """The panel: who is paged by when, step by step, and from another moment on."""
    words = visit.words
    with ui.element("section").classes("panel stack"):
        with ui.element("div").classes("line"):
            plain(words("oncall.tryout.title"), "h2")
            moment(visit, at)
            _draw_moment_form(visit, at, address)
        plain(words("oncall.tryout.hint"), "p", "soft small")
        with ui.element("table").classes("figures tryout"):
            with ui.element("thead"), ui.element("tr"):
                for key in ("oncall.tryout.by", "oncall.tryout.step", "oncall.tryout.who"):
                    plain(words(key), "th").props('scope="col"')
            with ui.element("tbody"):
                before = -1
                for minutes in LOOKS:
                    due = [
                        step
                        for step in steps
                        if before < (step.at - at) / timedelta(minutes=1) <= minutes
                    ]
                    _draw_look(visit, chain, minutes, due, names)
                    before = minutes


def _draw_moment_form(visit: Visit, at: datetime, address: str) -> None:
    words = visit.words
    with put(ui.element("form"), method="get", action=address).classes("line"):
        box = put(ui.element("input"), type="datetime-local", name="at", id="tryout-at")
        put(box, defaultValue=f"{at.astimezone(visit.zone):%Y-%m-%dT%H:%M}")
        put(box, aria_label=words("oncall.tryout.from")).classes("short")
        with put(ui.element("button"), type="submit").classes("act act-small"):
            plain(words("oncall.tryout.again"))


def _draw_look(
    visit: Visit,
    chain: ChainDraft,
    minutes: int,
    due: Sequence[RehearsedStep],
    names: Names,
) -> None:
    words = visit.words
    label = (
        words("oncall.tryout.at_once")
        if not minutes
        else words("oncall.tryout.minutes", minutes=minutes)
    )
    if not due:
        with ui.element("tr"):
            plain(label, "th").props('scope="row"')
            plain("–", "td")
            plain(words("oncall.tryout.nobody_more"), "td", "soft wide")
        return
    for place, step in enumerate(due):
        with ui.element("tr"):
            plain(label if not place else "", "th").props('scope="row"')
            number = words("oncall.tryout.number", step=step.position + 1, of=len(chain.steps))
            if step.round > 1:
                number = f"{number} · {words('oncall.tryout.round', round=step.round)}"
            plain(number, "td")
            with ui.element("td").classes("wide tight"):
                _draw_calls(visit, step, names)


def _draw_calls(visit: Visit, step: RehearsedStep, names: Names) -> None:
    words = visit.words
    if step.out_of_hours:
        plain(words("oncall.tryout.out_of_hours"), "span", "soft")
        return
    if step.waits_until is not None:
        until = short_time(step.waits_until, visit.zone)
        plain(words("oncall.tryout.waits", until=until), "span", "soon")
    for said in called(words, step.calls, names):
        plain(said, "span", "strong foreign")
    for target, why in step.calls.missing.items():
        kind, _, name = target.partition(":")
        shown = names.of(Target(kind=TargetKind(kind), id=name), words)
        reason = words.choice("oncall.missing", why.value)
        plain(f"▲ {words('oncall.tryout.missing', who=shown, why=reason)}", "span", "late small")


def called(words: Words, calls: Calls, names: Names) -> list[str]:
    """Everybody whom it pages, with their channels."""
    found = []
    for call in calls.calls:
        channels = [names.channels.get(each, each) for each in call.channels]
        if call.person is None:
            found.append(words("list.comma").join(channels))
        else:
            who = names.people.get(call.person, call.person)
            found.append(f"{who}（{words('list.comma').join(channels)}）")
    if calls.everybody:
        found.append(words("oncall.target.everybody"))
    return found
