"""What is coming: deadlines until the end of the next period, and the volume that is forecast."""

from __future__ import annotations

from service.briefings import links, records
from service.briefings.content import (
    Cell,
    Instant,
    Measure,
    Measures,
    Named,
    Note,
    Piece,
    Rows,
    Section,
    SectionId,
)
from service.briefings.figure import Figure, Unit, counted, too_few
from service.briefings.gathering import Asked, Desks, left_out
from service.briefings.records import DueStep
from service.errors import InvalidInput
from service.monitors import Monitor

MOST = 10
MOST_FORECASTS = 5
"""Monitors that a forecast is made for: each takes a core for a while."""


async def ahead(desks: Desks, asked: Asked) -> Section:
    """Steps of open crises that fall due; a forecast with the range that it lies in."""
    async with desks.database.read() as connection:
        due, number = await records.steps_due(connection, asked.ids, asked.ahead, limit=MOST)
    here = links.queue(asked.ids)
    counted_steps = Measure(
        id="ahead.steps", label="steps_due", figure=counted(number, Unit.STEPS, here)
    )
    pieces: list[Piece] = [Measures(items=(counted_steps,))]
    if due:
        pieces.append(
            Rows(
                title="next_deadlines",
                head=("step", "incident", "tier", "due"),
                items=tuple(_row(desks, asked, item) for item in due),
                more=left_out(number - len(due), Unit.STEPS, here),
            )
        )
    if len(asked.monitors) > MOST_FORECASTS:
        pieces.append(Note(word="too_many_for_forecast"))
    else:
        forecasts = [await _forecast(desks, asked, item) for item in asked.monitors]
        pieces += [Measures(items=tuple(forecasts)), Note(word="how_forecast")]
    return Section(id=SectionId.AHEAD, pieces=tuple(pieces))


def _row(desks: Desks, asked: Asked, due: DueStep) -> tuple[Cell, ...]:
    here = links.incident(due.incident_id)
    title = due.title.get(asked.language.value) or next(iter(due.title.values()), "")
    return (
        Named(text=title, link=here),
        Named(text=due.incident, link=here),
        Named(text=asked.tier(desks.library(), due.tier)),
        Instant(at=due.due_at, link=here),
    )


async def _forecast(desks: Desks, asked: Asked, monitor: Monitor) -> Measure:
    """Of today, on people's clocks; without enough history there is none."""
    here = links.forecast(monitor.id)
    try:
        outlook = await desks.outlooks.ahead(asked.reader, monitor.id)
    except InvalidInput:
        figure = too_few(Unit.POSTS, here, n=0)
    else:
        posts = outlook.days[0].posts
        figure = Figure(
            value=posts.value,
            unit=Unit.POSTS,
            n=outlook.history_days,
            link=here,
            low=posts.low_80,
            high=posts.high_80,
        )
    return Measure(
        id=f"ahead.posts.{monitor.id}", label="forecast_today", of=monitor.name, figure=figure
    )
