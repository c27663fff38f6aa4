"""What would happen if such an incident opened now and nobody did anything: who hears, when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import partial

from nicegui import ui

from playbooks import PlannedStep
from service.auth import Action, Principal, Resource
from service.console.board import Board
from service.console.format import short_time, span
from service.console.i18n import Words
from service.console.pages.oncall.overview import Names, read_names
from service.console.pages.oncall.tryout import called
from service.console.panels import small_table
from service.console.session import BASE, Visit
from service.console.theme import link, plain
from service.oncall.rehearsal import RehearsedStep
from service.oncall.roster import Calls

PAGED_MIN = 120
"""So far the chain is rehearsed: what follows repeats it."""
_MOST_SHOWN = 120


class What(StrEnum):
    """What happens at an instant."""

    PAGED = "paged"
    DUE = "due"
    LATE = "late"


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """Something that would happen, and who hears of it; nobody is a `warning`."""

    at: datetime
    what: What
    title: str
    whom: tuple[str, ...]
    warning: str = ""


async def foresee(
    board: Board,
    principal: Principal,
    words: Words,
    tier: str,
    steps: Sequence[PlannedStep],
    *,
    opened: datetime,
) -> tuple[Foreseen, ...]:
    """Pages of the chain and deadlines of the steps, in order, as all is configured now."""
    container = board.container
    names = await read_names(container)
    _, paged = await container.oncall.rehearse(principal, tier, at=opened, minutes=PAGED_MIN)
    found = [_page(words, step, names) for step in paged]
    if principal.may(Action.READ, Resource.DUTY):
        wanted = [(step.step.role.value, step.due_at) for step in steps if step.due_at]
        wanted += [
            (step.step.escalate_to.value, step.escalate_at) for step in steps if step.escalate_at
        ]
        standing = await container.oncall.stand_ins(principal, wanted)
        for step in steps:
            title = words.of(step.step.title)
            if step.due_at is not None:
                role = step.step.role.value
                holder, _ = standing[role, step.due_at]
                found.append(_stands(words, What.DUE, title, step.due_at, role, (holder,), names))
            if step.escalate_at is not None:
                role = step.step.escalate_to.value
                both = [item for item in standing[role, step.escalate_at] if item is not None]
                found.append(_stands(words, What.LATE, title, step.escalate_at, role, both, names))
    return tuple(sorted(found, key=lambda item: item.at))


def _page(words: Words, step: RehearsedStep, names: Names) -> Foreseen:
    warning = ""
    if step.out_of_hours:
        warning = words("playbooks.now.out_of_hours")
    elif step.waits_until is not None:
        warning = words("playbooks.now.quiet")
    elif step.calls.everybody:
        warning = words("playbooks.now.everybody")
    title = words("playbooks.now.chain_step", number=step.position + 1, round=step.round)
    return Foreseen(
        at=step.at,
        what=What.PAGED,
        title=title,
        whom=tuple(called(words, step.calls, names)),
        warning=warning,
    )


def _stands(
    words: Words,
    what: What,
    title: str,
    at: datetime,
    role: str,
    calls: Iterable[Calls],
    names: Names,
) -> Foreseen:
    told = words("playbooks.now.of_role", step=title, role=words.choice("role", role))
    whom = tuple(dict.fromkeys(name for item in calls for name in called(words, item, names)))
    warning = "" if whom else words("playbooks.now.nobody", role=words.choice("role", role))
    return Foreseen(at=at, what=what, title=told, whom=whom, warning=warning)


def draw_happening(visit: Visit, found: Sequence[Foreseen], opened: datetime) -> None:
    """Pages of the chain beside what falls due, gaps told in words."""
    words = visit.words
    title = words("playbooks.now.title", at=short_time(opened, visit.zone))
    pages = [item for item in found if item.what is What.PAGED]
    steps = _together([item for item in found if item.what is not What.PAGED])
    gaps = sum(not item.whom for item in steps)
    with ui.element("section").classes("panel stack"):
        plain(title, "h2")
        plain(words("playbooks.now.hint", minutes=PAGED_MIN), "p", "soft")
        if gaps:
            with ui.element("p").classes("line soon"):
                plain(f"⚠ {words('playbooks.now.gaps', count=gaps)}")
                link(f"{BASE}/on-call", words("playbooks.now.to_oncall"))
        with ui.element("div").classes("columns even"):
            for name, items in (("chain", pages), ("steps", steps)):
                with ui.element("div").classes("stack tight"):
                    plain(words(f"playbooks.now.{name}"), "h3", "strong")
                    _draw_table(visit, items, opened, words(f"playbooks.now.{name}"))


def _together(items: Sequence[Foreseen]) -> list[Foreseen]:
    """What happens at one instant to the same people stands in one row."""
    found: dict[tuple[object, ...], Foreseen] = {}
    for item in items:
        key = (item.at, item.what, item.whom, item.warning)
        known = found.get(key)
        title = item.title if known is None else f"{known.title}\n{item.title}"
        found[key] = replace(item, title=title)
    return list(found.values())


def _draw_table(visit: Visit, items: Sequence[Foreseen], opened: datetime, caption: str) -> None:
    words = visit.words
    rows = [
        (
            partial(_draw_when, visit, item, opened),
            partial(_draw_about, words, item),
            partial(_draw_whom, words, item),
        )
        for item in items[:_MOST_SHOWN]
    ]
    heads = [words(f"playbooks.now.{name}") for name in ("when", "about", "whom")]
    small_table(heads, rows, caption=caption)


def _draw_about(words: Words, item: Foreseen) -> None:
    if item.what is not What.PAGED:
        plain(words.choice("playbooks.now.what", item.what.value), "div", "soft small")
    for line in item.title.split("\n"):
        plain(line, "div", "foreign")


def _draw_when(visit: Visit, item: Foreseen, opened: datetime) -> None:
    words = visit.words
    plain(short_time(item.at, visit.zone), "div", "nowrap strong")
    after = words("playbooks.after", time=span(item.at - opened, words))
    plain(after, "div", "soft small nowrap")


def _draw_whom(words: Words, item: Foreseen) -> None:
    for name in item.whom:
        plain(name, "div", "foreign")
    if item.warning:
        plain(f"▲ {item.warning}", "div", "soon small")
    if not item.whom and not item.warning:
        plain(words("playbooks.now.nobody_at_all"), "div", "late")
