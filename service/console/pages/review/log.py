"""What was decided a moment ago: what can be undone, what was sent, and who sees it alike."""

from __future__ import annotations

from datetime import timedelta

from nicegui import ui

from service.console.dialogs import UNDO_S
from service.console.pages.review.card import short
from service.console.pages.review.place import item_address
from service.console.pages.review.rubric import said
from service.console.pages.review.work import Decided, Fate, Work
from service.console.session import Visit
from service.console.theme import link, plain, ticking
from service.moderation.review import Rubric

_SHOWN = 6
_LONGEST = 28


def draw_log(visit: Visit, work: Work, rubric: Rubric) -> None:
    """The last decisions, newest first."""
    words = visit.words
    with ui.element("div").classes("line"):
        plain(words("review.decided_now"), "h2")
        plain(words("review.decided_count", count=work.count), classes="soft small")
    if not work.decided:
        plain(words("review.decided_none"), "p", "soft small")
    with ui.element("ul").classes("plain-list"):
        for one in list(reversed(work.decided))[:_SHOWN]:
            with ui.element("li").classes("tight small decided"):
                _draw_one(visit, one, rubric)


def _draw_one(visit: Visit, one: Decided, rubric: Rubric) -> None:
    words = visit.words
    with ui.element("div").classes("line"):
        plain(_verdict(visit, one, rubric), classes="strong")
        if one.fate is Fate.WAITING:
            plain(words("review.sends_in"), classes="soft")
            ticking("until", one.at + timedelta(seconds=UNDO_S)).classes("soft")
        else:
            late = " late" if one.fate is Fate.FAILED else ""
            plain(words.choice("review.fates", one.fate.value), classes=f"state{late}")
    link(item_address(one.item.id), short(one.item.text, _LONGEST), "foreign")
    if one.fate is Fate.FAILED and one.problem is not None:
        plain(one.problem.detail, classes="late foreign")
    if one.fate is Fate.SENT:
        _draw_agreement(visit, one)


def _verdict(visit: Visit, one: Decided, rubric: Rubric) -> str:
    words = visit.words
    if one.draft is None:
        return words("review.escalated")
    code = next((code for code in rubric.codes if code.id == one.draft.reason), None)
    ruling = words.choice("review.rulings", one.draft.ruling.value)
    return ruling if code is None else f"{ruling} · {said(words, code)}"


def _draw_agreement(visit: Visit, one: Decided) -> None:
    """Machine, earlier lines and this one, now that it can sway nobody any more."""
    words = visit.words
    machine = words.choice("review.suggestions", one.item.suggestion)
    parts = [words("review.machine_said", said=machine)]
    parts += [
        words(
            "review.line_said",
            line=words.choice("review.lines", verdict.line.value),
            said=words.choice("review.rulings", verdict.ruling.value),
        )
        for verdict in one.before
    ]
    with ui.element("div").classes("line"):
        plain(" · ".join(parts), classes="soft")
        if one.draft is None:
            return
        mine = one.draft.ruling
        alike = [verdict.ruling is mine for verdict in one.before]
        if one.agrees is not None:
            alike.append(one.agrees)
        if alike:
            agreed = all(alike)
            plain(words("review.alike" if agreed else "review.unlike"), classes="state")
