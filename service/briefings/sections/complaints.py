"""Complaints of the period, and what was promised in public."""

from __future__ import annotations

from datetime import datetime

from service.briefings import links
from service.briefings.content import (
    Cell,
    Instant,
    Measure,
    Measures,
    Named,
    Piece,
    Rows,
    Section,
    SectionId,
)
from service.briefings.figure import Figure, Unit, counted, too_few
from service.briefings.gathering import Asked, Desks
from service.complaints import ComplaintFigures
from service.complaints.lifecycle import Clock, State
from service.indicators import DEFINITIONS, IndicatorId, Window
from service.statements import PromiseFilter, PromiseRow
from service.statements.model import PromiseState

MOST = 10
_LEAST = DEFINITIONS[IndicatorId.BREACH_RATE].least
"""Fewer clocks that ran out, or were met, make no share."""
_TEXT = 120


async def complaints(desks: Desks, asked: Asked) -> Section:
    """Complaints opened in the period; promises that are open now and due, or past due."""
    now, then = [
        await desks.complaints.between(asked.reader, since=window.since, until=window.until)
        for window in (asked.window, asked.before)
    ]
    here = _here(asked, now)
    names = ("opened", "waiting", "overdue", "settled")
    measures = [
        Measure(
            id=f"complaints.{name}",
            label=f"complaints_{name}",
            figure=counted(getattr(now, name), Unit.COMPLAINTS, here),
            before=counted(then.opened, Unit.COMPLAINTS, _here(asked, then))
            if name == "opened"
            else None,
        )
        for name in names
    ]
    measures += [
        Measure(
            id=f"complaints.in_time.{clock.value}",
            label=f"clock.{clock.value}",
            figure=_in_time(now, clock, here),
        )
        for clock in Clock
    ]
    pieces: list[Piece] = [Measures(items=tuple(measures))]
    pieces += await _promises(desks, asked)
    return Section(id=SectionId.COMPLAINTS, pieces=tuple(pieces))


def _here(asked: Asked, found: ComplaintFigures) -> str:
    """What was no complaint is in no figure."""
    real = [state.value for state in State if state is not State.DISMISSED]
    window = Window(since=found.since, until=found.until)
    return links.complaints(asked.ids, window, states=real)


def _in_time(found: ComplaintFigures, clock: Clock, link: str) -> Figure:
    kept = found.clocks[clock]
    if kept.share is None or kept.due < _LEAST:
        return too_few(Unit.SHARE, link, n=kept.due)
    return Figure(value=kept.share, unit=Unit.SHARE, n=kept.due, link=link)


async def _promises(desks: Desks, asked: Asked) -> list[Piece]:
    pieces: list[Piece] = []
    for title, overdue in (("promises_overdue", True), ("promises_due", False)):
        wanted = PromiseFilter(states=(PromiseState.OPEN,), overdue=overdue)
        found = await desks.promises.page(asked.reader, wanted, limit=MOST)
        rows = tuple(
            _row(item, due_at)
            for item in found
            if (due_at := item.due_at) is not None and due_at < asked.ahead.until
        )
        if rows:
            pieces.append(Rows(title=title, head=("promise", "owner", "due"), items=rows))
    return pieces


def _row(promise: PromiseRow, due_at: datetime) -> tuple[Cell, ...]:
    here = links.incident(promise.incident_id)
    return (
        Named(text=promise.text[:_TEXT], link=here),
        Named(text=promise.owner) if promise.owner else Named(word="nobody"),
        Instant(at=due_at, link=here),
    )
